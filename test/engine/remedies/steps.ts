import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';
import {endReader} from '../../../src/engine/prove/judge-boundary.ts';
import {NOT_FREED} from '../../../src/engine/exit/release-words.ts';
import {judgeSet} from '../../../src/engine/capture/dms/create-replication-sets.ts';
import {judgeSlot} from '../../../src/engine/capture/slots/create-slots.ts';
import {howToEnd} from '../../../src/engine/waiting/how-to-end.ts';
import type {Lab} from '../../../src/lab/lab.ts';
import {readReplicationSets} from '../../../src/pg/replication/pglogical.ts';
import {readSlotBlockers} from '../../../src/pg/replication/blockers.ts';
import {readSlots} from '../../../src/pg/replication/slots.ts';
import {connectTo} from '../../support/application.ts';
import {eventually} from '../../support/longhaul.ts';
import {bySql, expectRows, withContext, type Said, type Situation} from './situation.ts';

/** A transaction of the application's that is prepared, and what to do with it. */
const prepared: Situation['arise'] = async ({source}) => {
  await source.sql(
    "SET ROLE app; BEGIN; INSERT INTO shop.kept (what) VALUES ('later'); PREPARE TRANSACTION 'it''s; later'",
  );
};

async function blockersOf(lab: Lab): Promise<Said[]> {
  return withContext(lab, async (ctx) => {
    const source = await ctx.session('source');
    const blockers = await source.run(readSlotBlockers(source.version));
    return blockers.length === 0
      ? []
      : [{id: 'create-slots.howToEnd', remedy: howToEnd(blockers, {on: 'source', limit: 'timeouts.create_slot'})}];
  });
}

/** What steps and commands say. */
export const STEPS: readonly Situation[] = [
  {
    id: 'source.open-transaction',
    when: 'a prepared transaction is to be kept',
    arise: prepared,
    alternative: 1,
    holds: async ({source}) => expectRows(source, "DELETE FROM shop.kept WHERE what = 'later' RETURNING what", 'later'),
  },
  {
    id: 'source.open-transaction',
    when: 'a prepared transaction is to be forgotten',
    arise: prepared,
    holds: async ({source}) => expectRows(source, "SELECT what FROM shop.kept WHERE what = 'later'", ''),
  },
  {
    id: 'create-slots.howToEnd',
    when: 'a slot waits for a session and a prepared transaction',
    ask: blockersOf,
    arise: async (lab) => {
      await prepared(lab);
      const session = await connectTo(lab.source, {user: 'app', database: 'app'});
      await session.query("BEGIN; INSERT INTO shop.kept (what) VALUES ('open')");
      return async () => session.end().catch(() => undefined);
    },
  },
  {
    id: 'prove-boundary.endReader',
    when: 'somebody reads a slot of ours before its time',
    ask: async (lab) =>
      withContext(lab, async (ctx) => {
        const source = await ctx.session('source');
        const read = (await source.run(readSlots(source.version))).filter(
          ({name, active}) => name === 'read' && active,
        );
        return read.map((slot) => ({id: 'prove-boundary.endReader', remedy: endReader(slot.name, slot)}));
      }),
    arise: async ({source}) => {
      await source.sql("SELECT pg_create_logical_replication_slot('read', 'test_decoding')");
      const args = ['--start', '--slot', 'read', '--no-loop', '-f', '/dev/null', '-d', source.conninfo];
      const reader = spawn(join(source.clientBin, 'pg_recvlogical'), args, {stdio: 'ignore'});
      const ended = once(reader, 'exit');
      await eventually('somebody reading the slot', async () => {
        const [row] = await source.sql("SELECT 1 FROM pg_replication_slots WHERE slot_name = 'read' AND active");
        return row ?? null;
      });
      return async () => {
        await ended;
        await source.sql("SELECT pg_drop_replication_slot('read')");
      };
    },
  },
  {
    id: 'create-slots.taken',
    when: 'nobody needs a slot of our name any more',
    alternative: 1,
    ask: async (lab) =>
      withContext(lab, async (ctx) => {
        const source = await ctx.session('source');
        const all = await source.run(readSlots(source.version));
        return all
          .filter(({name}) => name === 'dms_slot_01')
          .flatMap((slot) => judgeSlot(slot, {plugin: 'pglogical', database: 'app', claimed: []}))
          .map(({check, remedy}) => ({id: check, remedy}));
      }),
    arise: bySql("SELECT pg_create_logical_replication_slot('dms_slot_01', 'pglogical')"),
  },
  {
    id: 'create-replication-sets.taken',
    when: 'nobody needs a set of our name any more',
    alternative: 1,
    ask: async (lab) =>
      withContext(lab, async (ctx) => {
        const sets = await (await ctx.session('source')).run(readReplicationSets());
        const ours = sets.filter(({name}) => name === 'dms_slot_01');
        return ours.flatMap((set) => judgeSet(set, [], [])).map(({check, remedy}) => ({id: check, remedy}));
      }),
    arise: async (lab) => {
      await bySql(
        "SELECT pglogical.create_node('tried', 'dbname=app'); SELECT pglogical.create_replication_set('dms_slot_01')",
      )(lab);
      return async () => bySql("SELECT pglogical.drop_node('tried')")(lab);
    },
  },
  {
    id: 'release.NOT_FREED',
    when: 'released slots have let go of WAL, and no checkpoint came',
    ask: async ({source}) => {
      const [row] = await source.sql(
        "SELECT checkpoint_time > current_setting('longhaul.released')::timestamptz FROM pg_control_checkpoint()",
      );
      return row?.[0] === 't' ? [] : [{id: 'release.NOT_FREED', remedy: NOT_FREED}];
    },
    arise: async ({source}) => {
      // A checkpoint's time has whole seconds, cut off.
      await source.sql('SELECT pg_sleep(1.1)');
      await source.sql(
        `DO $$ BEGIN EXECUTE format('ALTER DATABASE app SET longhaul.released = %L', date_trunc('second', now())); END $$`,
      );
      await source.sql('SELECT pg_sleep(1.1)');
    },
  },
];
