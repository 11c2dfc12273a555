import {expect, test} from 'vitest';
import {gatherResults, type AgainProgress} from '../../../../src/engine/compare/again/results.ts';
import {describeAgain} from '../../../../src/engine/steps/cdc/compare-again.ts';

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
