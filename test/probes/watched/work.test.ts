import {describe, expect, test} from 'vitest';
import type {Progress} from '../../../src/pg/load/target-activity.ts';
import {shareOf, workProbe} from '../../../src/probes/watched/work.ts';

const build = (phase: string, counts: Partial<Progress> = {}): Progress => ({
  what: '',
  relation: null,
  rows: null,
  application: 'longhaul/acme/index-2',
  phase,
  blocksDone: null,
  blocksTotal: null,
  tuplesDone: null,
  tuplesTotal: null,
  ...counts,
});
const piece = (name: string, application: string | null) => ({
  name,
  table: 'public.users',
  bytes: 1,
  startedAt: '',
  elapsedMs: 60_000,
  share: null,
  phase: null,
  application,
});
const work = {
  step: 'build-indexes',
  startedAt: '',
  elapsedMs: 60_000,
  done: 0,
  total: 2,
  bytesDone: 0,
  bytesTotal: 2,
} as const;

describe('an index build', () => {
  test('goes from the table’s blocks to the tree’s tuples and never back', () => {
    const shares = [
      build('scanning table', {blocksDone: 50, blocksTotal: 100}),
      build('scanning table', {blocksDone: 100, blocksTotal: 100}),
      build('sorting live tuples', {blocksDone: 100, blocksTotal: 100}),
      build('loading tuples in tree', {tuplesDone: 0, tuplesTotal: 9}),
      build('loading tuples in tree', {tuplesDone: 9, tuplesTotal: 9}),
    ].map((seen) => shareOf(seen));
    expect(shares).toEqual([0.3, 0.6, 0.6, 0.6, 0.99]);
    expect(shareOf(build('building index', {blocksDone: 1, blocksTotal: 4}))).toBe(0.25);
    expect(shareOf(build('initializing'))).toBe(0);
  });

  test('is told of the session that does it; what no session of the target tells has no share', async () => {
    const probe = workProbe({
      everyMs: 1,
      readWork: () => ({
        ...work,
        pieces: [
          piece('index public.a', 'longhaul/acme/index-1'),
          piece('index public.b', 'longhaul/acme/index-2'),
          piece('view', null),
        ],
      }),
      progress: () => [build('scanning table', {blocksDone: 50, blocksTotal: 100})],
    });
    const reading = await probe.read();
    expect(reading).toMatchObject({
      probe: 'work',
      work: {
        pieces: [
          {name: 'index public.a', share: null},
          {name: 'index public.b', share: 0.3, phase: 'scanning table'},
          {name: 'view', share: null},
        ],
      },
    });
    expect(JSON.stringify(reading)).not.toContain('application');
  });
});
