import type {Evidence} from '../../../domain/run/evidence/step-evidence.ts';
import type {Action} from '../../action.ts';
import {planRest} from '../../cutover/rest/plan-rest.ts';
import {executeAll, later} from '../../make-action.ts';
import type {Step, StepContext} from '../../step.ts';

/** Copies again what change capture does not carry, once everything else has arrived. */
export const copyTheRest: Step<'copy-the-rest'> = {
  id: 'copy-the-rest',
  phase: 'cutover',
  title: 'copy again what change capture does not carry',
  why: 'updates and deletes of tables without a key, large objects and unlogged tables are lost otherwise',
  source: 'facts/cutover.md, §7 and §8',
  confirm: 'no',

  check: async () => ({done: null, findings: []}),
  plan: async (ctx): Promise<Action[]> => planRest(ctx, later('what is copied again')),

  async run(ctx: StepContext) {
    const began = ctx.steady();
    const found = later<Omit<Evidence<'copy-the-rest'>, 'tookMs'>>('what is copied again');
    await executeAll(await planRest(ctx, found));
    return {...found.get(), tookMs: Math.round(ctx.steady() - began)};
  },
};
