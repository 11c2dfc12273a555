import {fenceBroken, newBoundary, type Boundary} from '../../domain/pg/boundary.ts';
import {compareLsn, type Lsn} from '../../domain/pg/lsn.ts';
import {afterMove, newSlots} from '../../domain/reading/slots-away.ts';
import type {ReplicaPosition} from '../../pg/replication/replica.ts';
import type {SystemIdentity} from '../../pg/session/identify-system.ts';
import type {PrimaryPosition, Slot} from '../../pg/replication/slots.ts';
import type {StepId} from '../../domain/run/step-id.ts';
import type {AnchorPositions} from '../capture/anchor-positions.ts';
import {PLAN_AGAIN} from '../plan/tables-now.ts';

/** Everything that the proof rests on, read from the servers just now. */
export interface BoundaryEvidence {
  /** The run's name, for the remedies. */
  readonly run: string;
  readonly boundary: Boundary;
  readonly primary: PrimaryPosition & SystemIdentity;
  /** Null once it has gone on from P: then only what change capture begins with can be proved. */
  readonly replica: (ReplicaPosition & SystemIdentity) | null;
  readonly database: string | null;
  /** Every planned slot; null where the primary has none of that name. */
  readonly slots: readonly {readonly name: string; readonly slot: Slot | null}[];
  readonly anchors: AnchorPositions;
  /** The output plugin that the slots have to have; null in a run without slots. */
  readonly plugin: string | null;
  /** What the tables are members of, for people, and the step that makes them so: as the engine has it. */
  readonly members: {readonly what: string; readonly step: StepId};
  /** Memberships that are planned and not there, in words. */
  readonly notMembers: readonly string[];
  /** Whether the load at P is over, so that change capture may have begun. */
  readonly mayHaveBegun: boolean;
  /** Tables that the replica has at P and the plan has not, or the other way round, in words; empty where they are the same. */
  readonly tablesChange: string;
}

/** One condition of the proof, what was seen of it, and what to do where it does not hold. */
export interface Condition {
  readonly subject: string;
  readonly condition: string;
  readonly seen: string;
  readonly holds: boolean;
  readonly remedy: string;
}

const NEW_P = 'longhaul run --from pause-replay takes a new P once the replica has caught up';
/** What helps where the replica replays another history than the source writes. */
export const ONE_TIMELINE =
  '`source` must name the primary of today, `replica` a standby that streams from it; after a failover the replica has to follow' +
  " (before 12: recovery_target_timeline = 'latest' in its recovery.conf) or be made anew from that primary";

/**
 * The conditions under which every commit is in exactly one of load and change capture: P >= S_i for every slot and P >= A, on slots
 * that are whole and a replica of this very primary that is paused at P, or was. restart_lsn only says how much WAL is kept. Pure.
 * Source: facts/boundary.md.
 */
export function judgeBoundary(evidence: BoundaryEvidence): Condition[] {
  const {replica} = evidence;
  return [
    ...(replica === null ? [judgeIdentity(evidence)] : judgeReplica(evidence, replica)),
    {
      subject: 'source',
      condition: 'P is not ahead of what the primary has flushed',
      seen: `P ${evidence.boundary.lsn}, flushed ${evidence.primary.flushLsn}`,
      holds: compareLsn(evidence.boundary.lsn, evidence.primary.flushLsn) <= 0,
      remedy: 'the replica has WAL that this primary has not: `source` is not the server that it streams from',
    },
    ...(replica === null ? [] : [judgePlan(evidence)]),
    ...(evidence.plugin !== null ? [judgeTables(evidence), judgeMembers(evidence), judgeCount(evidence)] : []),
    ...evidence.slots.flatMap(({name, slot}) => judgeSlot(evidence, name, slot)),
  ];
}

/** The server that the replica at P was a standby of, from which the slots are read. */
function judgeIdentity({boundary, primary}: BoundaryEvidence): Condition {
  return {
    subject: 'source',
    condition: 'is the primary of the replica that was at P (one system identifier)',
    seen: `${primary.systemIdentifier} and ${boundary.systemIdentifier ?? 'unknown'}`,
    holds: primary.systemIdentifier === boundary.systemIdentifier && !primary.inRecovery,
    remedy: '`source` in longhaul.yaml must name the primary that the run was begun with',
  };
}

function judgePlan({tablesChange}: BoundaryEvidence): Condition {
  return {
    subject: 'tables at P',
    condition: 'are those of the plan',
    seen: tablesChange === '' ? 'the same' : tablesChange,
    holds: tablesChange === '',
    remedy: PLAN_AGAIN,
  };
}

