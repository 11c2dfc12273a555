import {describe, expect, test} from 'vitest';
import {judgeRest, type RestSeen} from '../../../../src/engine/cutover/rest/check-rest.ts';
import {judgeWayBack} from '../../../../src/engine/cutover/rest/foresee-way-back.ts';
import type {RestSide} from '../../../../src/engine/cutover/rest/compare-rest.ts';
import {ratesOf, USUAL} from '../../../../src/engine/cutover/rest/estimate/estimate.ts';
import {FACTS} from './facts.ts';

const MB = 1024 ** 2;
const RATES = ratesOf(USUAL, 'likely');
const ABOUT = {ms: 400, lowMs: 300, highMs: 12_000};
const TABLE = {schema: 'public', name: 'log'};
const REST = {table: TABLE, kind: 'inserts-only', source: FACTS, target: FACTS} as const;
const PAIR: RestSide['pair'] = {
  table: TABLE,
  timestampColumn: null,
  primaryKey: null,
  bytes: 10 * MB,
  columns: [],
  key: null,
  chunks: {replica: [null], target: [null]},
  marks: {replica: '', target: ''},
  hides: false,
  problem: null,
};
const SEEN: RestSeen = {
  rest: {tables: [REST], objects: {source: 0, target: 0}},
  sides: [{rest: REST, pair: PAIR}],
  left: [],
  estimate: ABOUT,
  rates: RATES,
  limitMs: 60_000,
  mayBeReplica: true,
  role: 'longhaul',
  isBack: false,
  hidden: {source: 0, target: 0},
  alone: 0,
};
const blockers = (seen: Partial<RestSeen>): string[] =>
  judgeRest({...SEEN, ...seen}).flatMap(({check, severity}) => (severity === 'blocker' ? [check] : []));

describe('before writes are stopped', () => {
  test('what will be compared and copied is said, with how long it takes', () => {
    expect(judgeRest(SEEN)).toEqual([
      {
        check: 'cutover.rest',
        severity: 'note',
        subject: 'target',
        seen: 'while writes are stopped these are compared, and copied again where they differ, in about 0.4 s (0.3 s to 12 s): public.log (inserts only)',
        remedy: '',
      },
    ]);
    expect(judgeRest({...SEEN, sides: [], rest: {...SEEN.rest, tables: []}})).toEqual([]);
  });

  test('a table that cannot be copied stops the cutover', () => {
    expect(blockers({sides: [{rest: {...REST, target: null}, pair: PAIR}]})).toEqual(['cutover.rest-tables']);
    for (const facts of [{mayWrite: false}, {maySwitch: false}]) {
      const refused = {...REST, target: {...FACTS, ...facts}};
      expect(blockers({sides: [{rest: refused, pair: PAIR}]})).toEqual(['cutover.rest-tables']);
    }
    const ruled = {...REST, target: {...FACTS, hasRules: true}};
    expect(blockers({sides: [{rest: ruled, pair: PAIR}]})).toEqual(['cutover.rest-tables']);
    expect(blockers({sides: [{rest: REST, pair: {...PAIR, hides: true}}]})).toEqual(['cutover.rest-tables']);
    expect(blockers({sides: [{rest: REST, pair: {...PAIR, problem: 'the target lacks the columns a'}}]})).toEqual([
      'cutover.rest-tables',
    ]);
  });

  test('triggers that would fire stop it, those too that come back with the cutover', () => {
    const firing = {...REST, source: {...FACTS, hasTriggers: true}};
    expect(blockers({mayBeReplica: false, sides: [{rest: firing, pair: PAIR}]})).toEqual(['cutover.rest-role']);
    expect(blockers({mayBeReplica: false})).toEqual([]);
    expect(blockers({sides: [{rest: firing, pair: PAIR}]})).toEqual([]);
  });

  test('more than cutover.copy_rest_limit stops it, and the slowest are named', () => {
    expect(blockers({estimate: {...ABOUT, ms: 60_001}})).toEqual(['cutover.rest-time']);
    expect(blockers({estimate: {...ABOUT, ms: 60_000}})).toEqual([]);
    const [first] = judgeRest({
      ...SEEN,
      estimate: {...ABOUT, ms: 90_000},
      rates: {...RATES, objectsMs: 70_000, changedMs: 10_000},
    });
    expect(first?.seen).toContain('about 90 s while writes are stopped');
    expect(first?.seen).toContain('large objects, 80 s; public.log (inserts only)');
  });

  test('on the way back whatever is copied has to get past the triggers of the hand-over, and who is in a hurry may leave it', () => {
    const [first] = judgeRest({...SEEN, isBack: true, mayBeReplica: false});
    expect([first?.check, first?.severity]).toEqual(['cutover.rest-role', 'blocker']);
    expect(first?.remedy).toMatch(/cutover\.copy_rest_back: no$/);
    const [late] = judgeRest({...SEEN, isBack: true, estimate: {...ABOUT, ms: 60_001}});
    expect(late?.remedy).toBe(
      'raise cutover.copy_rest_limit and stop writes for as long; or go back without these: cutover.copy_rest_back: no',
    );
    const [hidden] = judgeRest({...SEEN, isBack: true, hidden: {source: 0, target: 1}});
    // What is its target is the source.
    expect(hidden?.remedy).toContain('examples/grants/source.sql');
  });

  test('a way back that will not be able to copy is told before there is one', () => {
    const seen = {tables: [REST], mayBeReplica: true, role: 'longhaul'};
    expect(judgeWayBack(seen)).toEqual([]);
    const [role] = judgeWayBack({...seen, mayBeReplica: false});
    expect([role?.check, role?.severity, role?.subject]).toEqual(['cutover.rest-back-role', 'warning', 'source']);
    expect(role?.remedy).toContain('on the source, as superuser, from 15 on: GRANT SET ON PARAMETER');
    const closed = {...REST, source: {...FACTS, mayWrite: false}};
    expect(judgeWayBack({...seen, tables: [closed]}).map(({check}) => check)).toEqual(['cutover.rest-back']);
  });

  test('large objects that our role may not read stop it', () => {
    expect(blockers({hidden: {source: 3, target: 0}})).toEqual(['cutover.rest-objects']);
    expect(blockers({hidden: {source: 0, target: 1}})).toEqual(['cutover.rest-objects']);
    expect(blockers({alone: 1})).toEqual(['cutover.rest-objects']);
  });
});
