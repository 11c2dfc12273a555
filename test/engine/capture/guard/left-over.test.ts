import {expect, test} from 'vitest';
import {NOTHING_CAPTURED} from '../../../../src/domain/run/capture/capture-state.ts';
import {mayBeLeftOver} from '../../../../src/domain/run/capture/left-over.ts';
import {quoteRelation} from '../../../../src/domain/pg/relation.ts';
import {judgeLeftOver, readLeftOver} from '../../../../src/engine/capture/guard/left-over.ts';
import type {Session} from '../../../../src/pg/session/session.ts';
import {relation} from '../../plan/inventory.ts';

const [adopted, kept, planned] = [relation('public.adopted'), relation('public.kept'), relation('public.planned')];
const capture = {
  ...NOTHING_CAPTURED,
  adopted: [adopted, kept].map((table) => ({table, slot: 'lh_01'})),
  gone: [planned, adopted],
};

/** A target that lacks these tables. */
const without = (...missing: readonly (typeof adopted)[]): Session => {
  const run: unknown = async () => missing.map((table) => ({name: quoteRelation(table)}));
  return {version: 150_000, run} as unknown as Session;
};

test('what may be left over was adopted and is gone from the source: of the others the drift tells', () => {
  expect(mayBeLeftOver(capture)).toEqual([adopted]);
  expect(mayBeLeftOver({...capture, gone: []})).toEqual([]);
});

test('it keeps the cutover as long as the target has it, with what drops it there', async () => {
  expect(await readLeftOver(without(), {capture})).toEqual([adopted]);
  expect(await readLeftOver(without(adopted), {capture})).toEqual([]);
  const [finding, ...others] = judgeLeftOver([adopted]);
  expect(others).toEqual([]);
  expect(finding?.severity).toBe('blocker');
  expect(finding?.remedy).toContain('DROP TABLE "public"."adopted"');
});
