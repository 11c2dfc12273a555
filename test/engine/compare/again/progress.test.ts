import {expect, test} from 'vitest';
import {expectPieces, piecesOfSlice} from '../../../../src/engine/compare/again/pieces.ts';
import {gatherResults, type AgainProgress} from '../../../../src/engine/compare/again/results.ts';
import type {ComparedPair} from '../../../../src/engine/compare/read-sides.ts';
import {describeAgain} from '../../../../src/engine/steps/cdc/compare-again.ts';
import {createUnderWay} from '../../../../src/engine/waiting/under-way.ts';

const GB = 1024 ** 3;
const big = {schema: 'public', name: 'big'};
const small = {schema: 'public', name: 'small'};
const equal = {replicaRows: 1, targetRows: 1, rows: null, undecided: 0};

test('a large table is told of piece by piece, with what is left of all', async () => {
  const heard: AgainProgress[] = [];
  const pieces = [
    {table: big, bytes: 2 * GB},
    {table: big, bytes: 2 * GB},
    {table: small, bytes: GB},
  ];
  const results = gatherResults(pieces, {
    table: async () => undefined,
    progress: async (progress) => void heard.push(progress),
  });
  for (const {table} of pieces) await results.piece({table, ...equal});
  expect(heard.map(({tables, bytes}) => [tables.done, tables.total, bytes.done / GB, bytes.total / GB])).toEqual([
    [0, 2, 2, 5],
    [1, 2, 4, 5],
    [2, 2, 5, 5],
  ]);
  expect(heard.map((progress, at) => describeAgain(progress, (at + 1) * 60_000))).toEqual([
    'public.big, 2.0 GB of 5.0 GB, about 1:30 left',
    'public.big, 4.0 GB of 5.0 GB, about 0:30 left',
    'public.small, 5.0 GB of 5.0 GB',
  ]);
});

const pair = (table: ComparedPair['table'], bytes: number): ComparedPair => ({
  table,
  bytes,
  columns: [],
  key: null,
  hides: false,
  problem: null,
  timestampColumn: null,
  primaryKey: null,
  chunks: {replica: [null], target: [null]},
  marks: {replica: '', target: ''},
});

test('a piece is under way from the first of its scans until the last, and what is compared once more is one more', async () => {
  let nowMs = 0;
  const underWay = createUnderWay({now: () => 0, steady: () => nowMs});
  const pieces = [pair(big, 4 * GB), pair(big, 4 * GB), pair(small, GB)] as const;
  const expected = expectPieces({underWay}, pieces);
  expect(underWay.read()).toMatchObject({step: 'compare-again', done: 0, total: 3, bytesTotal: 9 * GB, pieces: []});
  const slice = piecesOfSlice(expected);
  const first = slice.of(pieces[0], 2);
  const names = (): unknown => underWay.read()?.pieces.map(({name, phase}) => [name, phase]);
  await first.during(null, async (tell) => {
    tell('rate limit');
    expect(names()).toEqual([['public.big, 1 of 2', 'rate limit']]);
    tell(null);
  });
  expect(names()).toEqual([['public.big, 1 of 2', null]]);
  // Between two slices change capture catches up, and that is a part of its pace.
  nowMs += 60_000;
  await first.during(null, async () => undefined);
  await Promise.resolve();
  nowMs += 60_000;
  expect(underWay.read()).toMatchObject({done: 1, total: 3, bytesDone: 4 * GB, elapsedMs: 120_000, pieces: []});
  // A slice that is not proved leaves nothing at work, and is made anew.
  const failing = slice.of(pieces[1], 2);
  await failing.during(null, async () => undefined);
  slice.end();
  await Promise.resolve();
  await Promise.resolve();
  expect(underWay.read()).toMatchObject({done: 2, total: 3, pieces: []});
  await expected.take(pieces[1]).during(null, async () => expect(names()).toEqual([['public.big, once more', null]]));
  expect(underWay.read()).toMatchObject({done: 3, total: 4});
});
