import {expect, test} from 'vitest';
import {hear, NOTHING_HEARD} from '../../../src/ui/store/live.ts';
import type {Live} from '../../../src/ui/store/live.ts';
import {firstView} from '../../../src/ui/store/view.ts';
import type {PaneRow, RowSource} from '../../../src/ui/panes/pane.ts';
import {LANES} from '../../../src/ui/panes/lanes.ts';
import {shownRows} from '../../../src/ui/panes/rows.ts';
import {SLOTS} from '../../../src/ui/panes/slots.ts';
import {lanesView} from '../../../src/ui/view-model/lane-rows.ts';
import {failedProbes, oldestReadingMs} from '../../../src/ui/view-model/readings.ts';
import {statusView} from '../../../src/ui/view-model/status.ts';
import {storageRows} from '../../../src/ui/view-model/storage-rows.ts';
import {readingsAt} from '../fixtures/acme-readings.ts';
import {FACTS, journal, LOADING, LOADING_STATE, NOW} from '../fixtures/acme-run.ts';

const loading = [
  {type: 'hello', protocol: 1, pid: 1, facts: FACTS} as const,
  {type: 'snapshot', state: LOADING_STATE, events: LOADING, readings: readingsAt(NOW)} as const,
].reduce(hear, NOTHING_HEARD);

/** The rows of a pane in this order, with what the filter lets through. */
function rowsOf<Row extends PaneRow>(live: Live, pane: RowSource<Row>, {order = '', filter = ''}): readonly Row[] {
  const view = firstView({columns: 80, rows: 24, readOnly: false});
  const chosen = {...view, orders: {[pane.id]: order}, filters: {[pane.id]: filter}};
  return shownRows({live, nowMs: NOW, view: chosen, complete: String}, pane);
}

test('an event that the snapshot has already is heard once', () => {
  const last = LOADING.at(-1);
  if (last === undefined) throw new Error('no journal');
  expect(hear(loading, {type: 'event', entry: last})).toBe(loading);
  const [next] = journal([{type: 'load.held', by: 'ana'}], loading.run.seq + 1);
  if (next === undefined) throw new Error('no event');
  expect(hear(loading, {type: 'event', entry: next}).run.held).toBe(true);
});

test('a snapshot after a lost connection takes the place of everything before', () => {
  const lost = hear(loading, {type: 'lost', at: new Date(NOW).toISOString(), why: 'x', remedy: 'y'});
  expect(statusView(lost, NOW + 61_000).blind).toBe('BLIND since 04:31:40 (1:01)');
  const back = hear(lost, {type: 'snapshot', state: LOADING_STATE, events: [], readings: []});
  expect(back.link.status).toBe('connected');
  expect(back.readings.size).toBe(0);
});

test('data is as old as the oldest of the newest readings', () => {
  expect(oldestReadingMs(loading, NOW + 5000)).toBe(5000);
  expect(oldestReadingMs(NOTHING_HEARD, NOW)).toBeNull();
});

test('a probe that fails is told until it works again', () => {
  const failed = hear(loading, {
    type: 'reading',
    reading: {at: new Date(NOW + 1000).toISOString(), probe: 'failed', of: 'slots', message: 'connection refused'},
  });
  expect(failedProbes(failed).map(({of}) => of)).toEqual(['slots']);
  const [silent, ...others] = storageRows(failed);
  expect(silent).toMatchObject({server: 'source', label: 'SILENT', bad: true});
  expect(silent?.value).toMatch(/^connection refused since \d\d:\d\d:\d\d$/);
  // What the same probe has seen before is shown as old; what others see is not.
  expect(others.filter(({old}) => old).map(({id}) => id)).toEqual(['primary:asked']);
  expect(statusView(failed, NOW + 1000).boundary.state).toBe('proved');
  const [slots] = readingsAt(NOW + 2000);
  if (slots === undefined) throw new Error('no reading');
  expect(failedProbes(hear(failed, {type: 'reading', reading: slots}))).toEqual([]);
});

test('P is not called proved while the replica does not answer', () => {
  const failed = hear(loading, {
    type: 'reading',
    reading: {at: new Date(NOW + 1000).toISOString(), probe: 'failed', of: 'replica', message: 'connection refused'},
  });
  expect(statusView(failed, NOW + 1000).boundary.state).toBe('unseen');
  const rows = storageRows(failed).filter(({id}) => id.startsWith('replica:'));
  expect(rows.map(({old, value}) => [old, /^\(\d\d:\d\d:\d\d\) paused at /.test(value)])[0]).toEqual([true, true]);
});

test('failed lanes come first, then what is at work, the queue, and what is in', () => {
  const {queued, failed, paused, running, committed} = lanesView(loading, NOW);
  const rows = rowsOf(loading, LANES, {order: 'left'});
  expect(rows.map(({status}) => status)[0]).toBe('failed');
  expect(rows.at(-1)?.status).toBe('committed');
  expect({failed, paused, running, committed, queued: queued.units}).toEqual({
    failed: 1,
    paused: 1,
    running: 4,
    committed: 2,
    queued: 9,
  });
  expect(rows.filter(({status}) => status === 'running').map(({title}) => title)).toEqual([
    'events',
    'payments',
    'rest (412 tables)',
    'order_items',
  ]);
});

test('a lane is never done before it is committed, however many bytes went through its pipe', () => {
  const reading = {
    at: new Date(NOW + 1).toISOString(),
    probe: 'lanes' as const,
    units: [{unit: '01-events', bytes: 9e15, bytesPerSecond: 1, rows: null, lastLine: null}],
  };
  const rows = rowsOf(hear(loading, {type: 'reading', reading}), LANES, {filter: 'events'});
  expect(rows[0]?.share).toBeCloseTo(0.99);
  expect(rows[0]?.leftBytes).toBeGreaterThan(0);
});

test('slots come by what they retain, and can be filtered by status', () => {
  expect(rowsOf(loading, SLOTS, {}).at(-1)).toMatchObject({id: 'warehouse', ours: false});
  expect(rowsOf(loading, SLOTS, {order: 'name', filter: 'wal2json'}).map(({id}) => id)).toEqual(['warehouse']);
  expect(rowsOf(loading, SLOTS, {filter: 'lost'})).toEqual([]);
});
