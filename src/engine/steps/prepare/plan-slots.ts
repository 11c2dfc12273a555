import {readInventoryFile} from '../../inventory/inventory-file.ts';
import {makePlan} from '../../plan/make-plan.ts';
import {judgeCutKeys, readPlan, writePlan, type Plan} from '../../plan/plan-file.ts';
import {readIfThere} from '../../run/run-folder.ts';
import type {Action} from '../../action.ts';
import {executeAll, later, type Later} from '../../make-action.ts';
import type {Step, StepContext} from '../../step.ts';

/** Decides which table goes through which slot and lane; an edited plan stays as it is. */
export const planSlots: Step<'plan-slots'> = {
  id: 'plan-slots',
  phase: 'prepare',
  title: 'plan slots and lanes',
  why: 'each slot is one CDC task with one apply thread: a busy table among others holds them all up',
  source: 'runbook, "Migration Steps - Phase I"',
  confirm: 'no',

  async check(ctx) {
    if ((await readIfThere(ctx.folder.plan)) === null) return {done: null, findings: []};
    return {done: evidence(await readPlan(ctx), ctx.folder.plan), findings: await judgeCutKeys(ctx)};
  },

  plan: async (ctx) => planPlan(ctx, later('the plan')),

  async run(ctx) {
    const made = later<Plan>('the plan');
    await executeAll(planPlan(ctx, made));
    return evidence(made.get(), ctx.folder.plan);
  },
};

function planPlan(ctx: StepContext, made: Later<Plan>): Action[] {
  const execute = async (): Promise<void> => {
    const plan = makePlan(await readInventoryFile(ctx), ctx.config);
    await writePlan(ctx.folder, plan, ctx.config.load);
    made.set(plan);
  };
  return [{on: 'jump box', text: `write ${ctx.folder.plan}, which you may edit`, execute}];
}

function evidence(plan: Plan, file: string) {
  return {
    slots: plan.slots.slots.map(({name, tables}) => ({name, tables: tables.length})),
    units: plan.units.map(({id}) => id),
    file,
  };
}
