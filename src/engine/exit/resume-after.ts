import type {Actor} from '../../domain/run/event.ts';
import {readReplicaPosition, resumeReplay} from '../../pg/replication/replica.ts';
import {renderStatement} from '../../pg/session/statement.ts';
import type {Action} from '../action.ts';
import type {StepContext} from '../step.ts';

/** Lets the replica replay again, and notes it. Where the replica does not answer, both names of the function are shown. */
export async function planResume(ctx: StepContext, by: Actor): Promise<Action> {
  const known = await ctx.session('replica').catch(() => null);
  return {
    on: 'replica',
    text:
      known === null
        ? 'pg_wal_replay_resume(), before 10 pg_xlog_replay_resume(): it does not answer, so that its version is not known'
        : renderStatement(resumeReplay(known.version)),
    execute: async () => {
      const replica = await ctx.session('replica');
      await replica.run(resumeReplay(replica.version));
      // One that was promoted or is ending shows it here.
      await replica.one(readReplicaPosition(replica.version));
      await ctx.record({type: 'replay.resumed', by});
    },
  };
}
