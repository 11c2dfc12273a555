import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {parseLsn} from '../../../../src/domain/pg/lsn.ts';
import type {IndexRow} from '../../../../src/pg/catalog/indexes.ts';
import type {VersionedRows} from '../../../../src/pg/compare/again-rows.ts';
import {renderStatement} from '../../../../src/pg/session/statement.ts';
import {judgeFence, type HeldSlot} from '../../../../src/engine/compare/again/judge-fence.ts';
import {judgeRound} from '../../../../src/engine/compare/again/judge-round.ts';
import {chunksOf} from '../../../../src/engine/compare/again/pieces.ts';
import {together} from '../../../../src/engine/compare/again/results.ts';
import {takeSlice} from '../../../../src/engine/compare/again/slices.ts';
import {divideHeldBack, planRestore} from '../../../../src/engine/schema/beside/restore-unique.ts';

const lsn = parseLsn;
const commit = (at: string, xid: string, changes = true) => ({xid, changes, commit: at.padStart(16, '0')});
const row = (keyHash: string, hash: string, version: string, rows = 1): VersionedRows => ({
  keyHash,
  hash,
  rows,
  version,
  place: '(0,1)',
});

describe('replica and target are at the same commit', () => {
  const AT = lsn('0/5000');
  const own = commit('5100', '900');
  const slot: HeldSlot = {
    slot: 'lh_01',
    isRead: false,
    appliedLsn: lsn('0/4F00'),
    confirmedLsn: lsn('0/4000'),
    kept: [commit('4E00', '899'), own],
  };
  const why = (change: Partial<HeldSlot>): string | null =>
    judgeFence({at: AT, sentinel: '900'}, [slot, {...slot, slot: 'lh_02', ...change}]);

  test('where every slot keeps no commit from the one to the sentinel', () => {
    expect(why({})).toBeNull();
    // What changes none of its tables is nothing; what comes behind the sentinel the worker has not applied.
    expect(why({kept: [commit('5050', '898', false), own, commit('5200', '901')]})).toBeNull();
  });

  test.each<[string, Partial<HeldSlot>, string]>([
    ['a commit lies between them', {kept: [commit('5000', '898'), own]}, 'lh_02: 1 commits lie between'],
    ['the target has more by its own word', {appliedLsn: lsn('0/5001')}, 'the target has changes up to 0/5001'],
    ['what it has confirmed is shown no more', {confirmedLsn: lsn('0/5001')}, 'all up to 0/5001 is confirmed'],
    ['somebody reads the slot', {isRead: true}, 'somebody reads the slot'],
    ['the sentinel is not there', {kept: [commit('4E00', '899')]}, 'transaction 900'],
    ['nothing says how far the target is', {appliedLsn: null}, 'nothing says how far'],
  ])('and not where %s', (_, change, words) => {
    expect(why(change)).toContain(words);
  });
});

describe('rows of servers that go on', () => {
  const round = {first: [], target: [], second: [], isKeyed: true, before: null, of: null} as const;

  test('are equal where the target has them as the replica before, or after', () => {
    const judged = judgeRound({
      ...round,
      first: [row('1', 'a', 'v1'), row('2', 'a', 'v1')],
      target: [row('1', 'a', 'x'), row('2', 'b', 'x')],
      second: [row('1', 'b', 'v2'), row('2', 'b', 'v2')],
    });
    expect([judged.different, judged.undecided]).toEqual([[], []]);
  });

  test('differ where nobody has written to them between the two readings of the replica', () => {
    const still = [row('1', 'a', 'v1'), row('2', 'a', 'v1')];
    const judged = judgeRound({...round, first: still, target: [row('2', 'b', 'x')], second: still});
    expect(judged.different).toEqual(['1', '2']);
  });

  test('are undecided where somebody has, be it back to what they were', () => {
    const judged = judgeRound({
      ...round,
      first: [row('1', 'a', 'v1')],
      target: [row('1', 'b', 'x')],
      second: [row('1', 'a', 'v3')],
    });
    expect([judged.different, judged.undecided]).toEqual([[], ['1']]);
  });

  test('that only the target has may have come and gone: they differ once the same version is there in two rounds', () => {
    const first = judgeRound({...round, target: [row('1', 'a', 'x')]});
    expect([first.different, first.undecided]).toEqual([[], ['1']]);
    const of = new Set(first.undecided);
    const again = (version: string) => judgeRound({...round, target: [row('1', 'a', version)], before: first.seen, of});
    expect(again('y').different).toEqual([]);
    expect(again('x').different).toEqual(['1']);
  });

  test('of a table without a key are as many of the same content: more of them on the target may have come and gone, fewer not', () => {
    const three = [row('1', 'a', 'v', 3)];
    const judge = (rows: number) =>
      judgeRound({...round, isKeyed: false, first: three, target: [row('1', 'a', 'x', rows)], second: three});
    expect(judge(4)).toMatchObject({different: [], undecided: ['1']});
    expect(judge(2)).toMatchObject({different: ['1'], undecided: []});
  });

  test('are never a false alarm, whatever is written and however late it arrives', () => {
    // A source as a list of what one key holds, version by version; replica and target are each at a place in it.
    const content = fc.constantFrom('a', 'b', null);
    fc.assert(
      fc.property(
        fc.array(content, {minLength: 1, maxLength: 8}),
        fc.array(fc.nat(3), {minLength: 9, maxLength: 9}),
        (history, steps) => {
          const at = (place: number): VersionedRows[] => {
            const of = Math.min(place, history.length - 1);
            const hash = history[of] ?? null;
            return hash === null ? [] : [row('k', hash, `v${of}`)];
          };
          let place = 0;
          let before: ReadonlyMap<string, string> | null = null;
          for (let n = 0; n < 3; n += 1) {
            const [a = 0, b = 0, c = 0] = steps.slice(n * 3);
            const first = place + a;
            const target = first + b;
            const second = target + c;
            const judged = judgeRound({
              ...round,
              first: at(first),
              target: at(target).map((one) => ({...one, version: `t${one.version}`})),
              second: at(second),
              before,
            });
            expect(judged.different).toEqual([]);
            before = judged.seen;
            place = second;
          }
        },
      ),
    );
  });
});

