import {formatRelation, parseRelation, sameRelation} from '../pg/relation.ts';
import type {RunState} from '../run/run-state.ts';
import {refusal, type Refusal} from './refusal.ts';

/** Why this cannot be done to a slot's change capture now; null where it can. Whether the engine can do it at all it says itself. Pure. */
export function whyNotOfSlot(
  {cdcStarted, capture}: Pick<RunState, 'cdcStarted' | 'capture'>,
  word: 'pause-cdc' | 'resume-cdc' | 'kick-cdc' | 'skip-cdc',
  slot: string,
): Refusal | null {
  if (cdcStarted === null) return NOT_BEGUN;
  const pausedBy = capture.paused.find((one) => one.slot === slot)?.by;
  if (word === 'pause-cdc')
    return pausedBy === undefined
      ? null
      : refusal(`${slot} is paused already, by ${pausedBy}`, `longhaul cdc resume ${slot}`);
  const {sourceLost} = capture;
  if (sourceLost !== null) return refusal(sourceLost.failure.message, sourceLost.failure.remedy);
  // One that somebody has stopped beside Longhaul is resumed as well: whether it runs is the engine's to say.
  if (word === 'resume-cdc' || pausedBy === undefined) return null;
  return refusal(`${slot} is paused, by ${pausedBy}`, `longhaul cdc resume ${slot}`);
}

const NOT_BEGUN = refusal('change capture has not begun', 'longhaul run begins it once the load is in');

/** Why this table cannot be adopted now; null where it can. Pure. */
export function whyNotAdopted(
  {cdcStarted, capture: {newTables, sourceLost}}: Pick<RunState, 'cdcStarted' | 'capture'>,
  name: string,
): Refusal | null {
  if (cdcStarted === null) return NOT_BEGUN;
  if (sourceLost !== null) return refusal(sourceLost.failure.message, sourceLost.failure.remedy);
  const table = parseRelation(name);
  if (table === null) return refusal(`${name} is no table`, 'name it with its schema: public.events');
  if (newTables.some((one) => sameRelation(one.table, table))) return null;
  const names = newTables.map((one) => formatRelation(one.table));
  return refusal(
    `${formatRelation(table)} is not among the tables that are not captured`,
    names.length === 0
      ? 'every table is captured; one that was made a moment ago is seen within a minute'
      : `these are: ${names.join(', ')}`,
  );
}
