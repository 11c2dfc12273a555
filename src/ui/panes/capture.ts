import {counted, formatBytes, formatCount} from '../../domain/base/units.ts';
import {describeCatchUp, isCaughtUpNow} from '../../domain/ends/catch-up.ts';
import {slotOnSource} from '../../domain/run/capture/slot-names.ts';
import {spark} from '../screen/chart.ts';
import {span} from '../screen/span.ts';
import type {Live} from '../store/live.ts';
import {captureRows, type CaptureRow} from '../view-model/capture-rows.ts';
import {fact} from '../view-model/facts.ts';
import {alarmsNow} from '../view-model/findings.ts';
import type {Column, Pane} from './pane.ts';
import {orderOf, shownRows} from './rows.ts';

interface Row extends CaptureRow {
  /** What the slot kept on the source over the last half hour. */
  readonly history: readonly number[];
}

/** How changes come to the target, slot by slot; the place of the lanes is its own once nothing is loaded any more. */
export const CAPTURE: Pane<Row> = {
  id: 'capture',
  name: 'capture',
  also: 'cdc lag behind apply subscription catch-up',
  about:
    'change capture, slot by slot: whether it runs, how far behind it is, how fast it applies, when it will have caught up, what has failed or did not fit, the one that is furthest behind first; its positions are in the columns of a wide pane, and in its detail with the tables that change most. It takes the place of the lanes while it has the keys, and by itself once change capture runs and no lane does.',
  place: 'lanes',
  isWanted: ({live}) => captureRows(live).length > 0 && live.run.units.every(({state}) => state.status === 'committed'),
  rows: (live) => captureRows(live).map((row) => ({...row, history: historyOf(live, row)})),
  words: (row) => `${row.id} ${stateOf(row)}`,
  orders: [
    {
      name: 'behind',
      compare: (a, b) =>
        Number(b.trouble !== null) - Number(a.trouble !== null) ||
        (b.behindBytes ?? Infinity) - (a.behindBytes ?? Infinity) ||
        byName(a, b),
    },
    {name: 'name', compare: byName},
  ],
  empty: 'change capture is not watched: it has not begun, or somebody else runs it',
  note: ({view}, {rows, part}) => `${part}${rows.length} by ${orderOf(view, CAPTURE)?.name ?? 'behind'}`,
  room: (state) => {
    const rows = shownRows(state, CAPTURE).length + HEADINGS;
    return {need: rows, all: rows};
  },
  columns: ({width}) => columns(width),
  detail: ({live}, id) => {
    const row = captureRows(live).find((one) => one.id === id);
    if (row === undefined) return {title: `change capture of ${id}`, facts: [fact('seen', 'not any more')]};
    return {title: `change capture of ${id}`, facts: [...facts(row), ...alarmFacts(live, row)]};
  },
};

/** The source has it under the slot's own name. */
function historyOf({trends, run}: Live, {id}: CaptureRow): readonly number[] {
  return (trends.slots[slotOnSource(run, id)] ?? []).map(({value}) => value);
}

/** The row above the slots. */
const HEADINGS = 1;
// From these widths on a pane has these columns as well; a narrower one has them in its detail.
const WIDE = 90;
const APPLIED_WIDTH = 106;
const POSITIONS_WIDTH = 140;

function columns(room: number): readonly Column<Row>[] {
  const wide = room >= WIDE;
  const all: readonly (Column<Row> | false)[] = [
    {
      width: 2,
      cell: ({trouble}, {symbols}) => (trouble === null ? span(symbols.live, 'good') : span(symbols.failed, 'bad')),
    },
    {width: wide ? 22 : 15, heading: 'slot', cell: ({id}) => span(id)},
    // A narrow pane has its cells for the reason.
    wide && {width: 9, cell: ({history}, {symbols}) => span(` ${spark(history, 8, symbols)}`, 'accent')},
    {width: 9, align: 'right', heading: 'behind', cell: ({behindBytes}) => span(formatBytes(behindBytes))},
    {width: 8, align: 'right', heading: 'late', cell: ({behindSeconds}) => span(inSeconds(behindSeconds))},
    {width: 12, align: 'right', heading: 'applies', cell: ({appliedPerSecond}) => span(inBytes(appliedPerSecond))},
    room >= POSITIONS_WIDTH && position('received', ({receivedLsn}) => receivedLsn),
    room >= APPLIED_WIDTH && position('applied', ({appliedLsn}) => appliedLsn),
    room >= POSITIONS_WIDTH && position('confirmed', ({confirmedLsn}) => confirmedLsn),
    {
      width: null,
      heading: '  state',
      cell: (row) => span(`  ${wordsOf(row).join(', ')}`, isWell(row) ? 'dim' : 'bad'),
    },
  ];
  return all.filter((column) => column !== false);
}

