import {expect, test} from 'vitest';
import {formatRelation, type RelationName} from '../../../../src/domain/pg/relation.ts';
import {NOTHING_CAPTURED, type CaptureState} from '../../../../src/domain/run/capture/capture-state.ts';
import {NEW_RUN} from '../../../../src/domain/run/run-state.ts';
import type {LiveCapture, Servers} from '../../../../src/engine/capture/capture.ts';
import {readingNotApplied} from '../../../../src/engine/capture/guard/not-applied.ts';
import type {Session} from '../../../../src/pg/session/session.ts';
import type {StepContext} from '../../../../src/engine/step.ts';
import {relation} from '../../plan/inventory.ts';

const [kept, lost, adopted, sentinel] = [
  relation('public.kept'),
  relation('public.lost'),
  relation('public.adopted'),
  relation('longhaul_cdc.lh_01'),
];
const planned = [{name: 'lh_01', why: '', tables: [kept, lost, sentinel]}];
const session = {} as unknown as Session;
const servers: Servers = {source: session, target: session};

/** What is told at a second, of a target that applies all but these. */
function watching(begun = true) {
  let [seconds, capture]: [number, CaptureState] = [0, NOTHING_CAPTURED];
  let [away, asked]: [readonly RelationName[], RelationName[]] = [[], []];
  const readNotApplied: LiveCapture['readNotApplied'] = async (_, {slots}) => {
    asked = slots.flatMap(({tables}) => tables);
    return away.map((table) => ({table, through: 'lh_01'}));
  };
  const state = () => ({...NEW_RUN, capture, ...(begun ? {cdcStarted: {at: '', by: 'start-cdc'}} : {})});
  const ctx = {config: {}, state, steady: () => seconds * 1000} as unknown as StepContext;
  const read = readingNotApplied(ctx, () => ({live: {readNotApplied} as unknown as LiveCapture}));
  return {
    at: async (second: number, ...tables: readonly RelationName[]): Promise<string[]> => {
      [seconds, away] = [second, tables];
      return (await read(servers, planned)).map((table) => formatRelation(table));
    },
    adopt: (table: RelationName): void => {
      capture = {...capture, adopted: [...capture.adopted, {table, slot: 'lh_01'}]};
    },
    asked: () => asked.map((table) => formatRelation(table)),
  };
}

test('a table that is not applied is told by two readings, within a minute, and a sentinel by its own alarm', async () => {
  const {at} = watching();
  expect(await at(0, lost, sentinel)).toEqual([]);
  // It is asked for again only after a while.
  expect(await at(5, lost, sentinel)).toEqual([]);
  expect(await at(30, lost, sentinel)).toEqual(['public.lost']);
  expect(await at(35)).toEqual(['public.lost']);
  expect(await at(60)).toEqual([]);
});

test('what one reading alone has so, as in the midst of an abort, is told by nobody', async () => {
  const {at} = watching();
  await at(0, lost);
  expect(await at(30, kept)).toEqual([]);
});

test('an adoption begins it anew: what was read before it says nothing, and what was adopted is asked for', async () => {
  const {at, adopt, asked} = watching();
  await at(0, lost);
  await at(30, lost);
  adopt(lost);
  adopt(adopted);
  expect(await at(32)).toEqual([]);
  expect(asked()).toContain('public.adopted');
  expect(await at(60, adopted)).toEqual([]);
  expect(await at(90, adopted)).toEqual(['public.adopted']);
});

test('nothing is asked before change capture has begun', async () => {
  const {at, asked} = watching(false);
  expect(await at(0, lost)).toEqual([]);
  expect(await at(30, lost)).toEqual([]);
  expect(asked()).toEqual([]);
});
