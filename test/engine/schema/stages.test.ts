import {expect, test} from 'vitest';
import {inStages} from '../../../src/engine/schema/copy/stages.ts';
import type {TocEntry} from '../../../src/engine/schema/copy/toc.ts';

const entry = (id: number, kind: string, rest = `public t${id} x app`): TocEntry => ({id, kind, rest, needs: []});
const ids = (entries: readonly TocEntry[]): number[] => entries.map(({id}) => id);
const idsOf = (entries: readonly TocEntry[], many: number): number[][][] =>
  inStages(entries, many).map((stage) => stage.map((part) => ids(part)));

const KEYS = [1, 2, 3, 4].map((id) => entry(10 + id, 'CONSTRAINT', `public t${Math.ceil(id / 2)} key_${id} app`));
const INDEXES = [1, 2, 3, 4].map((id) => entry(20 + id, 'INDEX'));
const SCHEMA = [entry(1, 'TABLE'), entry(2, 'TABLE'), ...KEYS, ...INDEXES, entry(30, 'FK CONSTRAINT')];

test('a small schema is restored in one transaction', () => {
  expect(idsOf(SCHEMA, 5)).toEqual([[ids(SCHEMA)]]);
});

// Two keys of one table are in one part, for each locks it against the other.
test('many keys and many indexes are two parts each, between what they need and what needs them', () => {
  expect(idsOf(SCHEMA, 4)).toEqual([
    [[1, 2]],
    [
      [11, 12],
      [13, 14],
    ],
    [
      [21, 22],
      [23, 24],
    ],
    [[30]],
  ]);
});

test('what may need its neighbour stays in one part, however many there are', () => {
  const views = [1, 2, 3].map((id) => entry(id, 'VIEW'));
  expect(idsOf(views, 2)).toEqual([[[1, 2, 3]]]);
});
