import {readInventoryFile} from '../../inventory/inventory-file.ts';
import {makePlan} from '../../plan/make-plan.ts';
import {readPlan, writePlan, type Plan} from '../../plan/plan-file.ts';
import {readIfThere} from '../../run/run-folder.ts';
import type {Step} from '../../step.ts';

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
    return {done: evidence(await readPlan(ctx), ctx.folder.plan), findings: []};
  },

  async statements(ctx) {
    return [{on: 'jump box', action: `write ${ctx.folder.plan}, which you may edit`}];
  },

  async run(ctx) {
    const plan = makePlan(await readInventoryFile(ctx), ctx.config);
    await writePlan(ctx.folder, plan);
    return evidence(plan, ctx.folder.plan);
  },
};

function evidence(plan: Plan, file: string) {
  return {
    slots: plan.slots.slots.map(({name, tables}) => ({name, tables: tables.length})),
    units: plan.units.map(({id}) => id),
    file,
  };
}
