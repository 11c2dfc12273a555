import {describe, expect, test} from 'vitest';
import type {LoadUnit} from '../../../src/domain/run/load-unit.ts';
import {PG_DUMP} from '../../../src/engine/load/pipeline/pg-dump.ts';
import {classifyFailure, type LaneRemains} from '../../../src/engine/load/outcome.ts';

const AT_P = '0/500 t t 2026-11-24 00:00:00.000000';
const unit: LoadUnit = {id: '01-events', kind: 'table', tables: [{schema: 'public', name: 'events'}], bytes: 1};
const classify = (remains: Partial<LaneRemains>) =>
  classifyFailure(unit, {
    pipeline: PG_DUMP,
    dumpExit: null,
    loadExit: null,
    dumpLog: '',
    loadLog: '',
    fenceSeen: {before: AT_P, after: AT_P},
    fenceExpected: AT_P,
    fenceLog: '',
    throttleLog: null,
    current: null,
    ended: null,
    ...remains,
  });

describe('a unit that the ledger does not have', () => {
  test('whose session on the replica was killed during the data is tried again, whatever it said', () => {
    const killed = {dumpExit: 0, loadExit: 0, fenceSeen: {before: AT_P, after: null}};
    expect(classify(killed)).toMatchObject({cause: 'producer', heals: true});
    expect(classify({...killed, fenceLog: 'Killed\n'})).toMatchObject({cause: 'producer', heals: true});
  });

  test('whose session on the replica was refused waits for somebody; one that could not connect does not', () => {
    const closed = {fenceSeen: {before: null, after: null}};
    const refused = 'psql: error: FATAL:  password authentication failed for user "longhaul"\n';
    expect(classify({...closed, loadExit: 0, fenceLog: refused})).toMatchObject({cause: 'producer', heals: false});
    expect(classify({...closed, loadExit: 0, fenceLog: 'psql: error: Connection refused\n'})).toMatchObject({
      heals: true,
    });
  });

  test.each([
    ['before the data', {before: '0/500 t f x', after: null}],
    ['after the data', {before: AT_P, after: '0/501 t t x'}],
  ])('whose replica was not at P %s is never tried again at this P', (_, fenceSeen) => {
    expect(classify({dumpExit: 0, loadExit: 0, fenceSeen})).toMatchObject({cause: 'fence', heals: false});
  });
});
