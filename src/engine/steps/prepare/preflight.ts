import type {RunState} from '../../../domain/run/run-state.ts';
import {ACTIVE_SLOT} from '../../capture/slots/check-source-slots.ts';
import {runPreflight} from '../../preflight/run-preflight.ts';
import type {Action} from '../../action.ts';
import {byThen, executeAll} from '../../make-action.ts';
import {hasBlocker, type Finding} from '../../../domain/run/finding.ts';
import {blocked} from '../../run/run-steps.ts';
import {planRehearsal, schemaIsThere} from '../../schema/copy/rehearse-schema.ts';
import type {Step, StepContext} from '../../step.ts';

/** Checks servers, tools and data, and rehearses the schema, before anything is touched. */
export const preflight: Step<'preflight'> = {
  id: 'preflight',
  phase: 'prepare',
  title: 'check servers, tools and data',
  why: 'a missing setting or right found after two days of loading costs two days',
  source: 'runbook, "Prerequisite Steps"; facts/postgres.md',
  confirm: 'no',

  async check(ctx) {
    const findings = await runPreflight(ctx);
    const answered = answeredSlots(ctx.state());
    const active = findings.filter(({check}) => check === ACTIVE_SLOT).map(({subject}) => subject);
    const open = active.filter((slot) => !answered.includes(slot));
    return {done: null, findings, ...(open.length === 0 ? {} : {question: askAbout(open)})};
  },

  plan: planPreflight,

  async run(ctx) {
    await executeAll(await planPreflight(ctx));
    const findings = ctx.state().findings.filter(({step}) => step === 'preflight');
    const count = (severity: string): number => findings.filter((finding) => finding.severity === severity).length;
    const slots = findings.filter(({check}) => check === ACTIVE_SLOT).map(({subject}) => subject);
    return {warnings: count('warning'), notes: count('note'), activeSlots: slots};
  },
};

async function planPreflight(ctx: StepContext): Promise<Action[]> {
  const tell = async (refused: readonly Finding[]): Promise<void> => {
    for (const finding of refused) await ctx.record({type: 'finding.seen', step: 'preflight', finding});
    if (hasBlocker(refused)) throw blocked(refused);
  };
  return [
    {
      on: 'jump box',
      text: 'longhaul check: reads settings, rights and catalogs of all three servers, and changes nothing',
      // The step's own check has done it; what it found is in the journal.
      execute: byThen,
    },
    ...((await schemaIsThere(ctx)) ? [] : await planRehearsal(ctx, tell)),
  ];
}

/** The runbook's IMPORTANT: an active slot that nobody here made may be production's own replication. */
function askAbout(slots: readonly string[]): string {
  return `Somebody reads ${slots.join(', ')} now: logical replication of somebody else's. It is left alone. Have you asked its owner whether this run may go on beside it?`;
}

/** The slots that an earlier preflight has asked about. */
function answeredSlots({evidence}: RunState): readonly string[] {
  return evidence.preflight?.activeSlots ?? [];
}
