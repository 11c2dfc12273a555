import {quoteIdentifier} from '../../../domain/pg/identifier.ts';
import type {ServerVersion} from '../../../domain/pg/server-version.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import {
  readApplyUsage,
  readSubscriptionRights,
  readSubscriptions,
  type SubscriptionRights,
} from '../../../pg/capture/subscriptions.ts';
import {setNumber} from '../../../pg/session/alter-system.ts';
import {readSettings, readSettingsOfNewSessions} from '../../../pg/session/settings.ts';
import {maybe} from '../../../pg/session/versions.ts';
import {namesOfSlots} from '../../plan/plan-slots.ts';
import {found} from '../../preflight/found.ts';
import type {StepContext} from '../../step.ts';
import {INHERITED, judgeInherited, judgeTaken, mapOf} from './judge-start.ts';

/** One origin a subscription: from 18 on with a limit of its own, before with that of slots. */
const ORIGINS = ['max_active_replication_origins', 'max_replication_slots'] as const;
const WORKERS = ['max_logical_replication_workers', 'max_worker_processes'] as const;

/** Whether the target can subscribe to every slot, and our role may. */
export async function checkTarget(ctx: StepContext): Promise<Finding[]> {
  const target = await ctx.session('target');
  const names = namesOfSlots(ctx.config.slots);
  const there = await target.run(readSubscriptions(names, target.version));
  const limits = judgeSubscriber({
    version: target.version,
    rights: await target.one(readSubscriptionRights(target.version)),
    settings: mapOf(await target.run(readSettings([...ORIGINS, ...WORKERS]))),
    inherited: mapOf(await target.run(readSettingsOfNewSessions(INHERITED))),
    usage: await target.one(readApplyUsage(target.version)),
    missing: names.length - there.length,
  });
  return [...judgeTaken(there, ctx.state()), ...limits];
}

/** What was seen of the server that subscribes; `missing` subscriptions are still to be made. */
export interface SubscriberSeen {
  /** The target; or, of the way back, the source. */
  readonly on?: 'source';
  readonly version: ServerVersion;
  readonly rights: SubscriptionRights;
  readonly settings: ReadonlyMap<string, string>;
  readonly inherited: ReadonlyMap<string, string>;
  readonly usage: {readonly workers: number; readonly origins: number};
  readonly missing: number;
}

/** Pure. */
export function judgeSubscriber(seen: SubscriberSeen): Finding[] {
  return [...judgeRights(seen), ...judgeLimits(seen), ...judgeInherited(seen.inherited, about(seen).warning)];
}

/** Of the way back the source subscribes. */
function about({on}: SubscriberSeen) {
  return {on: on ?? 'target', ...(on === undefined ? found('target') : found('way-back', on))};
}

function judgeRights(seen: SubscriberSeen): Finding[] {
  const {rights, version} = seen;
  const {on, blocker} = about(seen);
  const {role, superuser, mayCreate, mayAdvance} = rights;
  if (superuser) return [];
  const name = quoteIdentifier(role);
  const isByGrant = maybe('subscriptionRole', version) !== null;
  return [
    ...(mayCreate
      ? []
      : [
          blocker(
            'subscribe',
            `role ${role} may not create subscriptions`,
            isByGrant
              ? `on the ${on}, as superuser: GRANT pg_create_subscription TO ${name}`
              : `before 16 only a superuser may (on RDS: rds_superuser); on the ${on}, as superuser: ALTER ROLE ${name} SUPERUSER`,
          ),
        ]),
    ...(mayAdvance
      ? []
      : [
          blocker(
            'origin',
            `role ${role} may not set where a subscription begins`,
            maybe('originRight', version) === null
              ? `before 14 only a superuser may; on the ${on}, as superuser: ALTER ROLE ${name} SUPERUSER`
              : `on the ${on}, as superuser: GRANT EXECUTE ON FUNCTION pg_replication_origin_advance(text, pg_lsn), pg_replication_origin_progress(text, boolean) TO ${name}`,
          ),
        ]),
  ];
}

function judgeLimits(seen: SubscriberSeen): Finding[] {
  const {settings, usage, missing} = seen;
  const {on, blocker} = about(seen);
  const origins = ORIGINS.find((name) => settings.has(name)) ?? 'max_replication_slots';
  const wanted = [
    // One too few, and one subscription has no worker, without an error anywhere but in the log.
    [WORKERS[0], usage.workers + missing],
    [WORKERS[1], usage.workers + missing + 4],
    [origins, usage.origins + missing],
  ] as const;
  return wanted.flatMap(([name, needed]) => {
    const value = settings.get(name);
    if (value === undefined || Number(value) >= needed) return [];
    return [
      blocker(
        name,
        `${name} is ${value}, and ${missing} subscriptions more need ${needed}`,
        `on the ${on}, as superuser: ${setNumber(name, needed + 2)}; restart the ${on}; or lower slots.count`,
      ),
    ];
  });
}
