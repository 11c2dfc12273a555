import {openDifferences, type KnownDifference} from '../../../domain/run/difference.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import {isReplayResumed} from '../../../domain/pg/hand-over.ts';
import {readsOf} from '../../compare/objects/read-facts.ts';
import {compareObjects as compare} from '../../compare/objects/compare-objects.ts';
import {mustBeAtBoundary} from '../../compare/at-boundary.ts';
import type {ObjectsCompared} from '../../compare/objects/object-difference.ts';
import {leftToStep} from '../../compare/objects/left-to-step.ts';
import {settleDifferences} from '../../schema/goal/differences.ts';
import {showRehearsals} from '../../schema/goal/other-definitions.ts';
import {byThen, remark, showStatement} from '../../make-action.ts';
import {checkAfterLoad} from '../../run/needs.ts';
import {Outcome, type Step, type StepContext} from '../../step.ts';

/** Compares every object of both databases by their catalogs, while the replica is still at P. */
export const compareObjects: Step<'compare-objects'> = {
  id: 'compare-objects',
  phase: 'load',
  title: 'compare objects, replica and target',
  why: 'a default, a grant or a trigger that did not come back is noticed weeks after cutover, by what the application does without it',
  source: 'runbook, step 10; docs/decisions/0061',
  confirm: 'no',

  async check(ctx) {
    // What was found and is still open is asked for again, for as long as the run is asked whether it is done.
    if (openOf(ctx).length > 0) return {done: null, findings: []};
    const over = await checkAfterLoad(ctx);
    if (over === null) return {done: null, findings: []};
    const {'compare-objects': before} = ctx.state().evidence;
    return before === undefined
      ? {done: {served: `objects were NOT compared: ${over.done.served}`}, findings: []}
      : over;
  },

  async plan(ctx) {
    const words = 'compare-objects reads the catalogs';
    const reads = (['replica', 'target'] as const).map(async (on) => {
      const session = await ctx.session(on);
      return readsOf(session.version).map((statement) => ({
        on,
        text: remark(words, showStatement(statement)),
        execute: byThen,
      }));
    });
    return [...(await Promise.all(reads)).flat(), ...showRehearsals()];
  },

  async run(ctx) {
    const began = ctx.steady();
    const state = ctx.state();
    const known = state.differences.filter(({step}) => step === 'compare-objects');
    const {objects, differences, expected} = await whileAtBoundary(ctx);
    if (expected.length > 0) await ctx.record({type: 'finding.seen', step: 'compare-objects', finding: note(expected)});
    const left = leftToStep(differences, {known, others: state.differences, gone: isReplayResumed(state)});
    const evidence = {
      boundary: state.boundary?.lsn ?? null,
      objects,
      differences: left.length,
      expected: expected.slice(0, KEPT),
      expectedInAll: expected.length,
      tookMs: Math.round(ctx.steady() - began),
    };
    return new Outcome(evidence, settleDifferences(left, known));
  },
};

/** What is read while the replica moves is nothing; once the run itself has resumed replay, what was found at P is asked for again. */
async function whileAtBoundary(ctx: StepContext): Promise<ObjectsCompared> {
  if (isReplayResumed(ctx.state())) return compare(ctx);
  const replica = await ctx.session('replica');
  await mustBeAtBoundary(ctx, replica, 'objects');
  const compared = await compare(ctx);
  await mustBeAtBoundary(ctx, replica, 'objects');
  return compared;
}

/** A database of 20,000 tables may have as many triggers that wait: the journal has the first of them, and how many there were. */
const KEPT = 200;

function openOf(ctx: StepContext): KnownDifference[] {
  return openDifferences(ctx.state()).filter(({step}) => step === 'compare-objects');
}

function note(expected: readonly string[]): Finding {
  return {
    check: 'compare-objects.expected',
    severity: 'note',
    subject: 'target',
    seen: `${expected.length} things differ as they were meant to: ${expected.slice(0, 5).join('; ')}${expected.length > 5 ? '; …' : ''}`,
    remedy: '',
  };
}
