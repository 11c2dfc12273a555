import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import type {Reply} from '../../../domain/run/command.ts';
import type {Actor, Failure} from '../../../domain/run/event.ts';
import {formatRelation} from '../../../domain/pg/relation.ts';
import type {StepContext} from '../../step.ts';
import {onOwnSessions} from '../control/own-sessions.ts';
import {SENTINEL_SCHEMA} from '../../../pg/capture/sentinels.ts';
import {readAdopting} from './adopt.ts';
import {adoptSentinels} from './adopt-sentinels.ts';
import {adopt} from './carry-out.ts';

/** What is over by then is answered as it is; an answer is waited for a minute. */
const ANSWER_MS = 40_000;

/** Takes a table in while the supervisor lives. What takes longer than an answer may goes on, and the journal has its end. */
export async function adoptByCommand(ctx: StepContext, name: string, who: Actor): Promise<Reply> {
  const adopting = await readAdopting(ctx, name);
  const {table, slot} = adopting;
  await ctx.record({type: 'table.adopting', table, slot, by: who});
  const carriedOut = onOwnSessions(ctx, 'adopt', async (own): Promise<Reply> => {
    try {
      const rows = await (table.schema === SENTINEL_SCHEMA ? adoptSentinels : adopt)(own, adopting);
      await ctx.record({type: 'table.adopted', table, slot, rows});
      return {ok: true, message: `${formatRelation(table)} is captured by ${slot}: ${rows} rows copied, and equal`};
    } catch (error) {
      const failure = failureOf(error);
      await ctx.record({type: 'table.not-adopted', table, failure});
      return {ok: false, message: failure.message, remedy: failure.remedy};
    }
  });
  const goesOn = ctx.sleep(ANSWER_MS).then((): Reply => ({
    ok: true,
    message: `${formatRelation(table)} is being adopted into ${slot}: longhaul status tells how it ends`,
  }));
  return Promise.race([carriedOut, goesOn.catch(async () => carriedOut)]);
}

/** Nobody waits for it any more who could be told otherwise, of a bug as well. */
function failureOf(error: unknown): Failure {
  if (!(error instanceof LonghaulError))
    return {
      message: String(error),
      remedy: 'this is a bug: longhaul doctor collects what it takes',
      unreachable: false,
    };
  return {message: error.message, remedy: error.remedy, unreachable: error.code === 'unreachable'};
}
