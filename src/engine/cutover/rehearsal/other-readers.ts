import type {Finding} from '../../../domain/run/finding.ts';
import {lsnDistance, type Lsn} from '../../../domain/pg/lsn.ts';
import {formatBytes} from '../../../domain/base/units.ts';
import {
  readForeignServers,
  readForeignSessions,
  readOwnSubscriptions,
  readSendersSeen,
  type ForeignServer,
  type SenderSeen,
} from '../../../pg/cutover/rehearsal/other-readers.ts';
import {readInsertPosition} from '../../../pg/replication/insert-position.ts';
import {readSlots, type Slot} from '../../../pg/replication/slots.ts';
import {captureOf} from '../../capture/own-capture.ts';
import {found, listed} from '../../preflight/found.ts';
import type {StepContext} from '../../step.ts';

/** What else reads or writes the source, beside clients and this run. */
export interface OtherReaders {
  readonly slots: readonly Slot[];
  readonly senders: readonly SenderSeen[];
  readonly insertLsn: Lsn;
  /** The run's slots on the source. */
  readonly own: readonly string[];
  readonly database: string;
  readonly foreign: readonly {readonly role: string; readonly address: string | null; readonly sessions: number}[];
  readonly servers: readonly ForeignServer[];
  readonly subscriptions: readonly {readonly name: string; readonly enabled: boolean}[];
}

const {warning, note} = found('cutover', 'source');

/** Asks the source. */
export async function readOtherReaders(ctx: StepContext): Promise<Finding[]> {
  const source = await ctx.session('source');
  const {insertLsn} = await source.one(readInsertPosition(source.version));
  const claimed = new Set(ctx.state().claimed);
  return judgeReaders({
    slots: await source.run(readSlots(source.version)),
    senders: await source.run(readSendersSeen(source.version)),
    insertLsn,
    own: captureOf(ctx)?.onSource ?? [],
    database: ctx.config.servers.source.params['dbname'] ?? '',
    foreign: await source.run(readForeignSessions()),
    servers: await source.run(readForeignServers()),
    subscriptions: (await source.run(readOwnSubscriptions(source.version))).filter(
      ({name}) => !claimed.has(`subscription ${name}`) && !claimed.has(`back-subscription ${name}`),
    ),
  });
}

/** Pure. */
export function judgeReaders(seen: OtherReaders): Finding[] {
  const logical = seen.slots.filter(
    ({kind, name, database}) => kind === 'logical' && database === seen.database && !seen.own.includes(name),
  );
  const ownPids = new Set(seen.slots.filter(({name}) => seen.own.includes(name)).map(({activePid}) => activePid));
  const foreignPids = new Set(logical.map(({activePid}) => activePid));
  const standbys = seen.senders.filter(({pid}) => !ownPids.has(pid) && !foreignPids.has(pid));
  return [
    ...logical.map((slot) => judgeSlot(slot, seen)),
    ...(seen.subscriptions.length === 0
      ? []
      : [
          warning(
            'subscribed',
            `subscriptions write here what others publish, and are neither stopped nor carried: ${listed(seen.subscriptions.map(({name, enabled}) => `${name}${enabled ? '' : ' (disabled)'}`))}`,
            'before the cutover, on the source: ALTER SUBSCRIPTION … DISABLE; after it, subscribe on the target',
          ),
        ]),
    ...(standbys.length === 0
      ? []
      : [
          note(
            'standbys',
            `standbys and archivers stream from it, the replica of this run among them, and go on with what nobody writes any more: ${listed(standbys.map((one) => describeSender(one)))}; who reads from them has to be led to the target's as well`,
          ),
        ]),
    ...(seen.foreign.length === 0
      ? []
      : [
          warning(
            'foreign-sessions',
            `foreign tables of other servers read here: ${listed(seen.foreign.map(({role, address, sessions}) => `${role} from ${address ?? 'this machine'} (${sessions})`))}`,
            'on each of those servers, at the hand-over: ALTER SERVER … OPTIONS (SET host …), which a command of cutover.hand_over can do',
          ),
        ]),
    ...(seen.servers.length === 0
      ? []
      : [
          warning(
            'foreign-servers',
            `the database reads other servers, which the target has to reach as well: ${listed(seen.servers.map(({name, wrapper, options}) => `${name} (${wrapper}${options === '' ? '' : `: ${options}`})`))}`,
            'on the target, read a row of a foreign table of each; passwords of user mappings are not carried where our role may not read them',
          ),
        ]),
  ];
}

function judgeSlot(slot: Slot, {senders, insertLsn}: OtherReaders): Finding {
  const reader = senders.find(({pid}) => pid === slot.activePid);
  const behind = slot.confirmedFlushLsn === null ? null : Math.max(0, lsnDistance(slot.confirmedFlushLsn, insertLsn));
  const where = behind === null ? '' : `, ${formatBytes(behind)} behind`;
  const who = reader === undefined ? 'nobody reads it now' : `${describeSender(reader)} reads it`;
  return warning(
    'foreign-slot',
    `slot ${slot.name} (${slot.plugin ?? '?'}) is not of this run, and ends with the source${where}: ${who}`,
    'its reader has to have read past F, which drain tells of, before it is led to a slot of the target; on the target make that slot before the hand-over, or it misses what is written between',
  );
}

function describeSender({role, applicationName, address}: SenderSeen): string {
  const name = applicationName === '' ? (role ?? 'a session that our role may not see') : applicationName;
  return address === null ? name : `${name} from ${address}`;
}
