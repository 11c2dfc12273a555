import type {Sample} from '../../domain/reading/growth.ts';
import {isLost, type SlotReading} from '../../domain/reading/reading.ts';
import {formatBytes} from '../../domain/base/units.ts';
import {spark} from '../screen/chart.ts';
import {screenText} from '../screen/screen-text.ts';
import {type Span, span} from '../screen/span.ts';
import type {Symbols} from '../screen/symbols.ts';
import type {Live} from '../store/live.ts';
import {fact} from '../view-model/facts.ts';
import {formatGrowth, growthOf} from '../view-model/growth.ts';
import {timeOfDay} from '../view-model/iso-time.ts';
import {readingOfSlots, silentServers, slotsOf} from '../view-model/readings.ts';
import type {Column, Pane} from './pane.ts';
import {orderOf, shownRows} from './rows.ts';

interface SlotRow {
  readonly id: string;
  readonly plugin: string;
  readonly active: boolean;
  readonly ours: boolean;
  readonly retainedBytes: number | null;
  /** Growth of what it retains; null until it was watched for half a minute. */
  readonly bytesPerSecond: number | null;
  readonly restartLsn: string;
  readonly confirmedLsn: string;
  /** wal_status, or why it is invalid; empty where the server has no such column. */
  readonly status: string;
  readonly lost: boolean;
  readonly history: readonly number[];
}

/** Every slot of the primary. */
export const SLOTS: Pane<SlotRow> = {
  id: 'slots',
  name: 'slots',
  also: 'lag lsn',
  about:
    'every slot of the primary, most retained WAL first; slots that this run has not made are dim and never touched.',
  place: 'slots',
  rows: (live) => slotsOf(live).map((slot) => rowOf(live, slot)),
  words: ({id, status, plugin}) => `${id} ${status} ${plugin}`,
  orders: [
    // A lost slot retains nothing, and is the worst.
    {name: 'retained', compare: (a, b) => Number(b.lost) - Number(a.lost) || byRetained(a, b) || byName(a, b)},
    {name: 'rate', compare: (a, b) => (b.bytesPerSecond ?? 0) - (a.bytesPerSecond ?? 0) || byName(a, b)},
    {name: 'name', compare: byName},
  ],
  empty: 'no slots seen yet',
  note: ({live, view}, {rows, part}) =>
    `${notSeen(live)}${part}${rows.length} by ${orderOf(view, SLOTS)?.name ?? 'retained'}`,
  room: (state) => {
    const rows = shownRows(state, SLOTS).length + HEADINGS;
    return {need: rows, all: rows};
  },
  columns: ({width}) => columns(width),
  detailIsTable: true,
  detail: ({live}, id) => {
    const slot = slotsOf(live).find(({name}) => screenText(name) === id);
    return {title: id, facts: slot === undefined ? [fact('seen', 'not any more')] : slotFacts(live, slot)};
  },
};

/** The row above the slots. */
const HEADINGS = 1;
const EMPTY: readonly Sample[] = [];

function rowOf(live: Live, slot: SlotReading): SlotRow {
  const history = live.trends.slots[slot.name] ?? EMPTY;
  return {
    id: screenText(slot.name),
    plugin: screenText(slot.plugin ?? slot.kind),
    active: slot.active,
    ours: slot.ours,
    retainedBytes: slot.retainedBytes,
    bytesPerSecond: growthOf(history),
    restartLsn: slot.restartLsn ?? '-',
    confirmedLsn: slot.confirmedFlushLsn ?? '-',
    status: screenText(slot.invalidationReason ?? slot.walStatus ?? ''),
    lost: isLost(slot),
    history: history.map((sample) => sample.value),
  };
}

function byRetained(a: SlotRow, b: SlotRow): number {
  return (b.retainedBytes ?? -1) - (a.retainedBytes ?? -1);
}

function byName(a: SlotRow, b: SlotRow): number {
  return a.id < b.id ? -1 : 1;
}

/** Said where the slots are those of a while ago. */
function notSeen(live: Live): string {
  const source = silentServers(live).find(({server}) => server === 'source');
  return source === undefined ? '' : `as of ${source.since === null ? '?' : timeOfDay(source.since)} · `;
}

// From these widths on a pane has these columns as well.
const NAMED_WIDTH = 78;
const POSITIONS_WIDTH = 106;
const PLUGIN_WIDTH = 123;

function columns(room: number): readonly Column<SlotRow>[] {
  const wide = room >= POSITIONS_WIDTH;
  const all: readonly (Column<SlotRow> | false)[] = [
    {width: 2, cell: (row, {symbols}) => signOf(row, symbols)},
    {width: wide ? 22 : 15, heading: 'slot', cell: ({id, ours}) => span(id, ours ? 'plain' : 'dim')},
    room >= PLUGIN_WIDTH && {width: 17, heading: ' plugin', cell: ({plugin}) => span(` ${plugin}`, 'dim')},
    room >= NAMED_WIDTH && {width: 7, cell: ({active}) => span(active ? ' active' : ' idle', 'dim')},
    {
      width: wide ? 9 : 7,
      cell: ({history}, {symbols}) => span(` ${spark(history, wide ? 8 : 6, symbols)}`, 'accent'),
    },
    {width: 8, align: 'right', heading: 'retained', cell: ({retainedBytes}) => span(formatBytes(retainedBytes))},
    {width: 11, align: 'right', heading: 'growth', cell: ({bytesPerSecond}) => span(formatGrowth(bytesPerSecond))},
    {width: 12, heading: '  status', cell: statusCell},
    wide && {width: 17, align: 'right', heading: 'restart', cell: ({restartLsn}) => span(restartLsn, 'dim')},
    {
      width: wide ? 17 : 15,
      align: 'right',
      heading: 'confirmed',
      // The position of a slot of others is of no use to this run.
      cell: ({ours, confirmedLsn}) => span(ours ? confirmedLsn : 'not ours', ours ? 'plain' : 'dim'),
    },
  ];
  return all.filter((column) => column !== false);
}

/** Lost, about to be lost, active, or idle. */
function signOf(row: SlotRow, symbols: Symbols): Span {
  if (row.lost) return span(symbols.failed, 'bad');
  if (row.status === 'unreserved') return span(symbols.warning, 'warn');
  return row.active ? span(symbols.live, 'good') : span(symbols.pending, 'dim');
}

function statusCell({lost, status}: SlotRow): Span {
  const text = lost ? `LOST ${status === 'lost' ? '' : status}`.trimEnd() : status;
  return span(`  ${text}`, lost ? 'bad' : status === 'unreserved' ? 'warn' : 'dim');
}

function slotFacts(live: Live, slot: SlotReading): ReturnType<typeof fact>[] {
  return [
    fact('slot', slot.name),
    fact('kind', `${slot.kind}${slot.plugin === null ? '' : `, ${slot.plugin}`}`),
    fact('database', slot.database ?? '-'),
    fact('ours', slot.ours ? 'made by this run' : 'not ours: watched, never touched'),
    fact('active', slot.active ? 'yes, it is read' : 'no'),
    fact('retained', formatBytes(slot.retainedBytes)),
    fact('restart', slot.restartLsn ?? '-'),
    fact('confirmed', slot.confirmedFlushLsn ?? '-'),
    fact('WAL now', readingOfSlots(live)?.currentLsn ?? '-'),
    fact('wal_status', slot.walStatus ?? 'not reported before 13'),
    fact('safe WAL', slot.safeWalBytes === null ? 'no limit, or not reported' : formatBytes(slot.safeWalBytes)),
    fact('invalid', slot.invalidationReason ?? 'no'),
  ];
}
