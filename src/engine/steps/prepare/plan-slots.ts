import type {Finding} from '../../../domain/run/finding.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {captureNeeds} from '../../capture/needs.ts';
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
    const plan = await readPlan(ctx);
    return {done: evidence(plan, ctx.folder.plan), findings: [...judgeSlots(ctx, plan), ...(await judgeCutKeys(ctx))]};
  },

  plan: async (ctx) => planPlan(ctx, later('the plan')),

  async run(ctx) {
    const made = later<Plan>('the plan');
    await executeAll(planPlan(ctx, made));
    const [none] = judgeSlots(ctx, made.get());
    if (none !== undefined) throw new LonghaulError({code: 'failed', message: none.seen, remedy: none.remedy});
    return evidence(made.get(), ctx.folder.plan);
  },
};

/** Before anything is copied or made: without a slot nothing would be kept for change capture, which the proof of P would find last of all. */
function judgeSlots({config}: StepContext, {slots}: Plan): Finding[] {
  if (captureNeeds(config).slots === null || slots.slots.length > 0) return [];
  return [
    {
      check: 'plan-slots.none',
      severity: 'blocker',
      subject: 'slots of the plan',
      seen: 'the source has no table to replicate',
      remedy:
        'once it has one: longhaul plan --fresh; for a plain copy without change capture: cdc.engine: none in longhaul.yaml',
    },
  ];
}

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
