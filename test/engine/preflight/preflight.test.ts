import {describe, expect, test} from 'vitest';
import type {Finding} from '../../../src/domain/finding.ts';
import {parseLsn} from '../../../src/domain/lsn.ts';
import {judgeData, type DataSeen} from '../../../src/engine/preflight/check-data.ts';
import {judgeReplica, type ReplicaSeen} from '../../../src/engine/preflight/check-replica.ts';
import {judgeReading, judgeSlotRights, type ReadingSeen} from '../../../src/engine/preflight/check-rights.ts';
import {judgeRoom} from '../../../src/engine/preflight/check-room.ts';
import {judgeSourceSettings, type SourceSeen} from '../../../src/engine/preflight/check-source-settings.ts';
import {ACTIVE_SLOT, judgeBlockers, judgeForeignSlot} from '../../../src/engine/preflight/check-source-slots.ts';
import {judgeTarget, type TargetSeen} from '../../../src/engine/preflight/check-target.ts';
import {judgeTools} from '../../../src/engine/preflight/check-tools.ts';
import {judgeVersions, type ServersSeen} from '../../../src/engine/preflight/check-versions.ts';
import {parseNameList} from '../../../src/engine/preflight/name-list.ts';
import type {RoleRights} from '../../../src/pg/rights.ts';
import type {Slot} from '../../../src/pg/slots.ts';

/** What stands out: the names of blockers and warnings, with a letter for which. */
function told(findings: readonly Finding[]): string[] {
  return findings.filter(({severity}) => severity !== 'note').map(({severity, check}) => `${severity[0]} ${check}`);
}

const gb = 1024 ** 3;

describe('servers and tools', () => {
  const fine: ServersSeen = {
    source: {version: 90_624, inRecovery: false},
    replica: {version: 90_624, inRecovery: true},
    target: {version: 120_018, inRecovery: false},
  };
  const change = (role: keyof ServersSeen, to: Partial<ServersSeen['source']>): ServersSeen => ({
    ...fine,
    [role]: {...fine[role], ...to},
  });
  test.each<[string, ServersSeen, string[]]>([
    ['9.6 to 12', fine, []],
    ['a source of 9.3', change('source', {version: 90_325}), ['b source.version', 'b replica.release']],
    ['a source that is a standby', change('source', {inRecovery: true}), ['b source.standby']],
    ['a replica that was promoted', change('replica', {inRecovery: false}), ['b replica.not-a-standby']],
    ['a target that is older', change('target', {version: 90_500}), ['b target.older']],
    ['a target of 10', change('target', {version: 100_023}), ['w target.release']],
    ['a target that is a standby', change('target', {inRecovery: true}), ['b target.standby']],
  ])('%s', (_, seen, expected) => {
    expect(told(judgeVersions(seen))).toEqual(expected);
  });

  const tools = (version: number, psql = version) => ({
    pgDump: {path: '/bin/pg_dump', version},
    pgRestore: {path: '/bin/pg_restore', version},
    psql: {path: '/bin/psql', version: psql},
  });
  test.each<[string, ReturnType<typeof tools>, number, number, string[]]>([
    ['tools of 15, 9.6 to 12', tools(150_020), 90_624, 120_018, []],
    ['tools of 15, 15 to 18', tools(150_020), 150_020, 180_004, ['w tools.older-than-target']],
    ['tools of 15, a source of 16', tools(150_020), 160_004, 160_004, ['b tools.too-old']],
    ['tools of 17 to 12, which knows no transaction_timeout', tools(170_004), 90_624, 120_018, ['b tools.too-new']],
    ['tools of 17 to 17', tools(170_004), 90_624, 170_004, []],
    ['pg_dump patched, psql not', tools(150_020, 150_010), 90_624, 120_018, ['b tools.releases-differ']],
  ])('%s', (_, seen, dumped, target, expected) => {
    expect(told(judgeTools(seen, {dumped, target}))).toEqual(expected);
  });
});

