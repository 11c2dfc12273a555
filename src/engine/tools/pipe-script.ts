import {writeFile} from 'node:fs/promises';
import {toLibpq, type Conninfo} from '../../config/conninfo/conninfo.ts';
import type {StepContext} from '../step.ts';
import {pipeTools} from './pipe-tools.ts';
import type {ToolCall} from './run-tool.ts';
import {toolSession} from './tool-session.ts';

/** A script of psql whose output is SQL for another server. */
export interface PipedScript {
  /** Where it is written for psql, for this user only. */
  readonly file: string;
  readonly text: string;
  readonly servers: Readonly<Record<'source' | 'target', Conninfo>>;
  /** What both sessions are called. */
  readonly applicationName: string;
  readonly limitMs: number;
  /** `copy public.events`, for what is said where it fails. */
  readonly purpose: string;
}

const QUIET = ['-XAtq', '--no-password', '-v', 'ON_ERROR_STOP=1'];

/** Runs a script by psql on the source, and what it prints by psql on the target. Throws with the words of both. */
export async function pipeScript(
  ctx: StepContext,
  {file, text, servers, applicationName, limitMs, purpose}: PipedScript,
): Promise<void> {
  await writeFile(file, text, {mode: 0o600});
  const psql = async (role: 'source' | 'target', reads: readonly string[]): Promise<ToolCall> => ({
    path: ctx.tools.psql.path,
    args: [...QUIET, ...reads, '-d', toLibpq(servers[role], await toolSession(ctx, role, applicationName))],
    server: servers[role],
    limitMs,
    purpose,
  });
  await pipeTools(ctx, await psql('source', ['-f', file]), await psql('target', []));
}
