import {describe, expect, test} from 'vitest';
import {judgeSourceSettings, type SourceSeen} from '../../../src/engine/capture/slots/check-source-settings.ts';
import {judgeTools} from '../../../src/engine/preflight/servers/check-tools.ts';
import {judgeVersions, type ServersSeen} from '../../../src/engine/preflight/servers/check-versions.ts';
import {parseNameList} from '../../../src/engine/preflight/name-list.ts';
import {told} from './told.ts';

const tools = (version: number, psql = version) => ({
  pgDump: {path: '/bin/pg_dump', version},
  pgRestore: {path: '/bin/pg_restore', version},
  psql: {path: '/bin/psql', version: psql},
  pv: null,
});

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

const remedyOf = (source: SourceSeen): string | undefined => judgeSourceSettings(source)[0]?.remedy;

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
    version: 90_610,
    plugin: 'pglogical',
    replicaSettings: new Map([
      ['max_wal_senders', '0'],
      ['max_worker_processes', '8'],
    ]),
    installed: true,
    usage: {slots: 1, senders: 2, workers: 2, ...usage},
    missing: 6,
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
  ])('%s', (_, source, expected) => {
    expect(told(judgeSourceSettings(source))).toEqual(expected);
  });

  test('what others have in a list stays in it, each name quoted by itself', () => {
    const others = {shared_preload_libraries: 'auto_explain, "we,ird"', 'pglogical.conflict_resolution': null};
    expect(remedyOf(seen(others))).toContain(
      "SET shared_preload_libraries = 'auto_explain', 'we,ird', 'pglogical'; restart",
    );
    expect(remedyOf(seen({output_plugin_libraries: '"pgoutput, wal2json"'}))).toContain(
      "SET output_plugin_libraries = 'pgoutput', 'wal2json', 'pglogical', 'pglogical_output'; SELECT",
    );
  });

  test('a library that is not installed is installed first: with it in the list the server would not start', () => {
    const none = seen({shared_preload_libraries: '', 'pglogical.conflict_resolution': null});
    expect(remedyOf(none)).not.toContain('install');
    expect(remedyOf({...none, installed: false})).toContain('apt install postgresql-9.6-pglogical');
  });

  test('a limit that a standby must not have less of is raised there first, and lowered nowhere', () => {
    expect(remedyOf(seen({max_wal_senders: '7'}))).toMatch(
      /on the replica, .*SET max_wal_senders = 12; restart the replica; on the source, .*= 12; restart the source/,
    );
    const enough = {...seen({max_wal_senders: '7'}), replicaSettings: new Map([['max_wal_senders', '50']])};
    expect(remedyOf(enough)).not.toContain('restart the replica');
    expect(remedyOf(seen({}, {slots: 5}))).not.toContain('standby');
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
