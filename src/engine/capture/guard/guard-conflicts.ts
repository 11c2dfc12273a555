import {counted} from '../../../domain/base/units.ts';
import type {RelationName} from '../../../domain/pg/relation.ts';
import {readIfThere, writeWhole} from '../../run/run-folder.ts';
import type {StepContext} from '../../step.ts';
import type {SlotStatus} from '../capture.ts';
import {oweTablesOf} from './owe-tables.ts';

/** What a slot's conflicts say, reading by reading. */
export type GuardConflicts = (
  now: readonly Pick<SlotStatus, 'slot' | 'conflicts'>[],
  readInsertsOnly: () => Promise<readonly RelationName[]>,
) => Promise<void>;

/** How many changes of each slot were skipped. */
type SkippedBySlot = ReadonlyMap<string, number>;

/**
 * Has the tables of a slot compared of which the target has skipped changes, because it had no row for them: it lacks rows, and only its log says of which table. A row that is in the way is an error, which stops its slot and is told as one.
 *
 * The count goes on growing, and is no less once they were compared. So what was told of is kept in a file, for the next supervisor: without it a comparison is owed once more than is needed.
 */
export function guardConflicts(ctx: StepContext): GuardConflicts {
  let told: SkippedBySlot | null = null;
  return async (now, readInsertsOnly) => {
    const skipped = new Map(
      now.flatMap(({slot, conflicts}) => (conflicts === undefined ? [] : [[slot, conflicts.skipped] as const])),
    );
    // A count that this supervisor has seen begin anew is another than the one that was told of before.
    const known = told ?? (await readSkipped(ctx));
    const fresh = toTell(skipped, known);
    // Of those of which only inserts come nothing can be skipped.
    const besides = fresh.length === 0 ? [] : await readInsertsOnly();
    for (const [slot, count] of fresh) await oweTablesOf(ctx, slot, {why: whySkipped(count, slot), besides});
    told = new Map([...known, ...skipped]);
    if (fresh.length > 0) await writeSkipped(ctx, told);
  };
}

/** The slots with changes that were skipped and were not told of. A count that is less was begun anew, by a crash of the target or by somebody, and what it has counted since is new. Pure. */
export function toTell(skipped: SkippedBySlot, told: SkippedBySlot): [string, number][] {
  return [...skipped].filter(([slot, count]) => count > 0 && count !== told.get(slot));
}

function whySkipped(count: number, slot: string): string {
  return `the target has skipped ${counted(count, 'update or delete', 'updates and deletes')} of ${slot}, whose row it does not have; its log says of which table`;
}

/** What is kept: of other slots than those that this P rests on it says nothing. */
interface Kept {
  readonly boundary: string | null;
  readonly skipped: readonly (readonly [slot: string, count: number])[];
}

async function readSkipped({folder, state}: Pick<StepContext, 'folder' | 'state'>): Promise<SkippedBySlot> {
  const text = await readIfThere(folder.skipped);
  if (text === null) return new Map();
  try {
    const kept: Kept = JSON.parse(text);
    return new Map(kept.boundary === (state().boundary?.lsn ?? null) ? kept.skipped : []);
  } catch {
    // A full disk: what is not known to be told of is told.
    return new Map();
  }
}

async function writeSkipped(
  {folder, state}: Pick<StepContext, 'folder' | 'state'>,
  told: SkippedBySlot,
): Promise<void> {
  const kept: Kept = {boundary: state().boundary?.lsn ?? null, skipped: [...told]};
  await writeWhole(folder.skipped, `${JSON.stringify(kept)}\n`);
}
