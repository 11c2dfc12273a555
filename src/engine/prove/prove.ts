import type {Failure} from '../../domain/run/event.ts';
import {cdcNotExpected} from '../../domain/pg/hand-over.ts';
import type {PlannedSlot} from '../../domain/pg/slot-plan.ts';
import type {ProofEvidence} from '../../domain/run/evidence/anchor.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {readReplicaPosition} from '../../pg/replication/replica.ts';
import {readPrimaryPosition, readSlots} from '../../pg/replication/slots.ts';
import {anchorPositions} from '../capture/anchor-positions.ts';
import {describeNotCaptured} from '../capture/guard/not-captured.ts';
import {readLost} from '../capture/guard/lost-tables.ts';
import {engineOf} from '../capture/engines.ts';
import {readPlan} from '../plan/plan-file.ts';
import {describeTablesChange, readTablesChange} from '../plan/tables-now.ts';
import type {StepContext} from '../step.ts';
import {slotOnSource} from '../../domain/run/capture/slot-names.ts';
import {withIdentity} from '../capture/with-identity.ts';
import {judgeBoundary, type BoundaryEvidence, type Condition} from './judge-boundary.ts';

/** Whether the replica is at P, where all can be proved, or has gone on from it: then only what change capture begins with. */
export type ReplicaIs = 'at P' | 'gone on';

/** What a proof found. It holds where `broken` is empty. */
export interface Proof {
  readonly evidence: ProofEvidence;
  readonly slots: readonly string[];
  readonly broken: readonly Condition[];
}

/** Reads everything that P rests on from the servers, and judges it. Changes nothing. Throws where there is no P. */
export async function proveBoundary(ctx: StepContext, replicaIs: ReplicaIs): Promise<Proof> {
  const seen = await readEvidence(ctx, replicaIs);
  const conditions = judgeBoundary(seen);
  return {
    evidence: asJson(seen, conditions),
    slots: seen.slots.map(({name}) => name),
    broken: conditions.filter(({holds}) => !holds),
  };
}

/** Journals what a proof came to; gives why P is not proved, with every condition that does not hold, and null where it is. */
export async function journalProof(ctx: StepContext, {evidence, slots, broken}: Proof): Promise<Failure | null> {
  if (broken.length === 0) {
    await ctx.record({type: 'boundary.proved', evidence, slots});
    return null;
  }
  const {boundary, lastProof} = ctx.state();
  const failure = {
    message: `P ${boundary?.lsn} is not proved: ${broken.map((one) => `${one.subject}: ${one.condition} does not hold (${one.seen})`).join('; ')}`,
    remedy: [...new Set(broken.map((one) => one.remedy))].join('; '),
    unreachable: false,
  };
  if (lastProof !== null) await ctx.record({type: 'boundary.disproved', failure, evidence});
  return failure;
}

/** Journals a proof and gives its evidence. Throws where P is not proved. */
export async function mustHold(ctx: StepContext, proof: Proof): Promise<ProofEvidence> {
  const failure = await journalProof(ctx, proof);
  if (failure !== null) throw new LonghaulError({code: 'failed', ...failure});
  return proof.evidence;
}

async function readEvidence(ctx: StepContext, replicaIs: ReplicaIs): Promise<BoundaryEvidence> {
  const state = ctx.state();
  const {boundary} = state;
  if (boundary === null) {
    throw new LonghaulError({
      code: 'failed',
      message: 'there is no P to prove yet',
      remedy: 'longhaul run --from capture-boundary',
    });
  }
  const source = await ctx.session('source');
  const engine = engineOf(ctx.config);
  const {slots: wanted} = engine.needs;
  const [primary, slots, plan, atReplica] = await Promise.all([
    source.one(readPrimaryPosition(source.version)),
    source.run(readSlots(source.version)),
    readPlan(ctx),
    replicaIs === 'at P' ? readAtReplica(ctx) : {replica: null, tablesChange: ''},
  ]);
  return {
    run: ctx.config.run,
    boundary,
    primary: await withIdentity(ctx, 'source', primary),
    database: ctx.config.servers.source.params['dbname'] ?? null,
    slots: plan.slots.slots
      .map((planned) => slotOnSource(state, planned.name))
      .map((name) => ({name, slot: slots.find((slot) => slot.name === name) ?? null})),
    anchors: anchorPositions(state),
    notMembers: await readNotMembers(ctx, plan.slots.slots),
    plugin: wanted?.plugin ?? null,
    members: wanted?.members ?? {what: 'tables', step: 'plan-slots'},
    mayHaveBegun: cdcNotExpected(state) === null,
    ...atReplica,
  };
}

/** One that was dropped since P is in nothing, and nothing of it is lost; one that can be adopted is told as such. At P the tables are those of the plan. */
async function readNotMembers(ctx: StepContext, slots: readonly PlannedSlot[]): Promise<string[]> {
  if (slots.length === 0) return [];
  const engine = engineOf(ctx.config);
  const left = await readLost(ctx, slots, {
    readNotCaptured: async (...asked) => engine.readNotCaptured(...asked),
    adoption: engine.live?.adoption ?? null,
  });
  return left.map(describeNotCaptured);
}

async function readAtReplica(ctx: StepContext): Promise<Pick<BoundaryEvidence, 'replica' | 'tablesChange'>> {
  const session = await ctx.session('replica');
  const position = await session.one(readReplicaPosition(session.version));
  return {
    replica: await withIdentity(ctx, 'replica', position),
    tablesChange: describeTablesChange(await readTablesChange(ctx, session)),
  };
}

function asJson(seen: BoundaryEvidence, conditions: readonly Condition[]): ProofEvidence {
  return {
    boundary: {...seen.boundary},
    primary: {...seen.primary},
    replicaLsn: seen.replica?.replayLsn ?? null,
    slots: seen.slots.map(({name, slot}) => ({
      name,
      createdAt: seen.anchors.slots.get(name) ?? null,
      restartLsn: slot?.restartLsn ?? null,
      confirmedFlushLsn: slot?.confirmedFlushLsn ?? null,
      walStatus: slot?.walStatus ?? null,
    })),
    afterTablesLsn: seen.anchors.afterTables,
    conditions: conditions.map(
      ({subject, condition, seen: what, holds}) =>
        `${holds ? '' : 'DOES NOT HOLD: '}${subject}: ${condition} (${what})`,
    ),
  };
}
