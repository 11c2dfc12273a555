import {describe, expect, test} from 'vitest';
import {NOTHING_CAPTURED} from '../../../../src/domain/run/capture/capture-state.ts';
import {NEW_RUN, type RunState} from '../../../../src/domain/run/run-state.ts';
import {isBehindP} from '../../../../src/engine/run/needs.ts';
import {unlessTold} from '../../../../src/engine/capture/guard/lost-tables.ts';
import {relation} from '../../plan/inventory.ts';

const [taken, other] = [relation('public.taken'), relation('public.other')];
const left = [{table: taken, through: 'lh_01'}];
const at = '2026-11-24T00:00:00.000Z';

/** A run that was proved, or not, whose watch tells of these tables after so many seconds. */
function runThatTells(tables: readonly (typeof taken)[], {afterMs = 0, boundaryProved = true} = {}) {
  let ms = 0;
  const told = {...NOTHING_CAPTURED, newTables: tables.map((table) => ({table, since: at, adoptedInto: null}))};
  const state = (): RunState => ({...NEW_RUN, boundaryProved, capture: ms >= afterMs ? told : NOTHING_CAPTURED});
  const sleep = async (forMs: number): Promise<void> => void (ms += forMs);
  return {state, steady: () => ms, sleep};
}

describe('a table that is not captured any more behind P', () => {
  test('disproves nothing once it is told as such: the cutover is refused until it was adopted', async () => {
    expect(await unlessTold(runThatTells([taken]), left, () => true)).toEqual([]);
    expect(await unlessTold(runThatTells([taken], {afterMs: 40_000}), left, () => true)).toEqual([]);
  });

  test('disproves P where nobody tells of it', async () => {
    expect(await unlessTold(runThatTells([]), left, () => true)).toEqual(left);
    expect(await unlessTold(runThatTells([other]), left, () => true)).toEqual(left);
    expect(await unlessTold(runThatTells([taken], {afterMs: 90_000}), left, () => true)).toEqual(left);
  });

  test('disproves P where an adoption does not make it good, and with it all others', async () => {
    const both = [...left, {table: other, through: 'lh_02'}];
    expect(await unlessTold(runThatTells([taken, other]), both, ({table}) => table === taken)).toEqual(both);
  });

  test('disproves a P that was never proved', async () => {
    expect(await unlessTold(runThatTells([taken], {boundaryProved: false}), left, () => true)).toEqual(left);
  });
});

const isBehind = (run: RunState, begunAt: 'add-tables' | 'create-replication-sets' | null = null): boolean =>
  isBehindP({state: () => run, begunAt}, 'create-replication-sets');

test('what captures the tables is made again before a proved P alone, or for whoever asks for its step: behind it that would hide what was missed', () => {
  const made = {...NEW_RUN, evidence: {'create-replication-sets': {sets: ['lh_01']}}};
  expect(isBehind({...made, boundaryProved: true})).toBe(true);
  expect(isBehind({...made, boundaryProved: true}, 'add-tables')).toBe(true);
  expect(isBehind({...made, boundaryProved: true}, 'create-replication-sets')).toBe(false);
  expect(isBehind({...made, boundaryProved: false})).toBe(false);
  expect(isBehind({...NEW_RUN, boundaryProved: true})).toBe(false);
});