describe('settings of the source', () => {
  const settings = {
    'pglogical.conflict_resolution': 'apply_remote',
    shared_preload_libraries: 'pg_stat_statements, pglogical',
    wal_level: 'logical',
    max_replication_slots: '10',
    max_wal_senders: '10',
    max_worker_processes: '10',
    wal_sender_timeout: '0',
  };
  const seen = (change: Record<string, string | null>, usage: Partial<SourceSeen['usage']> = {}): SourceSeen => ({
    settings: new Map(
      Object.entries({...settings, ...change}).flatMap(([name, value]): [string, string][] =>
        value === null ? [] : [[name, value]],
      ),
    ),
    usage: {slots: 1, senders: 2, workers: 2, ...usage},
    missing: 6,
    engine: 'dms',
  });
  test.each<[string, SourceSeen, string[]]>([
    ['as the runbook sets them', seen({}), []],
    ['9.6, where only a superuser sees what is preloaded', seen({shared_preload_libraries: null}), []],
    [
      'pglogical not preloaded, list not seen',
      seen({shared_preload_libraries: null, 'pglogical.conflict_resolution': null}),
      ['b source.preload'],
    ],
    [
      'a library whose name only begins so',
      seen({shared_preload_libraries: 'pglogical_output', 'pglogical.conflict_resolution': null}),
      ['b source.preload'],
    ],
    ['wal_level replica', seen({wal_level: 'replica'}), ['b source.wal-level']],
    ['plugins by default', seen({output_plugin_libraries: 'pgoutput, test_decoding'}), ['b source.plugins']],
    ['plugins with ours', seen({output_plugin_libraries: 'pgoutput, test_decoding, pglogical'}), []],
    [
      'plugins quoted as one string',
      seen({output_plugin_libraries: '"pgoutput, test_decoding, pglogical"'}),
      ['b source.plugins'],
    ],
    ['too few slots beside those in use', seen({}, {slots: 5}), ['b source.max_replication_slots']],
    ['too few senders', seen({max_wal_senders: '7'}), ['b source.max_wal_senders']],
    ['few workers', seen({}, {workers: 8}), ['w source.max_worker_processes']],
    ['slots that may be killed', seen({max_slot_wal_keep_size: '100GB'}), ['w source.keep-size']],
    ['no slots wanted', {...seen({wal_level: 'replica'}), engine: 'none'}, []],
  ])('%s', (_, source, expected) => {
    expect(told(judgeSourceSettings(source))).toEqual(expected);
  });

  test.each([
    ['pgoutput, test_decoding', ['pgoutput', 'test_decoding']],
    ['"pgoutput, test_decoding"', ['pgoutput, test_decoding']],
    [' a ,"we""ird" ', ['a', 'we"ird']],
    ['', []],
  ])('a list of names: %s', (text, names) => {
    expect(parseNameList(text)).toEqual(names);
  });
});

const RIGHTS: RoleRights = {
  role: 'longhaul',
  superuser: false,
  replication: true,
  bypassRls: true,
  createRole: true,
  createInDatabase: true,
};

