import type {Lsn} from '../../../domain/pg/lsn.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import type {ServerVersion} from '../../../domain/pg/server-version.ts';
import {subscriptionObject} from '../../../domain/run/claimed.ts';
import type {Evidence} from '../../../domain/run/evidence/step-evidence.ts';
import {
  advanceOrigin,
  createSubscription,
  enableSubscription,
  readSubscriptions,
  type NewSubscription,
  type Subscription,
} from '../../../pg/capture/subscriptions.ts';
import {readPrimaryPosition} from '../../../pg/replication/slots.ts';
import type {Action} from '../../action.ts';
import {claimFirst} from '../../claim-first.ts';
import {executeAll, showStatement} from '../../make-action.ts';
import {readPlan} from '../../plan/plan-file.ts';
import type {Step, StepContext} from '../../step.ts';
import {runHushed} from '../run-hushed.ts';
import {planSentinel} from './native-slots.ts';
import {judgeGone, judgeLost, judgeStart, judgeTaken, mayApply} from './judge-start.ts';
import {planRemoval} from './plan-removal.ts';
import {subscriptionDsn} from './subscription-dsn.ts';
import {publicationsOf} from './wanted-publications.ts';

/** Subscribes the target to every slot, from exactly P. */
export const startCdc: Step<'start-cdc'> = {
  id: 'start-cdc',
  phase: 'cdc',
  title: 'start change capture at P',
  why: 'what was written after P is in the slots alone; a subscription that begins anywhere else loses commits or applies them twice',
  source: 'facts/cdc.md, §2.1',
  confirm: 'typed',

  async check(ctx) {
    const {cdcStarted, evidence: known, capture} = ctx.state();
    if (capture.sourceLost !== null) return {done: null, findings: [judgeLost(capture.sourceLost)]};
    const names = await namesOf(ctx);
    const subscriptions = await read(ctx, names);
    const missing = names.filter((name) => !subscriptions.some((one) => one.name === name));
    if (cdcStarted !== null && known['start-cdc'] !== undefined) {
      return missing.length === 0
        ? {done: await evidence(ctx, names), findings: []}
        : {done: null, findings: missing.map((name) => judgeGone(ctx, name))};
    }
    return {
      done: null,
      findings: [...judgeTaken(subscriptions, ctx.state()), ...(cdcStarted === null ? await judgeStart(ctx) : [])],
    };
  },

  plan: planStart,

  async run(ctx) {
    await executeAll(await planStart(ctx));
    return evidence(ctx, await namesOf(ctx));
  },

  async undo(ctx) {
    const actions = await planRemoval(ctx);
    await executeAll(actions);
    return {ended: actions.filter(({on}) => on !== 'jump box').map(({text}) => text)};
  },
};

async function namesOf(ctx: StepContext): Promise<string[]> {
  return (await readPlan(ctx)).slots.slots.map(({name}) => name);
}

async function read(ctx: StepContext, names: readonly string[]): Promise<Subscription[]> {
  const target = await ctx.session('target');
  return target.run(readSubscriptions(names, target.version));
}

/** Nothing applies before all is made and set to P: each statement may be the last before a crash. */
async function planStart(ctx: StepContext): Promise<Action[]> {
  const names = await namesOf(ctx);
  const there = await read(ctx, names);
  const {version} = await ctx.session('target');
  const {boundary, cdcStarted} = ctx.state();
  if (boundary === null) return [];
  const P = boundary.lsn;
  const isThere = (name: string): boolean => there.some((one) => one.name === name);
  const isOn = (name: string): boolean => there.some((one) => one.name === name && one.enabled);
  const off = names.filter((name) => !isOn(name));
  const objects = names.map((name) => subscriptionObject(name));
  return [
    await planSentinel(ctx),
    ...names
      .filter((name) => !isThere(name))
      .map((name) => claimFirst(ctx, objects, creating(ctx, {name, ...subscriptionDsn(ctx.config)}, version))),
    ...off.map((name) => advancing(ctx, name, P)),
    ...(cdcStarted === null ? [noting(ctx, names)] : []),
    ...off.map((name) => enabling(ctx, name, P)),
  ];
}

function creating(
  ctx: StepContext,
  one: Pick<NewSubscription, 'name' | 'dsn' | 'shownDsn'>,
  version: ServerVersion,
): Action {
  const create = createSubscription({...one, slot: one.name, publications: publicationsOf(one.name)}, version);
  return {
    on: 'target',
    text: showStatement(create),
    execute: async () => {
      const target = await ctx.session('target');
      await runHushed(target, create, (error) => {
        if (!(error instanceof LonghaulError) || error.code !== 'failed') return error;
        return new LonghaulError({
          code: 'failed',
          message: error.message,
          remedy: `the target's server must reach the source as ${one.shownDsn}: cdc.source_for_target in longhaul.yaml names another way; see pg_hba.conf on the source; then longhaul run`,
          cause: error,
        });
      });
    },
  };
}

function advancing(ctx: StepContext, name: string, P: Lsn): Action {
  const statement = advanceOrigin(name, P);
  return {
    on: 'target',
    text: showStatement(statement),
    execute: async () => void (await (await ctx.session('target')).run(statement)),
  };
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

function enabling(ctx: StepContext, name: string, P: Lsn): Action {
  const statement = enableSubscription(name);
  return {
    on: 'target',
    text: showStatement(statement),
    execute: async () => {
      const [one] = await read(ctx, [name]);
      const at = one?.appliedLsn ?? null;
      if (!mayApply(at, P)) {
        throw new LonghaulError({
          code: 'failed',
          message: `subscription ${name} is at ${at ?? 'no position'}, before P ${P}: it is not enabled`,
          remedy: 'longhaul run sets it to P and enables it',
        });
      }
      await (await ctx.session('target')).run(statement);
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
