import type {Lab} from '../../../src/lab/lab.ts';
import {eventually} from '../../support/longhaul.ts';
import {bySql, expectRows, type Situation} from './situation.ts';
import {untilReplayed} from '../../support/replayed.ts';

const andRestart = (text: string) => async (lab: Lab) => {
  await lab.source.sql(text);
  await lab.source.restart();
};

/** Lowered on the primary first: a standby must not have less. */
const tooFewEverywhere = (setting: string, value: number) => async (lab: Lab) => {
  for (const server of [lab.source, lab.replica]) {
    await server.sql(`ALTER SYSTEM SET ${setting} = ${value}`);
    await server.restart();
    await untilReplayed(lab);
  }
};

/** Settings of primary and replica. */
export const SETTINGS: readonly Situation[] = [
  {
    id: 'source.wal-level',
    when: 'the primary writes WAL for standbys only',
    arise: andRestart("ALTER SYSTEM SET wal_level = 'replica'"),
    holds: untilReplayed,
  },
  {
    id: 'source.preload',
    when: 'pglogical is not preloaded, and another library is',
    arise: andRestart("ALTER SYSTEM SET shared_preload_libraries = 'auto_explain'"),
    holds: async ({source}) => expectRows(source, 'SHOW shared_preload_libraries', 'auto_explain, pglogical'),
  },
  {
    id: 'source.plugins',
    when: 'the server lets no slot use pglogical, and somebody needs wal2json',
    arise: async ({source}) => {
      await source.sql(
        "ALTER SYSTEM SET output_plugin_libraries = 'test_decoding', 'wal2json'; SELECT pg_reload_conf()",
      );
      await eventually('the list', async () => {
        const [row] = await source.sql('SHOW output_plugin_libraries');
        return row?.[0] === 'test_decoding, wal2json' ? true : null;
      });
    },
    holds: async ({source}) => {
      await expectRows(source, 'SHOW output_plugin_libraries', 'test_decoding, wal2json, pglogical, pglogical_output');
      await source.sql("SELECT pg_create_logical_replication_slot('tried', 'pglogical')");
      await source.sql("SELECT pg_drop_replication_slot('tried')");
    },
  },
  {
    id: 'source.max_replication_slots',
    when: 'all slots are in use',
    arise: andRestart('ALTER SYSTEM SET max_replication_slots = 1'),
    holds: untilReplayed,
  },
  {
    id: 'source.max_wal_senders',
    when: 'primary and standby have two senders each',
    arise: tooFewEverywhere('max_wal_senders', 2),
    holds: untilReplayed,
  },
  {
    id: 'source.max_worker_processes',
    when: 'primary and standby have three workers each',
    arise: tooFewEverywhere('max_worker_processes', 3),
    holds: untilReplayed,
  },
  {
    id: 'source.keep-size',
    when: 'slots are killed after a gigabyte',
    arise: bySql("ALTER SYSTEM SET max_slot_wal_keep_size = '1GB'; SELECT pg_reload_conf(); SELECT pg_sleep(0.2)"),
  },
  {
    id: 'replica.feedback',
    when: 'the replica tells the primary what its queries still need',
    arise: async ({replica}) => {
      await replica.sql('ALTER SYSTEM SET hot_standby_feedback = on; SELECT pg_reload_conf(); SELECT pg_sleep(0.2)');
    },
  },
  {
    id: 'replica.paused',
    when: 'somebody has paused replay',
    arise: async ({replica}) => {
      await replica.sql('SELECT pg_wal_replay_pause()');
      await eventually('the pause', async () => {
        const [row] = await replica.sql('SELECT pg_get_wal_replay_pause_state()');
        return row?.[0] === 'paused' ? true : null;
      });
    },
    holds: untilReplayed,
  },
];
