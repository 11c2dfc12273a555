import {isoTime} from '../../../domain/base/iso-time.ts';
import {fenceBroken, fenceLine} from '../../../domain/pg/boundary.ts';
import {isBoundaryLost} from '../../../domain/pg/hand-over.ts';
import type {ServerRole} from '../../../domain/pg/server-role.ts';
import {claimedPublications} from '../../../domain/run/claimed.ts';
import {isTargetOpened} from '../../../domain/run/cutover/cutover.ts';
import type {RunState} from '../../../domain/run/run-state.ts';
import {isSameFill, type SchemaChange, type SchemaDrift} from '../../../domain/run/drift/schema-change.ts';
import {SENTINEL_SCHEMA} from '../../../pg/capture/sentinels.ts';
import {readCatalogCounters, type CatalogCounter} from '../../../pg/objects/drift/catalogs.ts';
import type {ChosenFact} from '../../../pg/objects/drift/chosen-facts.ts';
import {readReplicaPosition} from '../../../pg/replication/replica.ts';
import {readAssumableRoles} from '../../../pg/roles/roles.ts';
import type {Session} from '../../../pg/session/session.ts';
import {engineOf} from '../../capture/engines.ts';
import {isSchemaWanted} from '../../schema/copy/dump-scope.ts';
import {isWanted} from '../../inventory/is-wanted.ts';
import type {StepContext} from '../../step.ts';
import {workAside} from '../../waiting/work-aside.ts';
import {forLive, notFollowed} from './followed.ts';
import {openBaseline, takeBaseline, type Baseline} from './baseline.ts';
import type {Drift, Drifted} from './drift.ts';
import {judgeDrift} from './judge-drift.ts';
import {keepSeen, readSeen} from './kept-objects.ts';
import {changesOf, seeObject, type SeenObjects} from './seen-objects.ts';
import {isOfNames, takenAnew} from './taken-names.ts';
import {horizonNow, movedSince, readSlice, sliceCatalogs, type Hear, type Reading, type Slice} from './slices.ts';

/** At most so often are catalogs read that somebody writes to; every two minutes and a half where probes ask four times as often as by default. */
const EVERY_MS = 600_000;
const PER_INTERVAL = 300;
/** What the source is asked for in one go, while its other probes wait: no slice is begun that would end later, by what it took last. */
const TURN_MS = 200;
/** What is expected of a slice that was never read: those of what is gone read all of a catalog, the others what was written. */
const UNREAD_MS: Readonly<Record<Slice['kind'], number>> = {touched: 20, facts: 20, gone: 100, owned: 100};
/** The journal has so many of them; a deployment may touch each of ten thousand partitions. */
const MOST = 500;

/** Reads how the source's schema has changed since P, a little at each call, and journals it; the number of changes, null while nothing is known. */
export type ReadDrift = (source: Session) => Promise<number | null>;

type DriftContext = Pick<StepContext, 'config' | 'folder' | 'state' | 'record' | 'now' | 'steady' | 'signal'>;

/** Where a watch is in its work. */
interface Watch {
  readonly p: string;
  readonly baseline: Baseline;
  readonly seen: SeenObjects;
  readonly horizons: Map<string, string>;
  readonly owned: Reading['owned'];
  readonly queue: Slice[];
  /** How long slices of a kind took last, in milliseconds. */
  readonly tookMs: Map<string, number>;
  counters: readonly CatalogCounter[] | null;
  beganMs: number;
  isWhole: boolean;
  /** Whether the target was asked what it has followed. */
  isConcluded: boolean;
}

/** Whether anything that is changed on the source has to be followed on the target: not while production is there. Pure. */
export function isSchemaWatched(state: RunState): boolean {
  return (
    state.boundary !== null && !isBoundaryLost(state) && state.status !== 'aborted' && !isTargetOpened(state.cutover)
  );
}

