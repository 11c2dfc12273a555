import {openRun} from '../../../src/cli/run/open-run.ts';
import {NEW_RUN} from '../../../src/domain/run/run-state.ts';
import {checkData} from '../../../src/engine/preflight/database/check-data.ts';
import {checkReplica} from '../../../src/engine/preflight/servers/check-replica.ts';
import {checkRights} from '../../../src/engine/preflight/database/check-rights.ts';
import {dms} from '../../../src/engine/capture/dms/dms.ts';
import {checkTarget} from '../../../src/engine/preflight/servers/check-target.ts';
import {withOnce} from '../../../src/engine/preflight/read-once.ts';
import {createContext, type RunContext} from '../../../src/engine/run/run-context.ts';
import type {Lab} from '../../../src/lab/lab.ts';
import {untilReplayed} from '../../support/replayed.ts';

/** What the product said: a finding's check or an alarm's id, and the remedy. */
export interface Said {
  readonly id: string;
  readonly remedy: string;
}

/** A situation whose remedy touches production, brought about on real servers. */
export interface Situation {
  /** The finding's check or the alarm's id without its subject. */
  readonly id: string;
  /** A sentence of the operator's world. */
  readonly when: string;
  /** Brings it about; what it gives ends it in a way of its own afterwards. */
  readonly arise: (lab: Lab) => Promise<void | (() => Promise<void>)>;
  /** Where the product says it; preflight, where nothing else is named. */
  readonly ask?: (lab: Lab) => Promise<readonly Said[]>;
  /** Which of the remedy's alternatives is carried out, the first where nothing is named. */
  readonly alternative?: number;
  /** Whether the application cannot work in the situation, and can after the remedy. */
  readonly hurts?: true;
  /** What must hold after the remedy, besides that the finding is gone and the application goes on. */
  readonly holds?: (lab: Lab) => Promise<void>;
}

/** The parts of preflight that ask servers, and neither tools nor disks. */
const CHECKS = [...dms.checks.map(({check}) => check), checkRights, checkReplica, checkTarget, checkData];

/** The findings of these parts. */
export async function preflight(lab: Lab): Promise<Said[]> {
  return withContext(lab, async (ctx) => {
    const said: Said[] = [];
    const reading = withOnce(ctx);
    for (const check of CHECKS)
      said.push(...(await check(reading)).map((finding) => ({...finding, id: finding.check})));
    return said;
  });
}

/** Nothing here runs a tool. */
const NO_TOOL = {path: '', version: 0};

/** A context that can change nothing, as `longhaul check` has it. */
export async function withContext<T>(lab: Lab, work: (ctx: RunContext) => Promise<T>): Promise<T> {
  const {config, folder} = await openRun(lab.yamlPath, process.env);
  const ctx = createContext({
    config,
    folder,
    tools: {pgDump: NO_TOOL, pgRestore: NO_TOOL, psql: NO_TOOL, pv: null},
    store: {state: () => NEW_RUN, record: async () => undefined},
    env: process.env,
    signal: new AbortController().signal,
    now: Date.now,
    readOnly: true,
  });
  try {
    return await work(ctx);
  } finally {
    await ctx.close();
  }
}

/** SQL of a superuser on the source, seen by the replica as well. */
export const bySql = (text: string) => async (lab: Lab) => {
  await lab.source.sql(text);
  await untilReplayed(lab);
};

/** Throws unless the rows are these, columns parted by blanks and rows by commas. */
export async function expectRows(server: Lab['source'], text: string, expected: string): Promise<void> {
  const rows = await server.sql(text);
  const seen = rows.map((row) => row.join(' ')).join(', ');
  if (seen !== expected) throw new Error(`${text}: ${seen} instead of ${expected}`);
}
