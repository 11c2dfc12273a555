import {toLibpq} from '../../../config/conninfo/conninfo.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {terminateBackendsLike} from '../../../pg/load/backends.ts';
import {createScratchDatabase, dropScratchDatabase} from '../../../pg/load/scratch-database.ts';
import type {Session} from '../../../pg/session/session.ts';
import {readDatabase} from '../../../pg/session/settings.ts';
import type {Statement} from '../../../pg/session/statement.ts';
import type {StepContext} from '../../step.ts';
import {runToolWhole, type ToolOutput} from '../../tools/run-tool.ts';
import {toolSession} from '../../tools/tool-session.ts';
import {SCHEMA_LIMIT_MS} from './dump-schema.ts';

/** One transaction, which ends at the first error. */
const AT_ONCE = ['-1', '-v', 'ON_ERROR_STOP=1'];

/** The scratch database of a run: `longhaul_rehearsal_acme-prod`, cut to what a name may have. */
export function scratchDatabase({config}: Pick<StepContext, 'config'>): string {
  return `longhaul_rehearsal_${config.run}`.slice(0, 63);
}

/** The statements that end who is still in the scratch database and drop it. */
export function scratchDropped(ctx: Pick<StepContext, 'config'>): Statement[] {
  return [terminateBackendsLike([sessionName(ctx)]), dropScratchDatabase(scratchDatabase(ctx))];
}

/** The statement that creates it, in the encoding and locale of the target's database. */
export async function scratchCreated(ctx: Pick<StepContext, 'config'>, target: Session): Promise<Statement> {
  return createScratchDatabase(scratchDatabase(ctx), await target.one(readDatabase()));
}

/** Drops it where it is there. */
export async function dropScratch(ctx: Pick<StepContext, 'config'>, target: Session): Promise<void> {
  for (const statement of scratchDropped(ctx)) await target.run(statement, {timeoutMs: SCHEMA_LIMIT_MS});
}

/** An empty one; what a rehearsal that was cut off has left is dropped. */
export async function makeScratch(ctx: Pick<StepContext, 'config'>, target: Session): Promise<void> {
  await dropScratch(ctx, target);
  await target.run(await scratchCreated(ctx, target), {timeoutMs: SCHEMA_LIMIT_MS});
}

/** Whether the scratch database takes all of a file in one transaction; nothing of it is left there where it does not. */
export async function isTaken(ctx: StepContext, path: string): Promise<boolean> {
  try {
    await restore(ctx, path, AT_ONCE);
    return true;
  } catch (error) {
    ctx.signal.throwIfAborted();
    if (!(error instanceof LonghaulError) || error.code !== 'failed') throw error;
    return false;
  }
}

/** Runs a file statement after statement, whatever fails, and gives everything that the target says. */
export async function restoreEach(ctx: StepContext, path: string): Promise<string> {
  return (await restore(ctx, path, [])).stderr;
}

/** psql's arguments for either, without secrets. */
export async function scratchArgs(ctx: StepContext, path: string, how: 'at once' | 'each'): Promise<string[]> {
  const {args} = await restoreCall(ctx, path);
  return [...(how === 'at once' ? AT_ONCE : []), ...args];
}

async function restore(ctx: StepContext, path: string, how: readonly string[]): Promise<ToolOutput> {
  const {server, args} = await restoreCall(ctx, path);
  const purpose = `restore the schema into the scratch database ${scratchDatabase(ctx)} of the target`;
  return runToolWhole(ctx, {
    path: ctx.tools.psql.path,
    args: [...how, ...args],
    server,
    limitMs: SCHEMA_LIMIT_MS,
    purpose,
  });
}

async function restoreCall(ctx: StepContext, path: string) {
  const target = ctx.config.servers.target;
  const server = {...target, params: {...target.params, dbname: scratchDatabase(ctx)}};
  const session = await toolSession(ctx, 'target', sessionName(ctx));
  const how = ['-X', '--no-password', '-q', '-v', 'VERBOSITY=verbose', '-o', '/dev/null'];
  return {server, args: [...how, '-c', 'SET synchronous_commit = off', '-f', path, '-d', toLibpq(server, session)]};
}

function sessionName({config}: Pick<StepContext, 'config'>): string {
  return `longhaul/${config.run}/rehearsal-schema`;
}
