import {describe, expect, test} from 'vitest';
import {slotAsPlanned, slotOnSource} from '../../../../src/domain/run/capture/slot-names.ts';
import {claimedBackSubscriptions} from '../../../../src/domain/run/back/claimed-back.ts';
import {mirroredClaim, mirroredFailure} from '../../../../src/domain/run/back/mirror.ts';
import {pglogical} from '../../../../src/engine/capture/pglogical/pglogical.ts';
import {judgePasswords, judgePlugins} from '../../../../src/engine/capture/pglogical/reverse/check-reverse.ts';
import {isParked, stepsToPark} from '../../../../src/engine/capture/pglogical/reverse/park.ts';
import {BACK_STRICT_MODE} from '../../../../src/engine/capture/pglogical/reverse/removal.ts';
import {replaceOwnInterface} from '../../../../src/pg/capture/pglogical-back.ts';
import {renderStatement} from '../../../../src/pg/session/statement.ts';

const flowing = {name: 'r_lh_01', enabled: true, sets: ['r_lh_01', 'ir_lh_01']};

describe('a direction that nothing is to come by', () => {
  test('asks for nothing and runs: neither a row is applied, nor does its slot keep WAL', () => {
    expect(isParked({enabled: true, sets: []})).toBe(true);
    // Its slot would keep WAL.
    expect(isParked({enabled: false, sets: []})).toBe(false);
    expect(isParked(flowing)).toBe(false);
  });

  test('asks for nothing before it runs again', () => {
    const texts = stepsToPark({...flowing, enabled: false}).map((one) => renderStatement(one));
    expect(texts.map((text) => /pglogical\.alter_subscription_(\w+)\(/.exec(text)?.[1])).toEqual([
      'remove_replication_set',
      'remove_replication_set',
      'enable',
    ]);
    expect(stepsToPark({name: 'r_lh_01', enabled: true, sets: []})).toEqual([]);
  });
});

describe('a source older than SCRAM', () => {
  test.each([
    [90_600, 'scram-sha-256', ['way-back.scram']],
    [90_600, 'md5', []],
    [100_000, 'scram-sha-256', []],
  ])('%s with a target that keeps passwords as %s', (version, encryption, checks) => {
    expect(judgePasswords(version, encryption).map(({check}) => check)).toEqual(checks);
  });
});

test('a target that decodes with named plugins alone has to name ours', () => {
  expect(judgePlugins(undefined)).toEqual([]);
  expect(judgePlugins('pgoutput, pglogical_output')).toEqual([]);
  const [finding] = judgePlugins('pgoutput');
  expect(finding?.remedy).toContain('pglogical_output');
});

describe('what the way back makes', () => {
  const made = ['back-set r_lh_01', 'back-pglogical-subscription r_lh_01', 'back-slot pgl_x', BACK_STRICT_MODE];

  test('is of this engine, so that no other is asked to take it back', () => {
    expect(made.filter((object) => !pglogical.owns(object))).toEqual([]);
    expect(claimedBackSubscriptions(made)).toEqual(['r_lh_01']);
  });

  test('is the forward direction to whoever goes back', () => {
    expect(made.map((object) => mirroredClaim(object))).toEqual([
      'set r_lh_01',
      'pglogical-subscription r_lh_01',
      'slot pgl_x',
      'setting pglogical.conflict_log_level',
    ]);
  });

  test('has slots whose names pglogical makes up', () => {
    const evidence = {
      'prepare-reverse': {publications: [], subscriptions: [], slots: [{name: 'pgl_x', planned: 'r_lh_01'}]},
    };
    expect(slotOnSource({evidence}, 'r_lh_01')).toBe('pgl_x');
    expect(slotAsPlanned({evidence}, 'pgl_x')).toBe('r_lh_01');
    expect(slotOnSource({evidence: {}}, 'r_lh_01')).toBe('r_lh_01');
  });
});

test('a failure of the other direction is told in the words of this one, but for what a server says itself', () => {
  const failure = {message: 'the target has no slot', remedy: 'on the target: SELECT 1'};
  expect(mirroredFailure(failure)).toEqual({message: 'the source has no slot', remedy: 'on the source: SELECT 1'});
  const said = {message: 'target: could not connect', remedy: 'see the target'};
  expect(mirroredFailure(said)).toEqual(said);
});

test("the source's own dsn is shown without its password", () => {
  const statement = replaceOwnInterface(
    {node: 'longhaul', name: 'longhaul'},
    {dsn: 'host=a password=geheim', shownDsn: 'host=a password=********'},
  );
  expect(statement.values).toContain('host=a password=geheim');
  expect(renderStatement(statement)).not.toContain('geheim');
});
