import {LonghaulError} from '../../../../domain/base/longhaul-error.ts';
import type {ServerVersion} from '../../../../domain/pg/server-version.ts';
import {formatRelation, type RelationName} from '../../../../domain/pg/relation.ts';
import type {PlannedSlot} from '../../../../domain/pg/slot-plan.ts';
import {backObject} from '../../../../domain/run/back/claimed-back.ts';
import {createPublication, readPublishable, readPublications} from '../../../../pg/capture/publications.ts';
import {sentinelTable} from '../../../../pg/capture/sentinels.ts';
import {createSubscription, readSubscriptions} from '../../../../pg/capture/subscriptions.ts';
import type {Action} from '../../../action.ts';
import {claimFirst} from '../../../claim-first.ts';
import {showStatement, statementAction} from '../../../make-action.ts';
import type {StepContext} from '../../../step.ts';
import {runHushed} from '../../run-hushed.ts';
import {readBackPlan} from '../../../back/read-back-plan.ts';
import {reverseDsn} from '../subscription-dsn.ts';
import {planBackSentinels} from '../../sentinels/back-sentinels.ts';
import {publicationsOf, wantedPublications} from '../wanted-publications.ts';

/**
 * All of the way back that may be there while changes still come forward: its sentinels, the target's publications, and the source's subscriptions without a slot, disabled. Making these is the
 * proof that the source's server reaches the target.
 */
export async function planReversePrepare(ctx: StepContext): Promise<Action[]> {
  const slots = await readBackPlan(ctx);
  return [
    ...(await planBackSentinels(ctx, slots)),
    ...(await planPublications(ctx, slots)),
    ...(await planSubscriptions(ctx, slots)),
  ];
}

async function planPublications(ctx: StepContext, slots: readonly PlannedSlot[]): Promise<Action[]> {
  const target = await ctx.session('target');
  const publishable = await target.run(readPublishable());
  const sentinels = slots.map(({name}) => ({...sentinelTable(name), hasIdentity: true}));
  const {publications} = wantedPublications(slots, [...publishable, ...sentinels]);
  const rows = await target.run(readPublications(publications.map(({name}) => name)));
  const there = new Set(rows.map(({publication}) => publication));
  const late = publications
    .filter(({name}) => there.has(name))
    .flatMap(({name, tables}) =>
      tables.filter(
        (table) =>
          !rows.some((row) => row.publication === name && row.table === table.name && row.schema === table.schema),
      ),
    );
  if (late.length > 0) throw adoptedLate(late);
  const objects = publications.map(({name}) => backObject('back-publication', name));
  const how = {on: 'target', session: async () => ctx.session('target')} as const;
  return publications
    .filter(({name}) => !there.has(name))
    .map((one) => claimFirst(ctx, objects, statementAction(createPublication(one, target.version), how)));
}

/** A subscription that has begun does not see what its publication gets later. */
function adoptedLate(tables: readonly RelationName[]): LonghaulError {
  return new LonghaulError({
    code: 'failed',
    message: `these tables were adopted after the way back was made ready, and are not in it: ${tables.map((one) => formatRelation(one)).join(', ')}`,
    remedy: 'cutover.reverse: no, and cut over without a way back',
  });
}

async function planSubscriptions(ctx: StepContext, slots: readonly PlannedSlot[]): Promise<Action[]> {
  const source = await ctx.session('source');
  const names = slots.map(({name}) => name);
  const there = new Set((await source.run(readSubscriptions(names, source.version))).map(({name}) => name));
  const objects = names.map((name) => backObject('back-subscription', name));
  return names
    .filter((name) => !there.has(name))
    .map((name) => claimFirst(ctx, objects, subscribing(ctx, name, source.version)));
}

/** The password of the dsn is kept from the server's log as far as that can be. */
function subscribing(ctx: StepContext, name: string, version: ServerVersion): Action {
  const one = {name, slot: null, publications: publicationsOf(name), ...reverseDsn(ctx.config)};
  return {
    on: 'source',
    text: `/* the source's server connects to the target for it */ ${showStatement(createSubscription(one, version))}`,
    execute: async () => {
      const source = await ctx.session('source');
      await runHushed(source, createSubscription(one, version), (error) => {
        if (!(error instanceof LonghaulError) || error.code !== 'failed') return error;
        return new LonghaulError({
          code: 'failed',
          message: error.message,
          remedy: `the source's server must reach the target as ${one.shownDsn}: cutover.target_for_source in longhaul.yaml names another way; see who may connect there from the source; or set cutover.reverse: no`,
          cause: error,
        });
      });
    },
  };
}
