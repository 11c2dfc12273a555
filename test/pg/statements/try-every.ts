import {setTimeout as wait} from 'node:timers/promises';
import {loadConfig} from '../../../src/config/load.ts';
import {resolveConninfo} from '../../../src/config/conninfo/resolve-conninfo.ts';
import {surroundings} from '../../../src/config/conninfo/surroundings.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {fenceLine} from '../../../src/domain/pg/boundary.ts';
import {connect} from '../../../src/pg/session/connect.ts';
import {identifySystem} from '../../../src/pg/session/identify-system.ts';
import {pauseReplay, readReplicaPosition, resumeReplay} from '../../../src/pg/replication/replica.ts';
import type {Session, SessionOptions} from '../../../src/pg/session/session.ts';
import {sql} from '../../../src/pg/session/statement.ts';
import {EVERY_TRIAL} from './every-trial.ts';
import type {Place, Server, Trial} from './trial.ts';

/** What came of the trials on one release: how many ran, and which failed, with the server's words. */
export interface Tried {
  readonly ran: number;
  readonly failed: readonly string[];
}

/** What applications of 8.2 were carried over with, where anything was a text by itself: a || of a number and a literal has two meanings then. */
const CASTS_OF_82 = 'int2 int4 int8 oid float4 float8 numeric date time timestamp timestamptz interval'
  .split(' ')
  .map((type) => `CREATE CAST (${type} AS text) WITH INOUT AS IMPLICIT`);

/** Runs every statement of src/pg once on primary, standby and target of one release, which are a lab of their own, where it is asked for with the casts of 8.2. */
export async function tryEveryStatement(bin: string, {casts = false}: {casts?: boolean} = {}): Promise<Tried> {
  const lab = await startLab({size: 'tiny', sourceBin: bin, targetBin: bin});
  try {
    if (casts) for (const server of [lab.source, lab.target]) await server.sql(CASTS_OF_82.join('; '));
    const all: Tried[] = [];
    for (const server of ['source', 'replica', 'target'] as const) all.push(await tryOn(lab, server));
    return {ran: all.reduce((sum, {ran}) => sum + ran, 0), failed: all.flatMap(({failed}) => failed)};
  } finally {
    await lab.stop();
  }
}

async function tryOn(lab: Lab, server: Server): Promise<Tried> {
  const {servers} = await loadConfig(lab.yamlPath, {});
  const own = await connect(server, servers[server], OPTIONS);
  const superuser = await connect(server, resolveConninfo(lab[server].conninfo, surroundings({})), OPTIONS);
  const failed: string[] = [];
  try {
    const {version} = own;
    const place = {
      version,
      server,
      conninfo: lab[server].conninfo,
      fence: server === 'replica' ? await pauseAndReadFence(own) : '',
    };
    const [hasPglogical] = await own.run(sql("SELECT FROM pg_extension WHERE extname = 'pglogical'"));
    const trials = Object.entries(EVERY_TRIAL).filter(([, trial]) => fits(trial, place, hasPglogical !== undefined));
    for (const [name, trial] of trials) {
      const session = version < (trial.superuserBefore ?? 0) ? superuser : own;
      const words = await failureOf({lab, session, trial, place});
      if (words !== null) failed.push(`${version} ${server}: ${name}: ${words}`);
    }
    if (server !== 'target') await identifySystem(server, servers[server], IDENTIFY);
    if (server === 'replica') await own.run(resumeReplay(version));
    return {ran: trials.length, failed};
  } finally {
    await Promise.all([own.close(), superuser.close()]);
  }
}

const OPTIONS: SessionOptions = {
  applicationName: 'longhaul/trial',
  statementTimeoutMs: 20_000,
  lockTimeoutMs: 5000,
  readOnly: false,
};
const IDENTIFY = {applicationName: 'longhaul/trial', timeoutMs: 5000};

/** Up to 13 a server says that it is paused once it was asked to: only two equal positions this far apart say so. */
const APART_MS = 1200;

async function pauseAndReadFence(session: Session): Promise<string> {
  await session.run(pauseReplay(session.version));
  for (let before: string | null = null; ; await wait(APART_MS)) {
    const {paused, replayLsn, postmasterStart} = await session.one(readReplicaPosition(session.version));
    if (paused && replayLsn !== null && replayLsn === before) return fenceLine({lsn: replayLsn, postmasterStart});
    before = replayLsn;
  }
}

function fits(trial: Trial, {server, version}: Place, hasPglogical: boolean): boolean {
  return trial.on.includes(server) && version >= (trial.from ?? 0) && (hasPglogical || trial.pglogical !== true);
}

interface Attempt {
  readonly lab: Lab;
  readonly session: Session;
  readonly trial: Trial;
  readonly place: Place;
}

async function failureOf({lab, session, trial, place}: Attempt): Promise<string | null> {
  const statements = trial.make(place);
  try {
    if (trial.alone !== true) await session.run(sql('BEGIN'));
    for (const statement of statements) {
      if (trial.psql === true) await lab[place.server].sql(statement.text);
      else await session.run(statement);
    }
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    if (trial.alone !== true) await session.run(sql('ROLLBACK'));
  }
}
