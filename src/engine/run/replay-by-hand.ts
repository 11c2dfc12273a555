import {pauseReplay, resumeReplay} from '../../pg/replication/replica.ts';
import type {Action} from '../action.ts';
import {statementAction} from '../make-action.ts';
import type {StepContext} from '../step.ts';

/** The pause or the resume of replay that an operator asks for, outside of the steps. */
export async function planReplayByHand(ctx: Pick<StepContext, 'session'>, what: 'pause' | 'resume'): Promise<Action> {
  const {version} = await ctx.session('replica');
  const statement = what === 'pause' ? pauseReplay(version) : resumeReplay(version);
  return statementAction(statement, {on: 'replica', session: async () => ctx.session('replica')});
}
