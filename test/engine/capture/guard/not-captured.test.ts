import {describe, expect, test} from 'vitest';
import {notInSets} from '../../../../src/engine/capture/dms/read-not-in-sets.ts';
import {isAdoptable} from '../../../../src/engine/capture/guard/lost-tables.ts';
import {brokenSlots, notPublished} from '../../../../src/engine/capture/native/read-not-published.ts';
import {
  describeNotCaptured,
  notAskedFor,
  tablesNotCaptured,
} from '../../../../src/engine/capture/guard/not-captured.ts';
import {plannedSets} from '../../../../src/engine/capture/objects.ts';
import {wantedMemberships} from '../../../../src/engine/capture/wanted-memberships.ts';
import type {PublishedRow} from '../../../../src/pg/capture/publications.ts';
import type {SetMember} from '../../../../src/pg/replication/pglogical.ts';
import {relation} from '../../plan/inventory.ts';

const [keyed, keyless] = [relation('public.keyed'), relation('public.keyless')];
const plan = {slots: [{name: 'lh_01', why: '', tables: [keyed, keyless]}]};

describe('a table of a publication', () => {
  const all: PublishedRow = {
    publication: 'lh_01',
    updates: true,
    publishes: 'all',
    isNarrowed: false,
    schema: 'public',
    table: 'keyed',
  };
  const inserts: PublishedRow = {...all, publication: 'ilh_01', updates: false, publishes: 'inserts', table: 'keyless'};

  test.each<[string, PublishedRow[], string[]]>([
    ['is captured', [all, inserts], []],
    ['was dropped from it', [inserts], ['public.keyed (lh_01)']],
    ['is published without its updates', [{...all, publishes: 'inserts'}, inserts], ['public.keyed (lh_01)']],
    ['is published without its inserts', [all, {...inserts, publishes: 'less'}], ['public.keyless (lh_01)']],
    ['is published with some of its rows or columns', [{...all, isNarrowed: true}, inserts], ['public.keyed (lh_01)']],
    ['has been given a key since', [all, {...inserts, publishes: 'all'}], []],
    ['is none of an empty one', [{...all, schema: null, table: null}, inserts], ['public.keyed (lh_01)']],
  ])('%s', (_, rows, expected) => {
    expect(notPublished(plan, rows).map((one) => describeNotCaptured(one))).toEqual(expected);
  });

  test.each<[string, PublishedRow[], string[]]>([
    ['has both publications as they were made', [all, inserts], []],
    ['has one that is empty by now', [{...all, schema: null, table: null}, inserts], []],
    ['has one of which a table is narrowed', [{...all, isNarrowed: true}, inserts], []],
    ['has lost the one of its updates', [inserts], ['lh_01']],
    ['has lost the one of its inserts', [all], ['lh_01']],
    ['has one that publishes less than it was made for', [{...all, publishes: 'inserts'}, inserts], ['lh_01']],
  ])('can be adopted into a slot or not: one that %s', (_, rows, expected) => {
    expect(brokenSlots(['lh_01'], rows)).toEqual(expected);
  });
});

test('that a table was taken out disproves nothing where it can be adopted: not where its slot is broken, and not of a sentinel', () => {
  const sentinel = relation('longhaul_cdc.lh_01');
  const slots = [{name: 'lh_01', why: '', tables: [keyed, sentinel]}];
  expect(isAdoptable({table: keyed}, slots, [])).toBe(true);
  expect(isAdoptable({table: keyed}, slots, ['lh_02'])).toBe(true);
  expect(isAdoptable({table: keyed}, slots, ['lh_01'])).toBe(false);
  expect(isAdoptable({table: sentinel}, slots, [])).toBe(false);
  expect(isAdoptable({table: keyless}, slots, [])).toBe(false);
});

const member = (set: string, name: string, change: Partial<SetMember> = {}): SetMember => ({
  set,
  schema: 'public',
  name,
  isNarrowed: false,
  hasIdentity: true,
  ...change,
});

describe('a table of a replication set', () => {
  const planned = plannedSets(plan.slots);
  const {memberships} = wantedMemberships(plan, {
    tables: [
      {relation: keyed, hasReplicaKey: true},
      {relation: keyless, hasReplicaKey: false},
    ],
  });
  const told = (members: readonly SetMember[], sets = planned): string[] =>
    notInSets(memberships, {members, sets, planned}).map((one) => describeNotCaptured(one));
  const [updates, inserts] = [member('lh_01', 'keyed'), member('ilh_01', 'keyed')];
  const ofKeyless = member('ilh_01', 'keyless', {hasIdentity: false});

  test('is captured where its sets carry what they were made for, one without a key by its inserts', () => {
    expect(told([updates, inserts, ofKeyless])).toEqual([]);
    const more = planned.map((set) => ({...set, inserts: true, updates: true}));
    expect(told([updates, inserts, ofKeyless], more)).toEqual([]);
  });

  test('is not where it was taken out, is sent in part, or has lost its key: its deletes come to nobody', () => {
    expect(told([inserts, ofKeyless])).toEqual(['public.keyed (lh_01)']);
    expect(told([updates, {...inserts, isNarrowed: true}, ofKeyless])).toEqual(['public.keyed (ilh_01)']);
    expect(told([{...updates, hasIdentity: false}, inserts, ofKeyless])).toEqual(['public.keyed (lh_01)']);
  });

  test('is not where a set was altered, each named once', () => {
    const altered = planned.map((set) => ({...set, deletes: false, inserts: false}));
    const left = notInSets(memberships, {members: [updates, inserts, ofKeyless], sets: altered, planned});
    expect(left).toHaveLength(3);
    expect(tablesNotCaptured(left)).toEqual([keyed, keyless]);
  });
});

const native = (slot: string, isInsertsOnly: boolean): string[] => [isInsertsOnly ? `i${slot}` : slot];
const pglogical = (slot: string, isInsertsOnly: boolean): string[] => [...(isInsertsOnly ? [] : [slot]), `i${slot}`];

test('a table comes through what its subscription asks for: of one that asks for less than it was made for, those that come through what is missing', () => {
  const told = (asks: readonly string[], sets: typeof native): string[] =>
    notAskedFor(plan, [{slot: 'lh_01', asks}], {insertsOnly: [keyless], sets}).map((one) => describeNotCaptured(one));
  expect(told(['lh_01', 'ilh_01'], native)).toEqual([]);
  expect(told(['lh_01'], native)).toEqual(['public.keyless (ilh_01)']);
  expect(told(['ilh_01'], native)).toEqual(['public.keyed (lh_01)']);
  expect(told(['lh_01'], pglogical)).toEqual(['public.keyed (ilh_01)', 'public.keyless (ilh_01)']);
  expect(told(['ilh_01'], pglogical)).toEqual(['public.keyed (lh_01)']);
  // That one is gone is told by its slot.
  expect(notAskedFor(plan, [], {insertsOnly: [], sets: native})).toEqual([]);
});