/** Makes what watches the schema of the source; asks nothing yet. `open` gives sessions that only read. */
export function createDriftWatch(ctx: DriftContext, open: (role: ServerRole) => Promise<Session>): ReadDrift {
  let watch: Watch | null = null;
  // What asks other servers or reads files: the source's other probes do not wait for it.
  const aside = workAside();

  ctx.signal.addEventListener('abort', () => void watch?.baseline.close().catch(() => undefined));

  async function openAt(p: string): Promise<void> {
    let baseline = await openBaseline(ctx.folder, p);
    if (baseline === null) {
      await take(ctx, p, open);
      baseline = await openBaseline(ctx.folder, p);
    }
    if (baseline === null || ctx.signal.aborted) return baseline?.close();
    watch = begin(p, baseline, await readSeen(ctx.folder, p));
  }

  return async (source) => {
    const {boundary} = ctx.state();
    const p = boundary === null || !isSchemaWatched(ctx.state()) ? null : fenceLine(boundary);
    if (watch !== null && watch.p !== p) {
      await watch.baseline.close();
      watch = null;
    }
    if (p === null) return null;
    aside.mustNotHaveFailed();
    if (watch === null) {
      aside.begin(async () => openAt(p));
      return null;
    }
    await workOn(ctx, watch, source);
    const whole = watch;
    if (whole.isWhole) aside.begin(async () => conclude(ctx, whole, open));
    return whole.isConcluded ? ctx.state().schemaDrift.total : null;
  };
}

function begin(p: string, baseline: Baseline, seen: SeenObjects): Watch {
  return {
    p,
    baseline,
    seen,
    horizons: new Map(),
    owned: new Map(),
    queue: [],
    tookMs: new Map(),
    counters: null,
    beganMs: -Infinity,
    isWhole: false,
    isConcluded: false,
  };
}

/** From the replica while it is at P: what it has is what the source had, and costs the source nothing. Later from the source itself, as it is then. */
async function take(ctx: DriftContext, p: string, open: (role: ServerRole) => Promise<Session>): Promise<void> {
  const {boundary} = ctx.state();
  const replica = await open('replica');
  try {
    const position = await replica.one(readReplicaPosition(replica.version));
    const isAtP = boundary !== null && fenceBroken(boundary, position) === null;
    const session = isAtP ? replica : await open('source');
    try {
      await takeBaseline(ctx.folder, session, {p, from: isAtP ? 'replica' : 'source', at: isoTime(ctx.now())});
    } finally {
      if (session !== replica) await session.close();
    }
  } finally {
    await replica.close();
  }
}

async function workOn(ctx: DriftContext, watch: Watch, source: Session): Promise<void> {
  const beganMs = ctx.steady();
  if (watch.queue.length === 0) await plan(ctx, watch, source);
  const hear: Hear = async (objects) => {
    for (const {key, now} of objects) {
      const before = await watch.baseline.read(key);
      const wanted = (fact: ChosenFact): boolean => isMoved(ctx, fact);
      seeObject(watch.seen, key, {before: before.filter(wanted), now: now.filter(wanted)});
    }
  };
  for (let isFirst = true; ; isFirst = false) {
    const [slice] = watch.queue;
    if (slice === undefined) return;
    const startMs = ctx.steady();
    const name = `${slice.kind} ${slice.catalog}`;
    if (!isFirst && startMs - beganMs + (watch.tookMs.get(name) ?? UNREAD_MS[slice.kind]) > TURN_MS) return;
    const following = await readSlice(source, slice, {
      baseline: watch.baseline,
      owned: watch.owned,
      known: watch.seen.drifted,
      hear,
    });
    // What could not be read is read by the next turn: its catalog is not looked at so far back again.
    watch.queue.splice(0, 1, ...following);
    watch.tookMs.set(name, ctx.steady() - startMs);
    if (watch.queue.length === 0) watch.isWhole = true;
  }
}

