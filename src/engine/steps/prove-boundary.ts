import type {JsonObject} from '../../domain/json.ts';
import {LonghaulError} from '../../domain/longhaul-error.ts';
import {readReplicaPosition} from '../../pg/replica.ts';
import {readPrimaryPosition, readSlots} from '../../pg/slots.ts';
import {renderStatement} from '../../pg/statement.ts';
import {anchorPositions} from '../anchor-positions.ts';
import {checkAfterLoad} from '../load-is-over.ts';
import {readPlan} from '../plan/plan-file.ts';
import {describeTablesChange, readTablesChange} from '../plan/tables-now.ts';
import {readGoal, writeManifestFile} from '../schema/manifest.ts';
import {judgeBoundary, type BoundaryEvidence, type Condition} from '../prove/judge-boundary.ts';
import type {Step, StepContext} from '../step.ts';
import {withIdentity} from '../with-identity.ts';

/** Proves on the primary that every commit is in exactly one of load and change capture. */
export const proveBoundary: Step = {
  id: 'prove-boundary',
  phase: 'anchor',
  title: 'prove P against every slot',
  why: 'a P before a slot begins loses commits without a word: the server accepts the start and skips what lies between',
  source: "runbook, step 7, whose peek proves nothing; facts/boundary.md, 'Prove instead'",
  confirm: 'no',

  async check(ctx) {
    // Always looked at anew: a slot may have been lost since.
    return checkAfterLoad(ctx.state()) ?? {done: null, findings: []};
  },

  async statements(ctx) {
    const source = await ctx.session('source');
    return [readPrimaryPosition(source.version), readSlots(source.version)].map((statement) => ({
      on: 'source',
      action: renderStatement(statement).replaceAll(/\s+/g, ' ').trim(),
    }));
  },

  async run(ctx) {
    const seen = await readEvidence(ctx);
    const conditions = judgeBoundary(seen);
    const evidence = asJson(seen, conditions);
    const broken = conditions.filter((condition) => !condition.holds);
    if (broken.length > 0) throw notProved(seen, broken);
    await readManifestAgain(ctx);
    await ctx.record({type: 'boundary.proved', evidence});
    return evidence;
  },
};

/** Indexes, keys and triggers that came or went since the schema was copied: what the target is to have is what there is at P. */
async function readManifestAgain(ctx: StepContext): Promise<void> {
  await writeManifestFile(ctx.folder, await readGoal(await ctx.session('replica'), ctx.config.tables));
}

async function readEvidence(ctx: StepContext): Promise<BoundaryEvidence> {
  const {boundary} = ctx.state();
  if (boundary === null) {
    throw new LonghaulError({
      code: 'failed',
      message: 'there is no P to prove yet',
      remedy: 'longhaul run --from capture-boundary',
    });
  }
  const [source, replica] = await Promise.all([ctx.session('source'), ctx.session('replica')]);
  const withSlots = ctx.config.cdc.engine !== 'none';
  const [primary, standby, slots, plan] = await Promise.all([
    source.one(readPrimaryPosition(source.version)),
    replica.one(readReplicaPosition(replica.version)),
    source.run(readSlots(source.version)),
    readPlan(ctx),
  ]);
  return {
    boundary,
    primary: await withIdentity(ctx, 'source', primary),
    replica: await withIdentity(ctx, 'replica', standby),
    database: ctx.config.servers.source.params['dbname'] ?? null,
    slots: withSlots
      ? plan.slots.slots.map(({name}) => ({name, slot: slots.find((slot) => slot.name === name) ?? null}))
      : [],
    anchors: anchorPositions(ctx.state()),
    withSlots,
    tablesChange: describeTablesChange(await readTablesChange(ctx, replica)),
  };
}

function notProved({boundary}: BoundaryEvidence, broken: readonly Condition[]): LonghaulError {
  return new LonghaulError({
    code: 'failed',
    message: `P ${boundary.lsn} is not proved: ${broken.map((one) => `${one.subject}: ${one.condition} does not hold (${one.seen})`).join('; ')}`,
    remedy: [...new Set(broken.map((one) => one.remedy))].join('; '),
  });
}

function asJson(seen: BoundaryEvidence, conditions: readonly Condition[]): JsonObject {
  return {
    boundary: {...seen.boundary},
    primary: {...seen.primary},
    slots: seen.slots.map(({name, slot}) => ({
      name,
      createdAt: seen.anchors.slots.get(name) ?? null,
      restartLsn: slot?.restartLsn ?? null,
      confirmedFlushLsn: slot?.confirmedFlushLsn ?? null,
      walStatus: slot?.walStatus ?? null,
    })),
    afterTablesLsn: seen.anchors.afterTables,
    conditions: conditions.map(({subject, condition, seen: what}) => `${subject}: ${condition} (${what})`),
  };
}
