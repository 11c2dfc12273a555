import type {Finding} from '../../../src/domain/run/finding.ts';
import {judgeData} from '../../../src/engine/preflight/database/check-data.ts';
import {judgeAsking} from '../../../src/engine/preflight/servers/check-timeline.ts';
import {none} from '../../../src/engine/capture/none/none.ts';
import {judgePglogical} from '../../../src/engine/capture/dms/judge-pglogical.ts';
import type {LabServer} from '../../../src/lab/cluster/lab-server.ts';
import {readDataHazards} from '../../../src/pg/catalog/data-hazards.ts';
import {readPglogicalRights} from '../../../src/pg/replication/pglogical-rights.ts';
import {readRoleRights} from '../../../src/pg/roles/rights.ts';
import {readSettings} from '../../../src/pg/session/settings.ts';
import type {Session} from '../../../src/pg/session/session.ts';

/** A situation on a 9.6 without replica and target. */
export interface OldSituation {
  readonly id: string;
  readonly when: string;
  readonly arise: string;
  /** Whether it arises with the next start. */
  readonly restart?: true;
  readonly ask: (source: Session) => Promise<readonly Finding[]>;
  /** Whether the application cannot work in the situation, and can after the remedy. */
  readonly hurts?: true;
  readonly holds?: (source: LabServer) => Promise<void>;
}

async function askData(source: Session): Promise<readonly Finding[]> {
  const hazards = await source.run(readDataHazards(source.version));
  return judgeData({tables: [], uniques: [], lobs: [], hazards, sequences: 0, largeObjects: 0, capture: none});
}

async function askPglogical(source: Session): Promise<readonly Finding[]> {
  const [rights] = await source.run(readPglogicalRights());
  return judgePglogical('longhaul', source.version, rights ?? null);
}

async function askTimeline(source: Session): Promise<readonly Finding[]> {
  const {role, replication} = await source.one(readRoleRights(source.version));
  const settings = await source.run(readSettings(['max_wal_senders', 'wal_level']));
  const valueOf = (name: string): string => settings.find((setting) => setting.name === name)?.value ?? '';
  const [walLevel, maxWalSenders] = [valueOf('wal_level'), Number(valueOf('max_wal_senders'))];
  return judgeAsking('source', {role, mayReplicate: replication, maxWalSenders, walLevel, paused: false});
}

/** What only old servers have, and what is other there. */
export const OLD_SITUATIONS: readonly OldSituation[] = [
  {id: 'source.pglogical', when: 'pglogical is not in the database', arise: 'SELECT 1', ask: askPglogical},
  {
    id: 'source.pglogical-public',
    when: 'somebody has made the extension and granted nothing',
    arise: 'DROP EXTENSION pglogical CASCADE; DROP SCHEMA pglogical; CREATE EXTENSION pglogical',
    ask: askPglogical,
    hurts: true,
  },
  {
    id: 'source.pglogical-open',
    when: 'every role may call what changes replication',
    arise: 'GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA pglogical TO PUBLIC',
    ask: askPglogical,
  },
  {
    id: 'source.pglogical-usage',
    when: 'the role may not call pglogical',
    arise: 'REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA pglogical FROM longhaul',
    ask: askPglogical,
  },
  {
    id: 'source.may-not-identify',
    when: 'the role may not ask for the timeline',
    arise: 'ALTER ROLE longhaul NOREPLICATION',
    ask: askTimeline,
  },
  {
    id: 'source.wal-senders',
    when: 'the server has the defaults of 9.6',
    arise: `ALTER SYSTEM SET max_wal_senders = 0; ALTER SYSTEM SET max_replication_slots = 0; ALTER SYSTEM SET wal_level = minimal`,
    restart: true,
    ask: askTimeline,
  },
  {
    id: 'data.with-oids',
    when: 'a table has oids',
    arise: 'CREATE TABLE shop."Old" (id integer PRIMARY KEY) WITH OIDS; INSERT INTO shop."Old" VALUES (1)',
    ask: askData,
  },
  {
    id: 'data.type-gone',
    when: 'columns have types that no target has',
    arise: `CREATE TABLE shop.moments (id integer PRIMARY KEY, "at it" abstime, took reltime, span tinterval, what unknown);
      INSERT INTO shop.moments VALUES (1, '2001-02-03 04:05:06+00', '1 hour', NULL, 'x')`,
    ask: askData,
    holds: async (source) => {
      const [row] = await source.sql('SET timezone = UTC; SELECT "at it", took, what FROM shop.moments');
      const seen = row?.join(', ');
      if (seen !== '2001-02-03 04:05:06+00, 01:00:00, x') throw new Error(`the rows are now: ${seen}`);
    },
  },
];
