import {quoteIdentifier} from '../../../../domain/pg/identifier.ts';
import type {Finding} from '../../../../domain/run/finding.ts';
import {readFiringTriggers} from '../../../../pg/capture/reverse.ts';
import {readPublishable} from '../../../../pg/capture/publications.ts';
import {readApplyUsage, readSubscriptionRights} from '../../../../pg/capture/subscriptions.ts';
import {readRoleRights} from '../../../../pg/roles/rights.ts';
import {setList, setNumber} from '../../../../pg/session/alter-system.ts';
import {readSettings, readUsage} from '../../../../pg/session/settings.ts';
import {namesOfSlots} from '../../../plan/plan-slots.ts';
import {found, listed} from '../../../preflight/found.ts';
import type {StepContext} from '../../../step.ts';
import {judgeSubscriber} from '../check-target.ts';
import {mapOf} from '../judge-start.ts';

const ORIGINS = ['max_active_replication_origins', 'max_replication_slots'];
const WORKERS = ['max_logical_replication_workers', 'max_worker_processes'];
/** What is asked of a server that is to decode. */
export const DECODING = [
  'wal_level',
  'max_replication_slots',
  'max_wal_senders',
  'max_slot_wal_keep_size',
  'idle_replication_slot_timeout',
];

/** Whether the target can keep what is written there for the source, and the source can apply it; nothing where no way back is wanted. */
export async function checkReverse(ctx: StepContext): Promise<Finding[]> {
  if (!ctx.config.cutover.reverse) return [];
  const [source, target] = [await ctx.session('source'), await ctx.session('target')];
  const slots = namesOfSlots(ctx.config.slots).length;
  const rights = await target.one(readRoleRights(target.version));
  const isPrepared = ctx.state().evidence['prepare-reverse'] !== undefined;
  return [
    ...judgeDecoding({
      settings: mapOf(await target.run(readSettings(DECODING))),
      usage: await target.one(readUsage(target.version)),
      missing: slots,
      role: rights.role,
      mayMakeSlots: rights.superuser || rights.replication,
    }),
    ...judgeSubscriber({
      on: 'source',
      version: source.version,
      rights: await source.one(readSubscriptionRights(source.version)),
      settings: mapOf(await source.run(readSettings([...ORIGINS, ...WORKERS]))),
      inherited: new Map(),
      usage: await source.one(readApplyUsage(source.version)),
      missing: isPrepared ? 0 : slots,
    }),
    ...(await judgeTriggers(ctx)),
  ];
}

/** What was seen of the target as one that changes are read from. */
export interface DecodingSeen {
  readonly settings: ReadonlyMap<string, string>;
  readonly usage: {readonly slots: number; readonly senders: number};
  /** How many slots are to be made there. */
  readonly missing: number;
  readonly role: string;
  readonly mayMakeSlots: boolean;
}

const {blocker, warning} = found('way-back', 'target');

/** Pure. */
export function judgeDecoding({settings, usage, missing, role, mayMakeSlots}: DecodingSeen): Finding[] {
  const limits = [
    ['max_replication_slots', usage.slots],
    ['max_wal_senders', usage.senders],
  ] as const;
  const level = settings.get('wal_level') ?? '';
  const keep = settings.get('max_slot_wal_keep_size') ?? '-1';
  const idle = settings.get('idle_replication_slot_timeout') ?? '0';
  return [
    ...(level === 'logical'
      ? []
      : [
          blocker(
            'wal-level',
            `wal_level is ${level}: what is written on the target cannot be read from its WAL`,
            `on the target, as superuser: ${setList('wal_level', ['logical'])}; restart the target (on RDS: rds.logical_replication = 1 in the parameter group, and a restart); or set cutover.reverse: no`,
          ),
        ]),
    ...limits.flatMap(([name, used]) =>
      Number(settings.get(name) ?? 0) >= used + missing
        ? []
        : [
            blocker(
              name,
              `${name} is ${settings.get(name)}; ${used} are in use and the way back needs ${missing} more`,
              `on the target, as superuser: ${setNumber(name, used + missing + 4)}; restart the target`,
            ),
          ],
    ),
    ...(mayMakeSlots
      ? []
      : [
          blocker(
            'replication',
            `role ${role} may not create slots on the target`,
            `on the target, as superuser: ALTER ROLE ${quoteIdentifier(role)} REPLICATION (on RDS: GRANT rds_replication TO ${quoteIdentifier(role)})`,
          ),
        ]),
    ...(keep === '-1'
      ? []
      : [
          warning(
            'keep-size',
            `max_slot_wal_keep_size is ${keep}: a slot of the way back that falls further behind is lost, and the way back with it`,
            `on the target, as superuser: ${setNumber('max_slot_wal_keep_size', -1)}; SELECT pg_reload_conf(); and watch its disk from the hand-over on`,
          ),
        ]),
    ...(idle === '0'
      ? []
      : [
          warning(
            'idle-slots',
            `idle_replication_slot_timeout is ${idle}: a slot of the way back that nobody reads for so long, as while the source is away, is lost, and the way back with it`,
            `on the target, as superuser: ${setNumber('idle_replication_slot_timeout', 0)}; SELECT pg_reload_conf()`,
          ),
        ]),
  ];
}

/** Who switches them off has to own their tables. */
export async function judgeTriggers(ctx: StepContext): Promise<Finding[]> {
  const source = await ctx.session('source');
  const tables = await source.run(readPublishable());
  const firing = await source.run(readFiringTriggers(tables));
  const closed = firing.filter(
    (trigger) =>
      !tables.some(({schema, name, mayPublish}) => schema === trigger.schema && name === trigger.name && mayPublish),
  );
  if (closed.length === 0) return [];
  const of = found('way-back', 'source');
  return [
    of.blocker(
      'triggers',
      `these fire when changes come back, and their tables are not ours to switch them off: ${listed(closed.map(({schema, name, trigger}) => `${trigger} on ${schema}.${name}`))}`,
      `make Longhaul's role a member of their owners on the source; or set cutover.reverse: no`,
    ),
  ];
}
