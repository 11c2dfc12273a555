import type {Reading} from '../../domain/reading/reading.ts';
import {serverOfProbe} from '../../domain/reading/server-of-probe.ts';
import {screenText} from '../screen/screen-text.ts';
import {span} from '../screen/span.ts';
import type {Live} from '../store/live.ts';
import {fact} from '../view-model/facts.ts';
import {dayAndMinute, msSince, timeOfDay} from '../view-model/iso-time.ts';
import {failedProbes} from '../view-model/readings.ts';
import {formatAhead} from '../view-model/span-of-time.ts';
import type {Column, Pane} from './pane.ts';

interface ProbeRow {
  /** The probe's name: `wal:source`. */
  readonly id: string;
  readonly server: string;
  /** Of its newest reading; null before the first. */
  readonly at: string | null;
  readonly ageMs: number | null;
  /** The server's message, where the last attempt failed. */
  readonly failure: string | null;
}

/** Calculated from the readings of others. */
const DERIVED: ReadonlySet<Reading['probe']> = new Set(['failed', 'runway', 'eta', 'primary', 'alarms']);
const DERIVED_FIGURES = 'catch_up';

/** Every probe: when it last read something, and why it does not. */
export const PROBES: Pane<ProbeRow> = {
  id: 'probes',
  name: 'probes',
  also: 'age stale failing silent',
  about:
    "every probe with the age of its newest reading; failing ones first, with the server's message. It takes the place of WAL and disks while it has the keys.",
  place: 'storage',
  rows: probeRows,
  words: ({id, server, failure}) => `${id} ${server} ${failure ?? 'works'}`,
  orders: [
    {name: 'server', compare: (a, b) => failing(b) - failing(a) || compare(a.server, b.server) || compare(a.id, b.id)},
    {name: 'age', compare: (a, b) => (b.ageMs ?? Infinity) - (a.ageMs ?? Infinity) || compare(a.id, b.id)},
  ],
  empty: 'no probe has read anything yet',
  note: (_, {rows, part}) => {
    const failed = rows.filter(({failure}) => failure !== null).length;
    return failed === 0 ? `${part}all ${rows.length} work` : `${part}${failed} of ${rows.length} fail`;
  },
  columns: ({width}) => [
    {
      width: 2,
      cell: ({failure}, {symbols}) => (failure === null ? span(symbols.done, 'good') : span(symbols.failed, 'bad')),
    },
    ...(width < WIDE ? [] : [SERVER]),
    {width: 20, cell: ({id}) => span(id)},
    {width: 10, align: 'right', cell: ({ageMs}) => span(ageMs === null ? 'never' : `${formatAhead(ageMs)} ago`)},
    {width: null, cell: ({failure}) => span(failure === null ? '' : `  ${failure}`, 'bad')},
  ],
  detail: ({live, nowMs}, id) => {
    const row = probeRows(live, nowMs).find((one) => one.id === id);
    if (row === undefined) return {title: id, facts: []};
    return {
      title: `probe ${id}`,
      facts: [
        fact('asks', row.server),
        fact('last read', row.at === null ? 'never' : `${dayAndMinute(row.at)} UTC, ${timeOfDay(row.at)}`),
        fact('state', row.failure ?? 'works'),
      ],
    };
  },
};

// Names say most of it; a narrow pane has its cells for the reason of a failure.
const WIDE = 70;
const SERVER: Column<ProbeRow> = {width: 9, cell: ({server}) => span(server, 'dim')};

function probeRows(live: Live, nowMs: number): readonly ProbeRow[] {
  const {readings} = live;
  const failures = new Map(failedProbes(live).map(({of, message}) => [of, message]));
  const read = [...readings].filter(([, one]) => isRead(one)).map(([id]) => id);
  return [...new Set([...read, ...failures.keys()])].map((id) => {
    const at = readings.get(id)?.at ?? null;
    const failure = failures.get(id);
    return {
      id: screenText(id),
      server: serverOfProbe(id) ?? id.split(':')[1] ?? 'jump box',
      at,
      ageMs: msSince(at, nowMs),
      failure: failure === undefined ? null : screenText(failure),
    };
  });
}

function isRead(reading: Reading): boolean {
  return !DERIVED.has(reading.probe) && !(reading.probe === 'figures' && reading.of === DERIVED_FIGURES);
}

function failing({failure}: ProbeRow): number {
  return failure === null ? 0 : 1;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
