import type {Command, Reply} from '../../domain/run/command.ts';
import type {Actor} from '../../domain/run/event.ts';
import type {StepContext} from '../step.ts';
import {planRelease} from './release.ts';
import {releaseWords} from './release-words.ts';

/** Who releases, and how the walk through the steps is ended. */
interface Releasing {
  readonly halt: (reason: string) => void;
  readonly who: Actor;
}

/** An answer is waited for; a loaded primary writes its checkpoint for longer. */
const CHECKPOINT_WAIT_MS = 20_000;

/** A release while the supervisor lives, on its own connections. Says what was freed and what was not; never throws for a part that did not work. */
export async function releaseByCommand(
  ctx: StepContext,
  {halt, who}: Releasing,
  {typed, endReaders, resumeReplay}: Extract<Command, {type: 'release'}>,
): Promise<Reply> {
  const {run} = ctx.config;
  if (typed !== run) return {ok: false, message: 'what was typed is not the name of the run', remedy: `type ${run}`};
  const order = {by: who, endReaders, resumeReplay, halt, checkpointMs: CHECKPOINT_WAIT_MS};
  return releaseWords(await (await planRelease(ctx, order)).carryOut(), {run, endReaders});
}
