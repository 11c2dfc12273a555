import {describe, expect, test} from 'vitest';
import {judgeData, type DataSeen} from '../../../src/engine/preflight/database/check-data.ts';
import {judgeReading, type ReadingSeen} from '../../../src/engine/preflight/database/check-rights.ts';
import {judgeSlotRights} from '../../../src/engine/capture/slots/check-source-rights.ts';
import {dms} from '../../../src/engine/capture/dms/dms.ts';
import {none} from '../../../src/engine/capture/none/none.ts';
import {judgeTarget, type TargetSeen} from '../../../src/engine/preflight/servers/check-target.ts';
import {judgePglogical} from '../../../src/engine/capture/dms/judge-pglogical.ts';
import type {RoleRights} from '../../../src/pg/roles/rights.ts';
import {told} from './told.ts';

const offer = (name: string, installed: boolean, trusted: boolean) => ({name, installed, trusted});

const RIGHTS: RoleRights = {
  role: 'longhaul',
  superuser: false,
  replication: true,
  bypassRls: true,
  checkpoint: true,
  createRole: true,
  createInDatabase: true,
};

describe('rights', () => {
  test('a slot wants REPLICATION', () => {
    expect(told(judgeSlotRights(RIGHTS))).toEqual([]);
    expect(told(judgeSlotRights({...RIGHTS, superuser: true, replication: false}))).toEqual([]);
    expect(told(judgeSlotRights({...RIGHTS, replication: false}))).toEqual(['b source.replication']);
  });

  const pglogical = {version: '2.4.4', mayUse: true, mayCall: true, shutOut: [], open: false, users: ['longhaul']};
  test.each([
    ['is not there', null, ['b source.pglogical']],
    ['is closed to applications and open to us', pglogical, []],
    ['has functions that we may not call', {...pglogical, mayCall: false}, ['b source.pglogical-usage']],
    [
      'has a schema that only we may not use',
      {...pglogical, mayUse: false, shutOut: ['longhaul']},
      ['b source.pglogical-usage'],
    ],
    [
      'breaks DROP and TRUNCATE of applications',
      {...pglogical, shutOut: ['app'], open: true},
      ['b source.pglogical-public'],
    ],
    ['lets everybody change what is replicated', {...pglogical, open: true}, ['w source.pglogical-open']],
  ])('pglogical that %s', (_, seen, expected) => {
    expect(told(judgePglogical('longhaul', 90_610, seen))).toEqual(expected);
  });

  test('pglogical is made in one transaction with the grants that applications need, and 9.4 needs its origins first', () => {
    const [made] = judgePglogical('we"ird', 90_610, null);
    const [madeOn94] = judgePglogical('we"ird', 90_426, null);
    expect(made?.remedy).toMatch(
      /BEGIN; CREATE EXTENSION pglogical; GRANT USAGE ON SCHEMA pglogical TO PUBLIC; .*"we""ird"; COMMIT/,
    );
    expect(madeOn94?.remedy).toContain('BEGIN; CREATE EXTENSION pglogical_origin; CREATE EXTENSION pglogical; GRANT');
  });

  test('who called pglogical by a right of its own goes on when PUBLIC loses it', () => {
    const seen = {...pglogical, shutOut: ['app'], open: true, users: ['replicator']};
    expect(judgePglogical('longhaul', 90_610, seen).find(({severity}) => severity === 'blocker')?.remedy).toContain(
      'TO "replicator", "longhaul"',
    );
  });

  const readable: ReadingSeen = {rights: RIGHTS, unreadable: [], secured: [], unreadableObjects: 0};
  test('a closed schema is told with every grant that opens it, whatever its name', () => {
    const [finding] = judgeReading('source', {
      ...readable,
      unreadable: [{schema: 'we"ird', name: 'a', schemaClosed: true}],
    });
    expect(finding?.severity).toBe('blocker');
    expect(finding?.remedy).toContain('GRANT USAGE ON SCHEMA "we""ird" TO "longhaul"');
    expect(finding?.remedy).toContain('GRANT SELECT ON ALL SEQUENCES IN SCHEMA "we""ird" TO "longhaul"');
  });

  test('row security and large objects that the role may not read block, superusers and BYPASSRLS pass', () => {
    const secured = {...readable, secured: [{schema: 'public', name: 'notes'}]};
    expect(told(judgeReading('replica', secured))).toEqual([]);
    expect(told(judgeReading('replica', {...secured, rights: {...RIGHTS, bypassRls: false}}))).toEqual([
      'b replica.row-security',
    ]);
    expect(told(judgeReading('source', {...readable, unreadableObjects: 3}))).toEqual(['b source.large-objects']);
  });
});

describe('the target', () => {
  const database = {database: 'app', encoding: 'UTF8', collate: 'C', ctype: 'C', isolation: 'read committed'};
  const fine: TargetSeen = {
    source: database,
    target: database,
    rights: RIGHTS,
    extensions: ['plpgsql', 'pglogical', 'citext'],
    offers: [offer('citext', false, true), offer('postgis', false, false)],
    maySetReplicationRole: true,
    load: {foreignKeys: 'after-load', triggers: 'at-cutover'},
    withCdc: true,
    timeouts: new Map([['statement_timeout', '0']]),
  };
  test.each<[string, TargetSeen, string[]]>([
    ['as it should be', fine, []],
    ['of another encoding', {...fine, target: {...database, encoding: 'LATIN1'}}, ['b target.encoding']],
    ['of another collation', {...fine, target: {...database, collate: 'de_DE'}}, ['w target.collation']],
    ['without an extension', {...fine, extensions: ['hstore']}, ['b target.extension']],
    ['with an extension that wants a superuser', {...fine, extensions: ['postgis']}, ['w target.extension-rights']],
    ['with one that is there already', {...fine, extensions: ['postgis'], offers: [offer('postgis', true, false)]}, []],
    [
      'without the right to create',
      {...fine, rights: {...RIGHTS, createInDatabase: false, createRole: false}},
      ['b target.create', 'w target.create-role'],
    ],
    ['where foreign keys would fire under CDC', {...fine, maySetReplicationRole: false}, ['w target.replication-role']],
    ['where nothing comes after the load', {...fine, maySetReplicationRole: false, withCdc: false}, []],
  ])('%s', (_, seen, expected) => {
    expect(told(judgeTarget(seen))).toEqual(expected);
  });
});

describe('the data', () => {
  const nothing: DataSeen = {
    tables: [],
    uniques: [],
    lobs: [],
    hazards: [],
    sequences: 0,
    largeObjects: 0,
    capture: dms,
  };
  const at = {schema: 'public', name: 'old', detail: ''};
  test('nothing special, nothing told', () => {
    expect(judgeData(nothing)).toEqual([]);
  });
  test('types that are gone block, and partitions by the hash of an oid; oids and invalid indexes warn, what only DMS minds is not told without it', () => {
    const hazards = (['type gone', 'hash of oids', 'with oids', 'invalid index', 'numeric or char'] as const).map(
      (hazard) => ({
        ...at,
        hazard,
      }),
    );
    expect(told(judgeData({...nothing, hazards}))).toEqual([
      'b data.type-gone',
      'b data.hash-of-oids',
      'w data.with-oids',
      'w data.invalid-index',
    ]);
    expect(judgeData({...nothing, hazards}).some(({check}) => check === 'data.dms-types')).toBe(true);
    expect(judgeData({...nothing, hazards, capture: none}).some(({check}) => check === 'data.dms-types')).toBe(false);
  });
});
