import {LEAVE_BOUNDARY} from '../../domain/pg/boundary.ts';
import type {Config} from '../../config/config.ts';
import {valuesByKey} from '../../config/keys/values-by-key.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import {newSlots} from '../../domain/reading/slots-away.ts';
import {isBoundaryLost} from '../../domain/pg/hand-over.ts';
import type {Planned} from '../../domain/run/command.ts';
import {claimedSlots} from '../../domain/run/claimed.ts';
import type {RunState} from '../../domain/run/run-state.ts';
import {readInventoryFile} from '../inventory/inventory-file.ts';
import {CUT_AGAIN, readPlan, type Plan} from '../plan/plan-file.ts';
import type {RunFolder} from '../run/run-folder.ts';
import type {Told} from './told-file.ts';

/** What was changed under a supervisor that lives, in a file or in the other, and the command with which it counts. */
export interface Untold {
  readonly seen: string;
  readonly remedy: string;
}

/** What longhaul.yaml and plan.yaml say by now that the supervisor does not go by: nothing of it counts before it is started anew. */
export async function readUntold({
  config,
  folder,
  state,
  told,
}: {
  /** longhaul.yaml as it is now, or why it cannot be read. */
  readonly config: Config | LonghaulError;
  readonly folder: RunFolder;
  readonly state: RunState;
  readonly told: Told;
}): Promise<Untold[]> {
  if (config instanceof LonghaulError)
    return [{seen: `longhaul.yaml was changed and cannot be read any more: ${config.message}`, remedy: config.remedy}];
  const keys = changedKeys(told, config);
  const fits = !keys.some((key) => OF_PLAN.test(key)) || (await fitsInventory({config, folder}));
  // Without an inventory that fits, the plan means nothing; the keys are told already.
  if (!fits) return describeKeys(keys, state, (key) => OF_PLAN.test(key));
  return [...describeKeys(keys, state, () => false), ...(await untoldPlan({config, folder}, state))];
}

/** Whether the inventory is good for what longhaul.yaml wants now, as where only a table is left out that it does not have. */
async function fitsInventory(ctx: {readonly config: Config; readonly folder: RunFolder}): Promise<boolean> {
  try {
    await readInventoryFile(ctx);
    return true;
  } catch (error) {
    if (!(error instanceof LonghaulError)) throw error;
    return false;
  }
}

/** What kept longhaul.yaml from being read; anything else is thrown on. */
export function failedConfig(error: unknown): LonghaulError {
  if (error instanceof LonghaulError) return error;
  throw error;
}

/** The plan of a command as a dialog shows it: before it, what it does not go by. Pure. */
export function withUntold(planned: Planned, untold: readonly Untold[]): Planned {
  if (!planned.ok) return planned;
  const notes = untold.map(({seen, remedy}) => ({on: 'jump box', text: `note: ${seen}; ${remedy}`}) as const);
  return {...planned, actions: [...notes, ...planned.actions]};
}

/** The keys of longhaul.yaml whose values are others than the supervisor was told. Pure. */
export function changedKeys({values}: Told, config: Config): string[] {
  const now = valuesByKey(config);
  const all = new Set([...Object.keys(values), ...Object.keys(now)]);
  return [...all].filter((key) => values[key] !== now[key]).toSorted();
}

/** The inventory and the plan are made from these. */
const OF_PLAN = /^(?:tables\.|slots\.|cdc\.engine$)/;

/** The plan's units are cut by these; an inventory is good for any of them. */
const OF_UNITS = /^load\.(?:big_tables|unit_size|method)$/;

function describeKeys(keys: readonly string[], state: RunState, isOfPlan: (key: string) => boolean): Untold[] {
  const others = keys.filter((key) => !isOfPlan(key) && !OF_UNITS.test(key));
  return [
    ...sayChanged(others, `put it back, or have it count: ${toApply(state)}`),
    ...sayChanged(
      keys.filter((key) => isOfPlan(key)),
      'inventory and plan were made by what it was: put it back, or longhaul plan --fresh makes them anew',
    ),
    ...sayChanged(
      keys.filter((key) => OF_UNITS.test(key)),
      CUT_AGAIN,
    ),
  ];
}

function sayChanged(keys: readonly string[], remedy: string): Untold[] {
  if (keys.length === 0) return [];
  return [{seen: `longhaul.yaml was changed and the supervisor goes by what it was: ${keys.join(', ')}`, remedy}];
}

/** A supervisor that walks is left alone by `run`; one whose walk is over is replaced. */
function toApply({status}: RunState): string {
  return status === 'running' ? 'longhaul shutdown, then longhaul run: the lanes go on' : 'longhaul run';
}

async function untoldPlan(
  ctx: {readonly config: Config; readonly folder: RunFolder},
  state: RunState,
): Promise<Untold[]> {
  if (state.loadBoundary === null && claimedSlots(state.claimed).length === 0) return [];
  try {
    return judgePlan(await readPlan(ctx), state);
  } catch (error) {
    if (!(error instanceof LonghaulError)) throw error;
    return [{seen: `plan.yaml was changed and is no plan any more: ${error.message}`, remedy: error.remedy}];
  }
}

/** What the plan has otherwise than the run has begun it. Pure. */
export function judgePlan({slots, units}: Plan, state: RunState): Untold[] {
  const made = state.lastProof?.slots ?? claimedSlots(state.claimed);
  // pglogical's slots have names of their own.
  const plannedOf = new Map((state.evidence['prepare-cdc']?.slots ?? []).map((one) => [one.name, one.planned]));
  const claimed = made.map((name) => plannedOf.get(name) ?? name);
  const planned = slots.slots.map(({name}) => name);
  const otherSlots = claimed.length === 0 ? [] : differing(claimed, planned);
  const known = new Map(state.units.map(({id, tables}) => [id, listOf(tables)]));
  const wanted = new Map(units.map(({id, tables}) => [id, listOf(tables)]));
  const otherUnits =
    state.loadBoundary === null || isBoundaryLost(state)
      ? []
      : [...new Set([...known.keys(), ...wanted.keys()])].filter((id) => known.get(id) !== wanted.get(id));
  const begun = state.units.some(
    ({id, state: {status}}) => otherUnits.includes(id) && ['running', 'committed'].includes(status),
  );
  return [
    ...(otherSlots.length === 0
      ? []
      : [
          {
            seen: `plan.yaml has other slots than the run has made: ${otherSlots.join(', ')}`,
            remedy: `put them back, or begin anew with them: ${newSlots(state.run ?? '')}`,
          },
        ]),
    ...(otherUnits.length === 0
      ? []
      : [
          {
            seen: `plan.yaml has other units than the load goes by: ${otherUnits.join(', ')}`,
            remedy: begun
              ? `they are loading or loaded: put them back; or ${LEAVE_BOUNDARY}`
              : `put them back, or have them count: ${toApply(state)}`,
          },
        ]),
  ];
}

function differing(some: readonly string[], others: readonly string[]): string[] {
  return [...some.filter((name) => !others.includes(name)), ...others.filter((name) => !some.includes(name))];
}

function listOf(tables: readonly RelationName[]): string {
  return JSON.stringify(tables.map((table) => quoteRelation(table)));
}
