import type {Alarm} from '../../domain/reading/alarm.ts';
import {judgeCapture} from './capture/capture-alarms.ts';
import {isAboutOthers} from './walk/failed-units.ts';
import {judgeDisks} from './filling/disk-alarms.ts';
import {
  judgeCaptureState,
  judgeIdentity,
  judgeLeftOver,
  judgeOtherKinds,
  judgeStrict,
  judgeTargetGuard,
  judgeTruncates,
} from './capture/guard-alarms.ts';
import type {Judge, Observed} from './observed.ts';
import {
  judgeBoundary,
  judgeCutLanes,
  judgeLanes,
  judgeOwn,
  judgeProbes,
  judgeReceiver,
  judgeTransactions,
} from './run-alarms.ts';
import {DRIFT_ALARM, judgeSchema} from './walk/schema-alarms.ts';
import {judgeSlots} from './capture/slot-alarms.ts';
import {judgeWraparound} from './wraparound-alarms.ts';
import {judgeCaps} from './filling/slot-cap.ts';
import {judgeDone, judgeWalk} from './walk/walk-alarms.ts';

const JUDGES: readonly Judge[] = [
  judgeSlots,
  judgeCaps,
  judgeDisks,
  judgeBoundary,
  judgeReceiver,
  judgeWalk,
  judgeDone,
  judgeLanes,
  judgeCutLanes,
  judgeTransactions,
  judgeWraparound,
  judgeProbes,
  judgeOwn,
  judgeCapture,
  judgeSchema,
  judgeTargetGuard,
  judgeIdentity,
  judgeLeftOver,
  judgeOtherKinds,
  judgeStrict,
  judgeTruncates,
  judgeCaptureState,
];

/** Every alarm that is due now. Pure. */
export function judgeAlarms(observed: Observed): Alarm[] {
  return JUDGES.flatMap((judge) => judge(observed));
}

/** What changes: alarms to raise, ids to clear, and since when raised ones are no longer due. */
export interface AlarmChange {
  readonly raise: readonly Alarm[];
  readonly clear: readonly string[];
  readonly quietSince: ReadonlyMap<string, number>;
}

/** An alarm has to be gone for so long before it is cleared. */
const QUIET_MS = 60_000;
/** One that comes back within this time flaps, and is cleared later each time, at most after as long. */
const FLAPS_WITHIN_MS = 30 * 60_000;

/** How an alarm was cleared last. */
export interface Cleared {
  readonly atMs: number;
  /** How long it had been gone. */
  readonly quietMs: number;
}

/** How long an alarm has to be gone that was raised again now: twice as long as the last time, where that was a moment ago. Pure. */
export function quietAfter(last: Cleared | undefined, nowMs: number): number {
  if (last === undefined || nowMs - last.atMs > FLAPS_WITHIN_MS) return QUIET_MS;
  return Math.min(2 * last.quietMs, FLAPS_WITHIN_MS);
}

/**
 * Which alarms are raised and cleared: raised once, and again only when it gets worse, is about other units or about other changes of the schema; cleared when it has not been due for a minute, or as long as
 * `quietMs` has it. `raised` is what the journal has, `due` what judgeAlarms gives. Pure.
 */
export function changeAlarms(
  raised: readonly Alarm[],
  due: readonly Alarm[],
  {
    quietSince,
    nowMs,
    quietMs = new Map(),
  }: {quietSince: AlarmChange['quietSince']; nowMs: number; quietMs?: ReadonlyMap<string, number>},
): AlarmChange {
  const raise = due.filter((alarm) => {
    const known = raised.find(({id}) => id === alarm.id);
    if (known === undefined || (known.severity === 'warning' && alarm.severity === 'critical')) return true;
    return isAboutOthers(known, alarm) || (alarm.id === DRIFT_ALARM && alarm.seen !== known.seen);
  });
  const quiet = raised.filter(({id}) => due.every((alarm) => alarm.id !== id));
  const since = new Map(quiet.map(({id}) => [id, quietSince.get(id) ?? nowMs]));
  return {
    raise,
    clear: [...since].flatMap(([id, sinceMs]) => (nowMs - sinceMs >= (quietMs.get(id) ?? QUIET_MS) ? [id] : [])),
    quietSince: since,
  };
}