describe('rights', () => {
  test('a slot wants REPLICATION, pglogical its schema', () => {
    expect(told(judgeSlotRights(RIGHTS, {version: '2.4.2', mayUse: true}))).toEqual([]);
    expect(told(judgeSlotRights({...RIGHTS, replication: false}, {version: '2.4.2', mayUse: false}))).toEqual([
      'b source.replication',
      'b source.pglogical-usage',
    ]);
    expect(told(judgeSlotRights(RIGHTS, null))).toEqual(['b source.pglogical']);
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

describe('slots of others', () => {
  const slot: Slot = {
    name: 'analytics',
    kind: 'logical',
    plugin: 'pgoutput',
    database: 'app',
    active: true,
    activePid: 4711,
    restartLsn: parseLsn('0/1'),
    confirmedFlushLsn: parseLsn('0/1'),
    retainedBytes: 5,
    walStatus: 'reserved',
    safeWalBytes: null,
    inactiveSince: null,
    invalidationReason: null,
  };
  test('one that is read is asked about, one that is not is noted, a physical one is nobody’s business', () => {
    expect(judgeForeignSlot(slot).map(({check}) => check)).toEqual([ACTIVE_SLOT]);
    expect(judgeForeignSlot({...slot, active: false}).map(({severity}) => severity)).toEqual(['note']);
    expect(judgeForeignSlot({...slot, kind: 'physical'})).toEqual([]);
  });

  test('a transaction whose age may not be seen is no reason to stop, a prepared one is told at any age', () => {
    const blockers = [
      {what: 'pid 1 of app', seconds: null, prepared: false},
      {what: 'pid 2 of app', seconds: 90, prepared: false},
      {what: 'prepared transaction x', seconds: 1, prepared: true},
    ];
    expect(judgeBlockers(blockers, 60).map(({seen}) => seen.split(':')[0])).toEqual([
      'pid 2 of app',
      'prepared transaction x',
    ]);
  });
});

describe('the replica', () => {
  const fine: ReplicaSeen = {
    version: 90_624,
    role: 'longhaul',
    primary: {
      inRecovery: false,
      insertLsn: parseLsn('10/0'),
      currentLsn: parseLsn('10/0'),
      flushLsn: parseLsn('10/0'),
      timeline: 1,
      systemIdentifier: '7',
      clock: '',
    },
    position: {
      inRecovery: true,
      replayLsn: parseLsn('F/FF000000'),
      receiveLsn: parseLsn('10/0'),
      postmasterStart: '',
      timeline: 1,
      systemIdentifier: '7',
      clock: '',
      paused: false,
    },
    rights: {mayPause: true, mayResume: true},
    settings: new Map([['hot_standby_feedback', 'off']]),
    pausedByUs: false,
  };
  const position = (change: Partial<ReplicaSeen['position']>): ReplicaSeen => ({
    ...fine,
    position: {...fine.position, ...change},
  });
  test.each<[string, ReplicaSeen, string[]]>([
    ['streaming', fine, []],
    ['of another cluster', position({systemIdentifier: '8'}), ['b replica.other-cluster']],
    ['paused by somebody', position({paused: true}), ['b replica.paused']],
    ['paused by this run', {...position({paused: true}), pausedByUs: true}, []],
    ['from an archive', position({receiveLsn: null}), ['w replica.not-streaming']],
    ['far behind', position({replayLsn: parseLsn('1/0')}), ['w replica.behind']],
    ['with feedback', {...fine, settings: new Map([['hot_standby_feedback', 'on']])}, ['w replica.feedback']],
    ['that may not be paused', {...fine, rights: {mayPause: true, mayResume: false}}, ['b replica.may-not-pause']],
  ])('%s', (_, seen, expected) => {
    expect(told(judgeReplica(seen))).toEqual(expected);
  });

  test('before 9.6 no grant helps, and the remedy does not say so', () => {
    const rights = {mayPause: false, mayResume: false};
    expect(judgeReplica({...fine, rights})[0]?.remedy).toContain('pg_xlog_replay_pause()');
    expect(judgeReplica({...fine, rights, version: 90_526})[0]?.remedy).toContain('SUPERUSER');
  });
});

describe('the target', () => {
  const database = {database: 'app', encoding: 'UTF8', collate: 'C', ctype: 'C'};
  const offer = (name: string, installed: boolean, trusted: boolean) => ({name, installed, trusted});
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

describe('room', () => {
  const needed = {dataBytes: 100 * gb, indexBytes: 50 * gb, thereBytes: 0};
  const free = (bytes: number | null) => ({freeBytes: bytes, totalBytes: 1000 * gb, from: 'command'});
  test('the target blocks where the rows do not fit, warns where the indexes do not', () => {
    expect(told(judgeRoom('target', free(90 * gb), needed))).toEqual(['b target.room']);
    expect(told(judgeRoom('target', free(120 * gb), needed))).toEqual(['w target.room']);
    expect(told(judgeRoom('target', free(160 * gb), needed))).toEqual([]);
  });
  test('what is on the target already needs no room again', () => {
    expect(told(judgeRoom('target', free(30 * gb), {...needed, thereBytes: 130 * gb}))).toEqual([]);
  });
  test('unknown is told as unknown on every server, with the key that makes it known', () => {
    for (const server of ['source', 'replica', 'target'] as const) {
      const [finding] = judgeRoom(server, free(null), needed);
      expect(finding?.severity).toBe('warning');
      expect(finding?.remedy).toContain(`disks.${server}.command`);
    }
    expect(told(judgeRoom('source', 'it ended with 1', needed))).toEqual(['w source.room']);
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
    engine: 'dms',
  };
  const at = {schema: 'public', name: 'old', detail: ''};
  test('nothing special, nothing told', () => {
    expect(judgeData(nothing)).toEqual([]);
  });
  test('types that are gone block, oids and invalid indexes warn, what only DMS minds is not told without it', () => {
    const hazards = (['type gone', 'with oids', 'invalid index', 'numeric or char'] as const).map((hazard) => ({
      ...at,
      hazard,
    }));
    expect(told(judgeData({...nothing, hazards}))).toEqual([
      'b data.type-gone',
      'w data.with-oids',
      'w data.invalid-index',
    ]);
    expect(judgeData({...nothing, hazards}).some(({check}) => check === 'data.dms-types')).toBe(true);
    expect(judgeData({...nothing, hazards, engine: 'none'}).some(({check}) => check === 'data.dms-types')).toBe(false);
  });
});
