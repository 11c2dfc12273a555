import {whyNotHandOver} from '../../../domain/pg/hand-over.ts';
import {quoteIdentifier} from '../../../domain/pg/identifier.ts';
import {compareLsn, type Lsn} from '../../../domain/pg/lsn.ts';
import {newSlots, slotsAway} from '../../../domain/reading/slots-away.ts';
import {subscriptionObject} from '../../../domain/run/claimed.ts';
import type {RunState} from '../../../domain/run/run-state.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import {readForeignOwners, readSubscriptionRights, type Subscription} from '../../../pg/capture/subscriptions.ts';
import {readSlots} from '../../../pg/replication/slots.ts';
import {readSettingsOfNewSessions} from '../../../pg/session/settings.ts';
import {readPlan} from '../../plan/plan-file.ts';
import {found} from '../../preflight/found.ts';
import type {StepContext} from '../../step.ts';
import {describeNotCaptured} from '../guard/not-captured.ts';
import {readLost} from '../guard/lost-tables.ts';
import {adoption} from './control/adoption.ts';
import {readNotPublished} from './read-not-published.ts';

/** Why change capture cannot begin at P now. */
export async function judgeStart(ctx: StepContext): Promise<Finding[]> {
  return [
    ...judgeReady(ctx),
    ...(await judgeSlots(ctx)),
    ...(await judgeTables(ctx)),
    ...(await judgeOwners(ctx)),
    ...(await checkInherited(ctx)),
  ];
}

/**
 * Subscriptions of our names that would read the slots before their time: somebody else's, and one that was enabled for slots that were released
 * since. Pure.
 */
export function judgeTaken(
  there: readonly Pick<Subscription, 'name' | 'enabled'>[],
  {claimed, cdcStarted}: Pick<RunState, 'claimed' | 'cdcStarted'>,
): Finding[] {
  return there
    .filter(({name, enabled}) => !claimed.includes(subscriptionObject(name)) || (enabled && cdcStarted === null))
    .map(({name}) => ({
      check: 'start-cdc.taken',
      severity: 'blocker',
      subject: subscriptionObject(name),
      seen: 'it is on the target from before, and would read the slot of this name',
      remedy: `when nobody needs it, on the target: ALTER SUBSCRIPTION ${quoteIdentifier(name)} DISABLE; ALTER SUBSCRIPTION ${quoteIdentifier(name)} SET (slot_name = NONE); DROP SUBSCRIPTION ${quoteIdentifier(name)}; else set another slots.prefix in longhaul.yaml`,
    }));
}

/** Whether the load at P is over. */
export function judgeReady(ctx: StepContext): Finding[] {
  const why = whyNotHandOver(ctx.state());
  if (why === null) return [];
  return [
    {
      check: 'start-cdc.not-loaded',
      severity: 'blocker',
      subject: 'change capture',
      seen: why,
      remedy: 'finish the load first: longhaul run',
    },
  ];
}

/** A slot that has moved past P, or is gone, no longer keeps what is to be applied. */
export async function judgeSlots(ctx: StepContext): Promise<Finding[]> {
  const source = await ctx.session('source');
  const slots = await source.run(readSlots(source.version));
  return slotsAway(ctx.state(), {at: null, slots}).map(({name, seen}) => ({
    check: 'start-cdc.slot-away',
    severity: 'blocker',
    subject: `slot ${name}`,
    seen,
    remedy: newSlots(ctx.config.run),
  }));
}

/** A publication that is missing is only a warning of the server's, and what is in none would be skipped; a table that can be adopted is told as such, and keeps the cutover. */
async function judgeTables(ctx: StepContext): Promise<Finding[]> {
  const {slots} = (await readPlan(ctx)).slots;
  const left = await readLost(ctx, slots, {readNotCaptured: readNotPublished, adoption});
  return left.map(describeNotCaptured).map((what) => ({
    check: 'start-cdc.not-published',
    severity: 'blocker',
    subject: what,
    seen: 'it is not published any more, and what was written to it since is lost',
    remedy: newSlots(ctx.config.run),
  }));
}

/** Whether a subscription may apply: enabled anywhere before P it would apply once more what the load has brought. Pure. */
export function mayApply(appliedLsn: Lsn | null, boundary: Lsn): boolean {
  return appliedLsn !== null && compareLsn(appliedLsn, boundary) >= 0;
}

/** After a promotion nothing is made again or enabled: it would begin behind a gap that nobody knows. Pure. */
export function judgeLost({failure}: NonNullable<RunState['capture']['sourceLost']>): Finding {
  return {
    check: 'start-cdc.source-lost',
    severity: 'blocker',
    subject: 'source',
    seen: failure.message,
    remedy: failure.remedy,
  };
}

/** One that was started and is no longer there. */
export function judgeGone(ctx: StepContext, name: string): Finding {
  return {
    check: 'start-cdc.gone',
    severity: 'blocker',
    subject: subscriptionObject(name),
    seen: 'somebody has dropped it on the target, and with it how far it was',
    remedy: newSlots(ctx.config.run),
  };
}

/** From 16 on rows are applied as the table's owner, to whom our role must be able to change. */
async function judgeOwners(ctx: StepContext): Promise<Finding[]> {
  const target = await ctx.session('target');
  const {role} = await target.one(readSubscriptionRights(target.version));
  const owners = await target.run(
    readForeignOwners(
      target.version,
      (await readPlan(ctx)).slots.slots.flatMap(({tables}) => tables),
    ),
  );
  return owners.map(({owner, tables}) => ({
    check: 'start-cdc.owner',
    severity: 'blocker',
    subject: `${tables === 1 ? '1 table' : `${tables} tables`} of ${owner} on the target`,
    seen: `role ${role} may not SET ROLE to ${owner}, as applying their rows wants`,
    remedy: `on the target, as superuser: GRANT ${quoteIdentifier(owner)} TO ${quoteIdentifier(role)}; then longhaul run`,
  }));
}

/** What an apply worker takes from database and role, and what ends it or cuts it off. */
export const INHERITED: readonly string[] = ['lock_timeout', 'statement_timeout', 'transaction_timeout'];

/** The same as preflight has seen, once roles and settings of the database were copied from the source: its time-outs may have come with them. A session from before has what was set then. */
async function checkInherited(ctx: StepContext): Promise<Finding[]> {
  const fresh = await ctx.open('target', 'settings');
  try {
    return judgeInherited(mapOf(await fresh.run(readSettingsOfNewSessions(INHERITED))), found('target').warning);
  } finally {
    await fresh.close();
  }
}

/** Pure. */
export function judgeInherited(
  inherited: ReadonlyMap<string, string>,
  warning: ReturnType<typeof found>['warning'],
): Finding[] {
  return [...inherited]
    .filter(([, value]) => value !== '0')
    .map(([name, value]) =>
      warning(
        `apply-${name}`,
        `a new session has ${name} ${value}, and so have the workers that apply: what takes longer fails, and is tried again and again`,
        `see ALTER DATABASE and ALTER ROLE … SET there, and take it away for as long as changes are applied`,
      ),
    );
}

/** Settings by their names. Pure. */
export function mapOf(rows: readonly {readonly name: string; readonly value: string}[]): ReadonlyMap<string, string> {
  return new Map(rows.map(({name, value}) => [name, value]));
}
