import {execa} from 'execa';
import type {Conninfo} from '../../config/conninfo/conninfo.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {printable} from '../../domain/base/printable.ts';
import {withoutPostgres} from '../load/host/lane-process.ts';
import type {StepContext} from '../step.ts';

/** A child tool's call: arguments without secrets, the server whose password it needs, and how long it may take. */
export interface ToolCall {
  readonly path: string;
  readonly args: readonly string[];
  readonly server: Conninfo | null;
  readonly limitMs: number;
  /** What it does, for the message of a failure: `dump the schema of the source`. */
  readonly purpose: string;
}

/** What a tool wrote, whole. */
export interface ToolOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a tool to its end and gives its standard output. Throws with its own words. Passwords go by environment only. */
export async function runTool(ctx: Pick<StepContext, 'env' | 'signal'>, call: ToolCall): Promise<string> {
  return (await runToolWhole(ctx, call)).stdout;
}

/** As runTool, with what a tool that ended well has said beside its output: psql goes on after errors unless it is told not to. */
export async function runToolWhole(ctx: Pick<StepContext, 'env' | 'signal'>, call: ToolCall): Promise<ToolOutput> {
  const password = call.server?.password?.reveal();
  const result = await execa(call.path, call.args, {
    reject: false,
    extendEnv: false,
    env: {...withoutPostgres(ctx.env), LC_ALL: 'C.UTF-8', ...(password === undefined ? {} : {PGPASSWORD: password})},
    timeout: call.limitMs,
    cancelSignal: ctx.signal,
    maxBuffer: 256 * 1024 * 1024,
  });
  if (!result.failed) return {stdout: result.stdout, stderr: result.stderr};
  const said = result.stderr
    .split('\n')
    .filter((line) => /error|fatal|could not/i.test(line))
    .slice(0, 4);
  throw new LonghaulError({
    code: 'failed',
    message: `could not ${call.purpose}: ${said.map((line) => printable(line)).join(' ') || (result.timedOut ? 'it took too long' : `exit ${result.exitCode ?? 'by signal'}`)}`,
    remedy: 'mend what it names, then run again; nothing of it was kept',
    cause: result,
  });
}
