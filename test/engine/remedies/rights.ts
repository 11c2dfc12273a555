import {bySql, type Situation} from './situation.ts';
import {untilReplayed} from '../../support/replayed.ts';

/** Rights of our role. */
export const RIGHTS: readonly Situation[] = [
  {id: 'source.replication', when: 'the role may make no slots', arise: bySql('ALTER ROLE longhaul NOREPLICATION')},
  {
    id: 'source.checkpoint',
    when: 'the role may write no checkpoint',
    arise: bySql('REVOKE pg_checkpoint FROM longhaul'),
  },
  {
    id: 'source.select',
    when: 'the role may read nothing, in schemas of any name',
    arise: async (lab) => {
      await bySql(`REVOKE pg_read_all_data FROM longhaul;
        CREATE SCHEMA "we""ird; s" CREATE TABLE t (id serial PRIMARY KEY)`)(lab);
      return async () => bySql('GRANT pg_read_all_data TO longhaul; DROP SCHEMA "we""ird; s" CASCADE')(lab);
    },
    holds: untilReplayed,
  },
  {
    id: 'source.row-security',
    when: 'row security hides rows from the role',
    arise: bySql(`ALTER ROLE longhaul NOBYPASSRLS; CREATE TABLE shop.secret (id integer PRIMARY KEY);
      ALTER TABLE shop.secret OWNER TO app; ALTER TABLE shop.secret ENABLE ROW LEVEL SECURITY`),
  },
  {
    id: 'source.large-objects',
    when: 'the role may not read large objects',
    arise: bySql('SET ROLE app; SELECT lo_create(0); RESET ROLE; ALTER ROLE longhaul RESET lo_compat_privileges'),
  },
  {
    id: 'replica.may-not-pause',
    when: 'the role may not pause replay',
    arise: bySql('REVOKE EXECUTE ON FUNCTION pg_wal_replay_pause(), pg_wal_replay_resume() FROM longhaul'),
    holds: untilReplayed,
  },
];

/** Tables and indexes of the application. */
export const DATA: readonly Situation[] = [
  {
    id: 'data.invalid-index',
    when: 'CREATE INDEX CONCURRENTLY has failed',
    arise: async ({source}) => {
      await source.sql(
        `CREATE TABLE shop."Twice" (id integer); ALTER TABLE shop."Twice" OWNER TO app; INSERT INTO shop."Twice" VALUES (1), (1)`,
      );
      await source.sql('CREATE UNIQUE INDEX CONCURRENTLY "Once; only" ON shop."Twice" (id)').catch(() => undefined);
    },
  },
  {
    id: 'data.unlogged',
    when: 'a table is unlogged',
    arise: bySql('CREATE UNLOGGED TABLE shop."Quick" (id integer PRIMARY KEY); ALTER TABLE shop."Quick" OWNER TO app'),
  },
];