describe('a table in pieces', () => {
  const columns = [{name: 'id', type: {kind: 'plain', name: 'int8'}}] as const;
  const histogram = Array.from({length: 101}, (_, n) => String(n * 10));

  test('is cut by its key, each piece from where the one before ends, the first and the last open', () => {
    expect(chunksOf({columns}, {column: 'id', type: 'bigint', histogram}, 4)).toEqual([
      {by: 'key', column: 'id', from: null, to: '250'},
      {by: 'key', column: 'id', from: '250', to: '500'},
      {by: 'key', column: 'id', from: '500', to: '750'},
      {by: 'key', column: 'id', from: '750', to: null},
    ]);
  });

  test('stays whole where its key has another order elsewhere, another type on the target, or no statistics', () => {
    expect(chunksOf({columns}, {column: 'id', type: 'text', histogram}, 4)).toEqual([]);
    expect(chunksOf({columns: [{name: 'id', type: null}]}, {column: 'id', type: 'bigint', histogram}, 4)).toEqual([]);
    expect(chunksOf({columns}, {column: 'id', type: 'bigint', histogram: null}, 4)).toEqual([]);
  });

  test('differs as all of its pieces do together', () => {
    const table = {schema: 'public', name: 't'};
    const piece = {table, replicaRows: 3, targetRows: 3, rows: null, undecided: 1};
    const rows = {total: 2, atLeast: false, first: [], why: null};
    expect(together({...piece, rows, targetRows: 1}, {...piece, rows})).toEqual({
      table,
      replicaRows: 6,
      targetRows: 4,
      rows: {...rows, total: 4},
      undecided: 2,
    });
    expect(together(piece, {...piece, rows}).rows).toEqual(rows);
  });

  test('and a slice has as many of them as fit, and at least one', () => {
    const pieces = [50, 30, 30].map(
      (bytes) => ({bytes, table: {schema: 's', name: String(bytes)}}) as Parameters<typeof takeSlice>[0][number],
    );
    expect([10, 80, 1000].map((bytes) => takeSlice(pieces, bytes).length)).toEqual([1, 2, 3]);
  });
});

const index = (change: Partial<IndexRow>): IndexRow => ({
  schema: 'public',
  table: 't',
  name: 't_u',
  definition: 'CREATE UNIQUE INDEX t_u ON public.t USING btree (u)',
  detail: 'USING btree (u)',
  unique: true,
  valid: true,
  constraintType: 'u',
  constraintName: 't_u',
  constraintDefinition: 'UNIQUE (u)',
  byConstraint: false,
  deferrable: false,
  deferred: false,
  keys: ['u'],
  predicate: null,
  nullsNotDistinct: false,
  replicaIdentity: false,
  clustered: false,
  statistics: [],
  partitioned: false,
  parentSchema: null,
  parentName: null,
  tableBytes: 0,
  ...change,
});
const statements = (wanted: readonly IndexRow[], there: readonly IndexRow[]): string[] => {
  const {shells, builds, last} = planRestore(wanted, there);
  return [...shells, ...builds, ...last].flatMap((task) => task.statements.map((one) => renderStatement(one)));
};

describe('unique indexes that were held back', () => {
  const BUILD = 'CREATE UNIQUE INDEX CONCURRENTLY t_u ON public.t USING btree (u)';
  const USE = 'ALTER TABLE ONLY "public"."t" ADD CONSTRAINT "t_u" UNIQUE USING INDEX "t_u"';

  test('come back without anybody waiting; what an attempt has left invalid is dropped first, what it has made is used', () => {
    const drop = 'DROP INDEX CONCURRENTLY IF EXISTS "public"."t_u"';
    expect(statements([index({})], [])).toEqual([BUILD, USE]);
    expect(statements([index({})], [index({valid: false, constraintType: null})])).toEqual([drop, BUILD, USE]);
    expect(statements([index({})], [index({constraintType: null})])).toEqual([USE]);
    expect(statements([index({})], [index({})])).toEqual([]);
  });

  test('come back to a partitioned table by its partitions', () => {
    const shell = index({
      name: 'p_u',
      table: 'p',
      partitioned: true,
      constraintType: null,
      definition: 'CREATE UNIQUE INDEX p_u ON ONLY public.p USING btree (u)',
    });
    const part = index({constraintType: null, parentSchema: 'public', parentName: 'p_u'});
    expect(statements([shell, part], [])).toEqual([
      'CREATE UNIQUE INDEX p_u ON ONLY public.p USING btree (u)',
      BUILD,
      'ALTER INDEX "public"."p_u" ATTACH PARTITION "public"."t_u"',
    ]);
  });

  test('wait further where their constraint is deferrable, or nothing else builds it, and say for which step', () => {
    const {restorable, left} = divideHeldBack([
      index({}),
      index({name: 'd', deferrable: true}),
      index({name: 'x', byConstraint: true}),
    ]);
    expect(restorable.map(({name}) => name)).toEqual(['t_u']);
    expect(left).toEqual([
      expect.stringMatching(/^index public\.d: comes with restore-triggers-and-keys, .* deferrable/),
      expect.stringMatching(/^index public\.x: comes with restore-triggers-and-keys, /),
    ]);
  });
});