function position(heading: string, of: (row: Row) => string | null): Column<Row> {
  return {width: 17, align: 'right', heading, cell: (row) => span(of(row) ?? '-', 'dim')};
}

/** What keeps it from being applied, or how far ahead its end is. */
function stateOf({trouble, held, catchUp}: CaptureRow): string {
  if (trouble !== null) return trouble;
  if (held) return 'held for a comparison';
  return catchUp === null || isCaughtUpNow(catchUp) ? 'running' : describeCatchUp(catchUp);
}

/** What matters more comes first: a narrow pane cuts off the rest. */
function wordsOf(row: CaptureRow): string[] {
  const problems = problemsOf(row);
  return row.trouble === null ? [...problems, stateOf(row)] : [stateOf(row), ...problems];
}

function isWell({trouble, held, catchUp}: CaptureRow): boolean {
  return trouble === null && (held || catchUp === null || catchUp.soonest !== null);
}

function facts(row: CaptureRow): ReturnType<typeof fact>[] {
  const {errors, conflicts, skipped, busiest} = row;
  return [
    fact('state', row.trouble ?? (row.held ? 'held for a comparison' : 'running')),
    fact('behind', `${formatBytes(row.behindBytes)}, ${inSeconds(row.behindSeconds)}`),
    fact('applies', inBytes(row.appliedPerSecond)),
    fact('foretold', row.catchUp === null ? '...' : describeCatchUp(row.catchUp)),
    fact('received', row.receivedLsn ?? NOT_TOLD),
    fact('applied', row.appliedLsn ?? NOT_TOLD),
    fact('confirmed', row.confirmedLsn ?? NOT_TOLD),
    fact('errors', errors === null ? 'not counted by this target' : formatCount(errors)),
    ...(conflicts === 0
      ? []
      : [fact('conflicts', `${formatCount(conflicts)}, of them ${formatCount(skipped)} skipped: no row was there`)]),
    ...busiest.map(({table, rowsPerSecond}, n) =>
      fact(n === 0 ? 'changes most' : '', `${table}, ${formatCount(Math.round(rowsPerSecond))} rows/s`),
    ),
  ];
}

/** What is wrong with it, and what to do: an error with its remedy is an alarm of the slot. */
function alarmFacts(live: Live, {id}: CaptureRow): ReturnType<typeof fact>[] {
  const own = alarmsNow(live).filter(
    (alarm) => !alarm.over && alarm.id.startsWith('cdc.') && alarm.id.endsWith(`:${id}`),
  );
  return own.flatMap(({seen, remedy}) => [fact('alarm', seen), fact('what to do', remedy)]);
}

const NOT_TOLD = 'this engine does not tell it';

function problemsOf({errors, skipped}: CaptureRow): string[] {
  return [
    ...(errors === null || errors === 0 ? [] : [counted(errors, 'error')]),
    ...(skipped === 0 ? [] : [`${formatCount(skipped)} skipped`]),
  ];
}

function inSeconds(seconds: number | null): string {
  return seconds === null ? '?' : `${Math.round(seconds)} s`;
}

function inBytes(perSecond: number | null): string {
  return perSecond === null ? '...' : `${formatBytes(perSecond)}/s`;
}

function byName(a: Row, b: Row): number {
  return a.id < b.id ? -1 : 1;
}
