import {expect, test} from 'vitest';
import {formatRelation, type RelationName} from '../../../../src/domain/pg/relation.ts';
import {NOTHING_CAPTURED, type CaptureState} from '../../../../src/domain/run/capture/capture-state.ts';
import type {Boundary} from '../../../../src/domain/pg/boundary.ts';
import type {RunEvent} from '../../../../src/domain/run/event.ts';
import {NEW_RUN} from '../../../../src/domain/run/run-state.ts';
import type {LiveCapture} from '../../../../src/engine/capture/capture.ts';
import {guardTruncates} from '../../../../src/engine/capture/guard/guard-truncates.ts';
import type {Session} from '../../../../src/pg/session/session.ts';
import type {StepContext} from '../../../../src/engine/step.ts';
import {relation} from '../../plan/inventory.ts';

const [big, log] = [relation('public.big'), relation('public.log')];

/** What comes to be owed at a second, of a source whose triggers on these tables are off. */
function watching(hasBoundary = true) {
  let [seconds, capture, asked]: [number, CaptureState, number] = [0, NOTHING_CAPTURED, 0];
  let off: readonly RelationName[] = [];
  let owed: string[] = [];
  const readUntoldTruncates: LiveCapture['readUntoldTruncates'] = async () => {
    asked++;
    return off.map((table) => ({...table, trigger: 'x'}));
  };
  const ctx = {
    state: () => ({...NEW_RUN, capture, boundary: hasBoundary ? ({} as Boundary) : null}),
    steady: () => seconds * 1000,
    record: async (event: RunEvent) => {
      if (event.type !== 'comparison.owed') throw new Error('bug: nothing else is recorded');
      const since = String(seconds);
      capture = {...capture, owed: event.tables.map((table) => ({table, since, why: event.why}))};
      owed = event.tables.map((table) => formatRelation(table));
    },
  } as unknown as StepContext;
  const guard = guardTruncates(ctx, () => ({live: {readUntoldTruncates} as unknown as LiveCapture, slots: ['lh_01']}));
  return {
    at: async (second: number, ...tables: readonly RelationName[]): Promise<string[]> => {
      [seconds, off, owed] = [second, tables, []];
      await guard({} as unknown as Session);
      return owed;
    },
    compared: (): void => {
      capture = {...capture, owed: []};
    },
    adopt: (table: RelationName): void => {
      capture = {...capture, owed: [], adopted: [...capture.adopted, {table, slot: 'lh_01'}]};
    },
    asked: () => asked,
  };
}

test('a table whose TRUNCATE does not come is owed a comparison as long as that is so, and again once it comes', async () => {
  const {at, compared} = watching();
  expect(await at(0)).toEqual([]);
  expect(await at(30, big)).toEqual(['public.big']);
  expect(await at(60, big)).toEqual([]);
  compared();
  expect(await at(90, big)).toEqual(['public.big']);
  compared();
  // What was compared before the trigger fired again says nothing of what came after.
  expect(await at(120)).toEqual(['public.big']);
  compared();
  expect(await at(150)).toEqual([]);
});

test('one that was adopted meanwhile, by which pglogical makes its trigger anew, is owed none', async () => {
  const {at, adopt} = watching();
  await at(0, big, log);
  adopt(big);
  expect(await at(30, log)).toEqual(['public.log']);
});

test('the source is asked seldom, and from P on', async () => {
  const often = watching();
  for (const second of [0, 5, 10, 15, 20]) await often.at(second);
  expect(often.asked()).toBe(1);
  const early = watching(false);
  expect(await early.at(0, big)).toEqual([]);
  expect(early.asked()).toBe(0);
});
