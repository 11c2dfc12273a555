import {counted, formatBytes, formatCount} from '../../domain/base/units.ts';
import {slotOnSource} from '../../domain/run/capture/slot-names.ts';
import {spark} from '../screen/chart.ts';
import {span} from '../screen/span.ts';
import type {Live} from '../store/live.ts';
import {captureRows, type CaptureRow} from '../view-model/capture-rows.ts';
import {fact} from '../view-model/facts.ts';
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
    'change capture, slot by slot: whether it runs, how far behind it is, how fast it applies, the one that is furthest behind first. It takes the place of the lanes while it has the keys, and by itself once change capture runs and no lane does.',
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
  detailIsTable: true,
  detail: ({live}, id) => {
    const row = captureRows(live).find((one) => one.id === id);
    return {title: `change capture of ${id}`, facts: row === undefined ? [fact('seen', 'not any more')] : facts(row)};
  },
};

/** The source has it under the slot's own name. */
function historyOf({trends, run}: Live, {id}: CaptureRow): readonly number[] {
  return (trends.slots[slotOnSource(run, id)] ?? []).map(({value}) => value);
}

/** The row above the slots. */
const HEADINGS = 1;
const WIDE = 90;

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
    {
      width: null,
      heading: '  state',
      cell: (row) =>
        span(`  ${[stateOf(row), ...errorsOf(row.errors)].join(', ')}`, row.trouble === null ? 'dim' : 'bad'),
    },
  ];
  return all.filter((column) => column !== false);
}

function stateOf({trouble, held}: CaptureRow): string {
  return trouble ?? (held ? 'held for a comparison' : 'running');
}

function facts(row: CaptureRow): ReturnType<typeof fact>[] {
  return [
    fact('state', stateOf(row)),
    fact('behind', `${formatBytes(row.behindBytes)}, ${inSeconds(row.behindSeconds)}`),
    fact('applies', inBytes(row.appliedPerSecond)),
    fact('errors', row.errors === null ? 'not counted by this target' : formatCount(row.errors)),
  ];
}

function errorsOf(errors: number | null): string[] {
  return errors === null || errors === 0 ? [] : [counted(errors, 'error')];
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
