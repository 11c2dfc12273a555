import type {ConsoleState} from '../store/console-store.ts';
import type {View} from '../store/view.ts';
import type {Order, PaneRow, RowSource} from './pane.ts';

/** The rows of a pane as they are below each other: those that its filter lets through, in the order that was chosen. */
export function shownRows<Row extends PaneRow>(state: ConsoleState, source: RowSource<Row>): readonly Row[] {
  const rows = foundRows(state, source);
  const order = orderOf(state.view, source);
  return order === null ? rows : rows.toSorted((a, b) => order.compare(a, b));
}

/** The rows that the filter of the pane lets through, in no order. */
export function foundRows<Row extends PaneRow>(
  {live, view, nowMs}: ConsoleState,
  source: RowSource<Row>,
): readonly Row[] {
  const rows = source.rows(live, nowMs);
  const filter = (view.filters[source.id] ?? '').toLowerCase();
  return filter === '' ? rows : rows.filter((row) => source.words?.(row).toLowerCase().includes(filter) ?? true);
}

/** The order that was chosen for the pane, else its usual one; null where it has but one. */
export function orderOf<Row extends PaneRow>(view: View, {id, orders = []}: RowSource<Row>): Order<Row> | null {
  return orders.find(({name}) => name === view.orders[id]) ?? orders[0] ?? null;
}

/** The id that Enter and the pane's keys act on; null in an empty pane. */
export function selectedId(state: ConsoleState, source: RowSource): string | null {
  const chosen = state.view.selected[source.id] ?? null;
  if (chosen !== null) return chosen;
  const rows = shownRows(state, source);
  return source.current === undefined ? (rows[0]?.id ?? null) : source.current(rows);
}