function judgeReplica(
  {boundary, primary}: BoundaryEvidence,
  replica: NonNullable<BoundaryEvidence['replica']>,
): Condition[] {
  const moved = fenceBroken(boundary, replica);
  return [
    {
      subject: 'replica',
      condition: 'is paused at P',
      seen: moved ?? `at ${replica.replayLsn}`,
      holds: moved === null && replica.paused,
      remedy: replica.inRecovery ? NEW_P : newBoundary(replica),
    },
    {
      subject: 'replica',
      condition: 'is a standby of the source (one system identifier)',
      seen: `${primary.systemIdentifier} and ${replica.systemIdentifier}`,
      holds: primary.systemIdentifier === replica.systemIdentifier && !primary.inRecovery,
      remedy: '`source` and `replica` in longhaul.yaml must name a primary and its own standby',
    },
    {
      subject: 'replica',
      condition: 'replays the timeline that the source writes',
      seen: `the replica ${replica.timeline}, the source ${primary.timeline}`,
      holds: primary.timeline === replica.timeline,
      remedy: ONE_TIMELINE,
    },
  ];
}

/** A table that was taken out of its set is captured no more, however P lies. */
function judgeMembers({run, notMembers, members}: BoundaryEvidence): Condition {
  return {
    subject: members.what,
    condition: 'have every table that they are to have',
    seen: notMembers.length === 0 ? 'all of them' : `not in theirs: ${notMembers.join(', ')}`,
    holds: notMembers.length === 0,
    remedy: `somebody took them out, and what was written since is lost: ${newSlots(run)}`,
  };
}

function judgeTables({boundary, anchors, members}: BoundaryEvidence): Condition {
  return {
    subject: members.what,
    condition: 'P >= A, the position after the last table was added',
    seen: `P ${boundary.lsn}, A ${anchors.afterTables ?? 'unknown'}`,
    holds: anchors.afterTables !== null && compareLsn(boundary.lsn, anchors.afterTables) >= 0,
    remedy: anchors.afterTables === null ? `longhaul run --from ${members.step}` : NEW_P,
  };
}

/** Without a slot nothing would be kept for change capture, and everything else would hold. */
function judgeCount({slots}: BoundaryEvidence): Condition {
  return {
    subject: 'slots',
    condition: 'there is at least one',
    seen: `${slots.length} in the plan`,
    holds: slots.length > 0,
    remedy: 'longhaul plan --fresh; where the source has no table to replicate, cdc.engine: none in longhaul.yaml',
  };
}

function judgeSlot(evidence: BoundaryEvidence, name: string, slot: Slot | null): Condition[] {
  const subject = `slot ${name}`;
  const {run, mayHaveBegun} = evidence;
  if (slot === null) {
    return [{subject, condition: 'exists', seen: 'there is none', holds: false, remedy: newSlots(run)}];
  }
  const made = evidence.anchors.slots.get(name) ?? null;
  const begins = slot.confirmedFlushLsn ?? made;
  return [
    {
      subject,
      condition: 'P >= confirmed_flush_lsn',
      seen: `P ${evidence.boundary.lsn}, ${slot.confirmedFlushLsn === null ? 'made at or before' : 'confirmed_flush_lsn'} ${begins ?? 'unknown'}`,
      holds: begins !== null && compareLsn(evidence.boundary.lsn, begins) >= 0,
      // A slot that is as it was made wants a later P. One that has moved since was read, or made again, and moves on as it likes.
      remedy: begins !== null && begins === made ? NEW_P : afterMove(run, mayHaveBegun),
    },
    ...judgeHealth(evidence, slot).map((one) => ({...one, subject, remedy: newSlots(run)})),
    {
      subject,
      condition: 'nobody reads it',
      seen: slot.active ? `pid ${slot.activePid ?? '?'} reads it` : 'inactive',
      holds: !slot.active,
      remedy: mayHaveBegun
        ? `if that is change capture: longhaul cdc-started --yes ${run}; if not, ${endReader(name, slot)}`
        : endReader(name, slot),
    },
  ];
}

/** What to do about a session that reads a slot of ours before its time. Pure. */
export function endReader(name: string, {activePid}: Pick<Slot, 'activePid'>): string {
  return `end what reads ${name}, for it moves the slot away from P; on the source, as superuser: SELECT pg_terminate_backend(${activePid ?? 'PID'})`;
}

function judgeHealth({database, plugin}: BoundaryEvidence, slot: Slot): Omit<Condition, 'subject' | 'remedy'>[] {
  const restart: Lsn | null = slot.restartLsn;
  return [
    {
      condition: `is a logical ${plugin} slot of this database`,
      seen: `${slot.kind}, ${slot.plugin ?? 'no plugin'}, ${slot.database ?? 'no database'}`,
      holds: slot.kind === 'logical' && slot.plugin === plugin && slot.database === database,
    },
    {
      condition: 'keeps its WAL',
      seen: `restart_lsn ${restart ?? 'null'}, wal_status ${slot.walStatus ?? 'not told before 13'}`,
      holds: restart !== null && slot.walStatus !== 'lost' && slot.walStatus !== 'unreserved',
    },
    {
      condition: 'is not invalidated',
      seen: slot.invalidationReason ?? 'valid',
      holds: slot.invalidationReason === null,
    },
  ];
}
