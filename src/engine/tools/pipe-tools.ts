import {execa} from 'execa';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {printable} from '../../domain/base/printable.ts';
import {withoutPostgres} from '../load/host/lane-process.ts';
import type {StepContext} from '../step.ts';
import type {ToolCall} from './run-tool.ts';

/**
 * Runs two tools, what the first writes into the second, to the end of both. It goes through this process, which is for what is small: a lane's pipe does not. Each has the
 * password of its own server. Throws with their words; whoever writes to the second ends with something without which that keeps nothing.
 */
export async function pipeTools(ctx: Pick<StepContext, 'env' | 'signal'>, from: ToolCall, to: ToolCall): Promise<void> {
  const shared = {reject: false, extendEnv: false, cancelSignal: ctx.signal} as const;
  const writes = execa(from.path, from.args, {
    ...shared,
    env: envOf(ctx, from),
    timeout: from.limitMs,
    buffer: {stdout: false},
  });
  const reads = execa(to.path, to.args, {...shared, env: envOf(ctx, to), timeout: to.limitMs, stdin: 'pipe'});
  writes.stdout.pipe(reads.stdin);
  // The one that ends first closes the pipe; its own end tells why.
  reads.stdin.on('error', () => undefined);
  const [first, second] = await Promise.all([writes, reads]);
  const said = [first, second].flatMap((one) =>
    one.failed ? [one.stderr.trim().split('\n').slice(0, 3).join(' ')] : [],
  );
  if (said.length === 0) return;
  throw new LonghaulError({
    code: 'failed',
    message: `could not ${from.purpose}: ${said.map((words) => printable(words)).join('; ')}`,
    remedy: 'mend what it names, then give the command again; nothing of it was kept',
    cause: first.failed ? first : second,
  });
}

function envOf({env}: Pick<StepContext, 'env'>, {server}: ToolCall): Record<string, string | undefined> {
  const password = server?.password?.reveal();
  return {...withoutPostgres(env), LC_ALL: 'C.UTF-8', ...(password === undefined ? {} : {PGPASSWORD: password})};
}
