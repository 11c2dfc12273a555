import {STRICT_MODE} from '../../../../domain/run/claimed.ts';
import type {Evidence} from '../../../../domain/run/evidence/step-evidence.ts';
import {advancePglogicalOrigin, setStrict} from '../../../../pg/capture/pglogical.ts';
import {readPrimaryPosition} from '../../../../pg/replication/slots.ts';
import type {Action} from '../../../action.ts';
import {claimFirst} from '../../../claim-first.ts';
import {executeAll, statementAction} from '../../../make-action.ts';
import type {Step, StepContext} from '../../../step.ts';
import {planSentinel} from '../../native/native-slots.ts';
import {judgeLost} from '../../native/judge-start.ts';
import {enabling} from '../control.ts';
import {judgeGone, judgeStart} from './judge-start.ts';
import {plannedNames, readOurSubscriptions} from '../read-subscriptions.ts';
import {readStrictness} from './strict-mode.ts';

/** Lets every subscription apply, from exactly P. */
export const startAtBoundary: Step<'start-cdc'> = {
  id: 'start-cdc',
  phase: 'cdc',
  title: 'start change capture at P',
  why: 'what was written after P is in the slots alone; a subscription that begins anywhere else loses commits or applies them twice',
  source: 'facts/cdc.md, §1.1',
  confirm: 'typed',

  async check(ctx) {
    const {cdcStarted, evidence: known, capture} = ctx.state();
    if (capture.sourceLost !== null) return {done: null, findings: [judgeLost(capture.sourceLost)]};
    const names = await plannedNames(ctx);
    const subscriptions = await readOurSubscriptions(ctx, names);
    const missing = names.filter((name) => !subscriptions.some((one) => one.name === name));
    if (missing.length > 0) return {done: null, findings: missing.map((name) => judgeGone(ctx, name))};
    if (cdcStarted === null) return {done: null, findings: await judgeStart(ctx, subscriptions)};
    return {done: known['start-cdc'] === undefined ? null : await evidence(ctx, names), findings: []};
  },

  plan: planStart,

  async run(ctx) {
    await executeAll(await planStart(ctx));
    return evidence(ctx, await plannedNames(ctx));
  },
};

/** Nothing applies before all is set to P: each statement may be the last before a crash. */
async function planStart(ctx: StepContext): Promise<Action[]> {
  const {boundary, cdcStarted} = ctx.state();
  if (boundary === null) return [];
  const names = await plannedNames(ctx);
  const there = await readOurSubscriptions(ctx, names);
  const off = names.filter((name) => there.some((one) => one.name === name && !one.enabled));
  return [
    await planSentinel(ctx),
    ...(await planStrict(ctx)),
    ...off.map((name) =>
      statementAction(advancePglogicalOrigin(name, boundary.lsn), {
        on: 'target',
        session: async () => ctx.session('target'),
      }),
    ),
    ...(cdcStarted === null ? [noting(ctx, names)] : []),
    ...off.map((name) => enabling(ctx, name)),
  ];
}

/** Before the first worker that applies: it takes the setting when it starts. */
async function planStrict(ctx: StepContext): Promise<Action[]> {
  const strictness = await readStrictness(ctx);
  if (strictness.is || !strictness.canBe) return [];
  const database = ctx.config.servers.target.params['dbname'] ?? '';
  const action = statementAction(setStrict(database), {on: 'target', session: async () => ctx.session('target')});
  return [claimFirst(ctx, [STRICT_MODE], action)];
}

/** Before the first is enabled: from then on the slots move past P, and are meant to. */
function noting(ctx: StepContext, names: readonly string[]): Action {
  return {
    on: 'jump box',
    text: 'note in the journal: change capture begins at P',
    execute: async () => {
      const {boundary} = ctx.state();
      await ctx.record({
        type: 'cdc.started',
        by: 'start-cdc',
        evidence: {boundary: boundary?.lsn ?? null, subscriptions: [...names]},
      });
    },
  };
}

async function evidence(ctx: StepContext, names: readonly string[]): Promise<Evidence<'start-cdc'>> {
  const source = await ctx.session('source');
  const {clock} = await source.one(readPrimaryPosition(source.version));
  const {boundary} = ctx.state();
  if (boundary === null) throw new Error('bug: change capture was started without a P');
  return {boundary: boundary.lsn, subscriptions: names, clock};
}
