import {quoteIdentifier} from '../../../domain/pg/identifier.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import type {SystemIdentity} from '../../../pg/session/identify-system.ts';
import {setList, setNumber} from '../../../pg/session/alter-system.ts';
import {readRoleRights} from '../../../pg/roles/rights.ts';
import {readSettings} from '../../../pg/session/settings.ts';
import {ONE_TIMELINE} from '../../prove/judge-boundary.ts';
import type {StepContext} from '../../step.ts';
import {captureNeeds} from '../../capture/needs.ts';
import {readIdentity} from '../../capture/with-identity.ts';
import {found} from '../found.ts';

/** Whether the replica is of the source's cluster and replays the history that the source writes; and whether both may be asked for it. */
export async function checkTimeline(ctx: StepContext): Promise<Finding[]> {
  const source = await readAsking(ctx, 'source');
  const replica = await readAsking(ctx, 'replica');
  const ofSource = judgeAsking('source', source);
  const ofReplica = judgeAsking('replica', replica);
  // With slots the rights and settings of the source have said the same already.
  const refusals = [...(captureNeeds(ctx.config).slots === null ? ofSource : []), ...ofReplica];
  if (ofSource.length > 0 || ofReplica.length > 0) return refusals;
  return judgeIdentity({source: await readIdentity(ctx, 'source'), replica: await readIdentity(ctx, 'replica')});
}

/** What a server wants from who asks for its timeline. */
export interface AskingSeen {
  readonly role: string;
  readonly mayReplicate: boolean;
  readonly maxWalSenders: number;
  readonly walLevel: string;
  /** Whether this run has paused it: a restart would lose P. */
  readonly paused: boolean;
}

async function readAsking(ctx: StepContext, server: 'source' | 'replica'): Promise<AskingSeen> {
  const session = await ctx.session(server);
  const {role, superuser, replication} = await session.one(readRoleRights(session.version));
  const settings = await session.run(readSettings(['max_wal_senders', 'wal_level']));
  const valueOf = (name: string): string => settings.find((setting) => setting.name === name)?.value ?? '';
  return {
    role,
    mayReplicate: superuser || replication,
    maxWalSenders: Number(valueOf('max_wal_senders')),
    walLevel: valueOf('wal_level'),
    paused: server === 'replica' && ctx.state().replayPaused,
  };
}

/** Why a server would refuse to tell its timeline. Pure. */
export function judgeAsking(server: 'source' | 'replica', seen: AskingSeen): Finding[] {
  const {blocker} = found(server);
  return [
    ...(seen.mayReplicate
      ? []
      : [
          blocker(
            'may-not-identify',
            `role ${seen.role} has no REPLICATION: the server does not tell it its timeline`,
            `on the source, as superuser: ALTER ROLE ${quoteIdentifier(seen.role)} REPLICATION; the replica follows the source`,
          ),
        ]),
    ...(seen.maxWalSenders > 0
      ? []
      : [
          blocker(
            'wal-senders',
            'max_wal_senders is 0: the server tells nobody its timeline',
            raiseSenders(server, seen),
          ),
        ]),
  ];
}

function raiseSenders(server: 'source' | 'replica', {walLevel, paused}: AskingSeen): string {
  // With WAL senders a server does not start at wal_level minimal, the default before 10, be it a standby.
  const level = walLevel === 'minimal' ? `${setList('wal_level', ['logical'])}; ` : '';
  const cost =
    server === 'source'
      ? 'that is a restart of production, so choose its time'
      : `its sessions end, the source does not notice${paused ? '; but replay goes on, and P with all that was loaded at it is lost' : ''}`;
  // From 12 on a standby with less of them than its primary stops replaying.
  const first = server === 'source' ? 'raise it on every standby first; ' : '';
  return `${first}on the ${server}, as superuser: ${level}${setNumber('max_wal_senders', 5)}; restart the ${server}; ${cost}`;
}

/** Pure. */
export function judgeIdentity({source, replica}: Readonly<Record<'source' | 'replica', SystemIdentity>>): Finding[] {
  const {blocker} = found('replica');
  if (replica.systemIdentifier !== source.systemIdentifier)
    return [
      blocker(
        'other-cluster',
        `its system identifier is ${replica.systemIdentifier}, the source's ${source.systemIdentifier}`,
        '`source` and `replica` must name a primary and its own standby',
      ),
    ];
  if (replica.timeline === source.timeline) return [];
  return [
    blocker(
      'timeline',
      `it replays timeline ${replica.timeline}, the source writes timeline ${source.timeline}: after a promotion the two have different rows`,
      ONE_TIMELINE,
    ),
  ];
}
