import {isAcceptedIn, type Difference} from '../../domain/run/difference.ts';
import {
  readForeignKeys,
  readIndexes,
  readTriggers,
  type ForeignKeyRow,
  type IndexRow,
  type TriggerRow,
} from '../../pg/catalog/indexes.ts';
import {addForeignKey, addIndexConstraint, createTrigger, setTriggerEnabled} from '../../pg/load/restore.ts';
import type {Limits} from '../../pg/session/session.ts';
import type {Statement} from '../../pg/session/statement.ts';
import type {Action} from '../action.ts';
import {showStatement} from '../make-action.ts';
import {indexObject, keyObject, triggerObject} from '../schema/goal/object-names.ts';
import {keyOf, readManifestFile, type Named} from '../schema/goal/manifest.ts';
import type {StepContext} from '../step.ts';
import {planCaptureEnd} from './own-slots.ts';
import {withShortLocks} from './short-locks.ts';

/** What the target still lacks of the source's foreign keys and triggers. */
export interface WaitingObjects {
  /** That can be added without reading their tables. */
  readonly keys: readonly ForeignKeyRow[];
  /** On partitioned tables, which before 18 are read when a key is added. */
  readonly readingKeys: readonly ForeignKeyRow[];
  readonly triggers: readonly TriggerRow[];
  /** That fire while changes are applied: only once nothing is applied any more. */
  readonly firing: readonly TriggerRow[];
  /** That are to be another way enabled, and do not fire then. */
  readonly states: readonly TriggerRow[];
  /** Constraints that could not come back beside the apply: deferrable ones, and those that nothing but ADD CONSTRAINT builds. Their indexes are built with the writes stopped. */
  readonly deferrable?: readonly IndexRow[];
}

/** `A` and `R` fire in the role of a replica, in which changes are applied. */
const FIRES_IN_APPLY: readonly string[] = ['A', 'R'];

/**
 * Compares the target's keys and triggers with the manifest. What an operator has accepted as it is is left alone. Three statements on the target, which wait for whoever has a table for himself, and not
 * for long: writers may wait meanwhile.
 */
export async function readWaitingObjects(ctx: StepContext): Promise<WaitingObjects> {
  const {version} = await ctx.session('target');
  const wanted = await readManifestFile(ctx.folder);
  const keys = missing(wanted.foreignKeys, await withShortLocks(ctx, 'target', readForeignKeys(version)));
  const there = await withShortLocks(ctx, 'target', readTriggers(version));
  const isAccepted = (object: string): boolean => isAcceptedIn(ctx.state(), missingObject(object));
  const divided = divideWaiting({keys, wantedTriggers: wanted.triggers, triggersThere: there}, isAccepted);
  const deferrable = missing(wanted.indexes, await withShortLocks(ctx, 'target', readIndexes(version))).filter(
    (index) => (index.deferrable || index.byConstraint) && index.parentName === null && !isAccepted(indexObject(index)),
  );
  return {...divided, deferrable};
}

/** Divides what is missing by when it may come back. Pure. */
export function divideWaiting(
  {
    keys,
    wantedTriggers,
    triggersThere,
  }: {
    readonly keys: readonly ForeignKeyRow[];
    readonly wantedTriggers: readonly TriggerRow[];
    readonly triggersThere: readonly TriggerRow[];
  },
  isAccepted: (object: string) => boolean,
): WaitingObjects {
  const open = keys.filter((key) => !isAccepted(keyObject(key)));
  const triggers = missing(wantedTriggers, triggersThere).filter(
    (trigger) => !trigger.cloned && !isAccepted(triggerObject(trigger)),
  );
  const known = new Map(
    [...triggersThere, ...triggers.map((one) => ({...one, enabled: 'O'}))].map((one) => [keyOf(one), one]),
  );
  // Those of partitions come with their parents' and fire as these do.
  const differing = wantedTriggers.filter((one) => (known.get(keyOf(one))?.enabled ?? 'O') !== one.enabled);
  const due = differing.filter((one) => known.has(keyOf(one)) || one.cloned);
  return {
    keys: open.filter(({partitioned}) => !partitioned),
    readingKeys: open.filter(({partitioned}) => partitioned),
    triggers,
    firing: due.filter(({enabled}) => FIRES_IN_APPLY.includes(enabled)),
    states: due.filter(({enabled}) => !FIRES_IN_APPLY.includes(enabled)),
  };
}

function missing<Row extends Named>(wanted: readonly Row[], there: readonly Row[]): Row[] {
  const known = new Set(there.map((row) => keyOf(row)));
  return wanted.filter((row) => !known.has(keyOf(row)));
}

function missingObject(object: string): Difference {
  return {object, differs: 'is not there', why: '', query: null, remedy: ''};
}

/** What may come back while changes are still applied: neither keys nor such triggers fire then. */
export function planAhead(ctx: StepContext, {keys, triggers, states}: WaitingObjects): Action[] {
  return [
    ...keys.map((key) => restoring(ctx, addForeignKey(key))),
    ...triggers.map((trigger) => restoring(ctx, createTrigger(trigger))),
    ...states.map((trigger) => restoring(ctx, setTriggerEnabled(trigger))),
  ];
}

/** What has to wait until nothing is applied any more. Those that fire are journalled first: whoever goes back has to keep them from it. */
export function planAfterDrain(ctx: StepContext, {readingKeys, firing, deferrable = []}: WaitingObjects): Action[] {
  const names = firing.map(({schema, table, name}) => ({schema, table, name}));
  const noting: Action = {
    on: 'jump box',
    text: `note in the journal: ${names.length} triggers fire from now on while changes are applied`,
    execute: async () => ctx.record({type: 'cutover.triggers-firing', triggers: names}),
  };
  return [
    ...deferrable.map((index) => restoring(ctx, addIndexConstraint(index), READING)),
    ...readingKeys.map((key) => restoring(ctx, addForeignKey(key), READING)),
    // A target that crashes from here on must not apply anything with them before somebody has kept them from it.
    ...(firing.length === 0 ? [] : [planCaptureEnd(ctx), noting]),
    ...firing.map((trigger) => restoring(ctx, setTriggerEnabled(trigger))),
  ];
}

/** Has those that fire while changes are applied fire at the origin alone again, before changes are applied. */
export function planNotFiring(ctx: StepContext): Action[] {
  const {firing = []} = ctx.state().cutover ?? {};
  return firing.map(({schema, table, name}) =>
    restoring(ctx, setTriggerEnabled({schema, table, name, enabled: 'O', definition: '', detail: '', cloned: false})),
  );
}

/** What reads its table takes as long as that takes; cutover.write_stop_limit is the limit of all. */
const READING: Limits = {timeoutMs: 0};

function restoring(ctx: StepContext, statement: Statement, limits: Limits = {}): Action {
  const execute = async (): Promise<void> => void (await withShortLocks(ctx, 'target', statement, limits));
  return {on: 'target', text: showStatement(statement), execute};
}