async function plan(ctx: DriftContext, watch: Watch, source: Session): Promise<void> {
  const counters = await source.run(readCatalogCounters(source.version));
  const moved = movedSince(watch.counters, counters);
  const isStill = moved !== null && moved.written.size === 0 && moved.deleted.size === 0;
  if (isStill || ctx.steady() - watch.beganMs < pauseMs(ctx)) return;
  const horizon = await horizonNow(source);
  const slices = sliceCatalogs(watch.baseline, {
    written: moved?.written ?? null,
    deleted: moved?.deleted ?? null,
    horizonOf: (catalog) => watch.horizons.get(catalog) ?? watch.baseline.horizon,
  });
  // What a catalog has had written before this is seen now; what is in progress, next time.
  for (const slice of slices) if (slice.kind === 'touched') watch.horizons.set(slice.catalog, horizon);
  watch.queue.push(...slices);
  watch.counters = counters;
  watch.beganMs = ctx.steady();
}

/** What stops a slot is most often DDL that the target has not followed: then they are read at once. */
function pauseMs({config, state}: DriftContext): number {
  if (state().alarms.some(({id}) => id.startsWith('cdc.down:'))) return 0;
  return Math.min(EVERY_MS, PER_INTERVAL * config.probes.intervalMs);
}

function isMoved({config: {tables}, state}: DriftContext, fact: ChosenFact): boolean {
  const {kind, name, schema, relation} = fact;
  // Longhaul's own: an adoption adds to it, and a table that goes leaves it.
  if (kind === 'publication') return !claimedPublications(state().claimed).includes(name);
  if (schema === null) return true;
  // Longhaul's own, which it makes on each side.
  if (schema === SENTINEL_SCHEMA) return false;
  return relation === null ? isSchemaWanted(schema, tables) : isWanted({schema, name: relation}, tables);
}

function asJournalled({object, change, why, statement, table, fills}: Drift): SchemaChange {
  return {object, change, why, statement, table, fills};
}

/** Journals what is left once the target was asked what it has followed. */
async function conclude(ctx: DriftContext, watch: Watch, open: (role: ServerRole) => Promise<Session>): Promise<void> {
  const known = ctx.state().schemaDrift;
  const {drifted, turned} = watch.seen;
  if (drifted.size > 0 || turned.size > 0 || known.total > 0 || known.filled.some(isOfNames)) {
    const left = await leftOnTarget(watch, open);
    const {boundary, schemaDrift: before} = ctx.state();
    const {live} = engineOf(ctx.config);
    // While the target was asked the run may have got another P, or an end.
    if (ctx.signal.aborted || boundary === null || fenceLine(boundary) !== watch.p) return;
    const written = left.filled.filter((one) => !isOfNames(one));
    const fresh = [
      ...written.filter((one) => !before.filled.some((other) => isSameFill(one, other))),
      ...takenAnew(before.filled, left.filled),
    ];
    const drift: SchemaDrift = {
      total: left.changes.length,
      changes: left.changes.slice(0, MOST).map((change) => asJournalled(forLive(change, live))),
      filled: [...before.filled, ...fresh],
    };
    // What is owed first: a supervisor that dies in between says it again.
    for (const {table, how} of fresh) await ctx.record({type: 'comparison.owed', tables: [table], why: how});
    const {accepted: _, ...asBefore} = before;
    if (JSON.stringify(drift) !== JSON.stringify(asBefore)) await ctx.record({type: 'schema.drifted', ...drift});
  }
  await keepSeen(ctx.folder, watch.p, watch.seen);
  watch.isConcluded = true;
}

/** What the target has not followed of what is known now. */
async function leftOnTarget(watch: Watch, open: (role: ServerRole) => Promise<Session>): Promise<Drifted> {
  const target = await open('target');
  try {
    const assumable = new Set((await target.run(readAssumableRoles(target.version))).map(({role}) => role));
    const {filled} = judgeDrift([...watch.seen.drifted.values()], assumable);
    return {changes: await notFollowed(target, changesOf(watch.seen, assumable)), filled};
  } finally {
    await target.close();
  }
}
