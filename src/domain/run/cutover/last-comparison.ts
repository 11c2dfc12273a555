import {msOf} from '../../base/iso-time.ts';
import {counted, formatBytes, formatDuration} from '../../base/units.ts';
import type {Evidence} from '../evidence/step-evidence.ts';
import type {RunState} from '../run-state.ts';

/** The comparison of the hand-over that goes on behind it, with its snapshots. */
export interface LastComparison {
  /** How many tables compare-final has left to it. */
  readonly tables: number;
  /** Since when its snapshots are held, ISO 8601 by the jump box's clock, and for how long at most, in milliseconds. */
  readonly since: string;
  readonly limitMs: number;
}

/** The one that goes on now; null where none does. Pure. */
export function lastComparison({
  cutover,
  back,
  evidence,
}: Pick<RunState, 'cutover' | 'back' | 'evidence'>): LastComparison | null {
  const {left = [], held} = evidence['compare-final'] ?? {};
  if (cutover?.status !== 'handed-over' || back !== null || cutover.comparisonOver !== undefined) return null;
  return left.length === 0 || held === undefined ? null : {tables: left.length, ...held};
}

/** `12 tables are compared as they were at the hand-over: snapshots held for 0:42:10, at most 3:17:50 more`. Pure. */
export function comparisonWords({tables, since, limitMs}: LastComparison, nowMs: number): string {
  const ageMs = Math.max(0, nowMs - msOf(since));
  return `${counted(tables, 'table')} ${tables === 1 ? 'is' : 'are'} compared as ${tables === 1 ? 'it was' : 'they were'} at the hand-over: snapshots on both sides held for ${formatDuration(ageMs)}, at most ${formatDuration(limitMs - ageMs)} more`;
}

/** The same in a few words, `snapshots 42:10 of 4:00:00`. Pure. */
export function snapshotsInShort({since, limitMs}: Pick<LastComparison, 'since' | 'limitMs'>, nowMs: number): string {
  return `snapshots ${formatDuration(nowMs - msOf(since))} of ${formatDuration(limitMs)}`;
}

/** What compare-final came to with what was written to before: `34 of 37 tables (1.2 GB) written to since they were last found equal: compared; the others after the hand-over`. Null where it is not known. Pure. */
export function writtenWords({written, left = [], counted: alone}: Partial<Evidence<'compare-final'>>): string | null {
  if (written === undefined) return null;
  const {tables, bytes} = written;
  const those = `${counted(tables, 'table')} (${formatBytes(bytes)}) written to since last found equal`;
  const words =
    tables === 0
      ? 'no table was written to since it was last found equal'
      : written.left.length === 0
        ? `${those}: all compared`
        : `${those}: ${tables - written.left.length} compared, ${written.left.length} after the hand-over`;
  return alone === undefined || left.length === 0
    ? words
    : `${words}; of ${left.length} that are left ${alone.length} counted, ${left.length - alone.length} not`;
}
