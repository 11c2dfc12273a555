import {freedByRelease} from '../../../domain/filling/disk-causes.ts';
import {claimedSlots} from '../../../domain/run/claimed.ts';
import {stepOfSlots} from '../../../domain/run/capture/slot-names.ts';
import type {Alarm} from '../../../domain/reading/alarm.ts';
import {quoteLiteral} from '../../../domain/pg/identifier.ts';
import {formatMinutes} from '../../../domain/base/minutes.ts';
import {cdcNotExpected} from '../../../domain/pg/hand-over.ts';
import {isLost, type SlotReading} from '../../../domain/reading/reading.ts';
import {afterMove, GONE, newSlots, slotsAway, whyLost} from '../../../domain/reading/slots-away.ts';
import {formatBytes} from '../../../domain/base/units.ts';
import {howSlotsMove, orRelease} from '../../../domain/rules/release-advice.ts';
import {causesOf} from '../filling/disk-causes.ts';
import {newestOf} from '../history.ts';
import {isAnswering, raisedSoFar, upperLimit, type Judge, type Observed} from '../observed.ts';

function lostBy({state}: Observed): string {
  return `its changes are lost, and P with them: ${newSlots(state.run ?? '')}`;
}

/** Slots that retain too much, are lost or at once will be, are gone, have moved past P, or are no longer read. */
export const judgeSlots: Judge = (observed) => {
  const reading = newestOf(observed.history, 'slots');
  if (reading === null) return raisedSoFar(observed, 'slot.');
  return [
    ...reading.slots.flatMap((slot) => [
      ...judgeRetained(observed, slot, reading.slots),
      ...(slot.ours ? judgeLost(observed, slot) : []),
      ...judgeInactive(observed, slot),
    ]),
    ...judgeGone(observed, reading),
    ...judgeMoved(observed, reading),
  ];
};

/** Slots that somebody has read, or made again, before change capture: what they passed is in neither load nor capture. */
function judgeMoved({state}: Observed, reading: Parameters<typeof slotsAway>[1]): Alarm[] {
  return slotsAway(state, reading)
    .filter(({how}) => how === 'moved')
    .map(({name, seen}) => ({
      id: `slot.moved:${name}`,
      severity: 'critical',
      subject: `slot ${name}`,
      seen,
      remedy: afterMove(state.run ?? '', cdcNotExpected(state) === null),
    }));
}

function judgeRetained(observed: Observed, slot: SlotReading, all: readonly SlotReading[]): Alarm[] {
  const id = `slot.retained:${slot.name}`;
  const limit = observed.thresholds.retainedBytes;
  if (slot.retainedBytes === null || slot.retainedBytes < upperLimit(observed, id, limit)) return [];
  return [
    {
      id,
      severity: 'warning',
      subject: `slot ${slot.name}`,
      seen: `holds ${formatBytes(slot.retainedBytes)} of WAL on the primary (warn ${formatBytes(limit)})`,
      remedy: remedyFor(observed, slot, all),
    },
  ];
}

/** A release frees what no slot of somebody else holds as well. */
function remedyFor(observed: Observed, slot: SlotReading, all: readonly SlotReading[]): string {
  if (!slot.ours) return remedyForForeign(slot);
  const wait = `${howSlotsMove(observed.state)}; make room on the WAL volume`;
  const other = all.find((one) => !one.ours && (one.retainedBytes ?? 0) >= (slot.retainedBytes ?? 0));
  return other === undefined
    ? `${wait}${wayOutOf(observed)}`
    : `${wait}; a release would free nothing, for slot ${other.name} holds the same WAL: ${remedyForForeign(other)}`;
}

/** What to do about a slot of somebody else's, which Longhaul never touches. */
export function remedyForForeign({name, kind}: Pick<SlotReading, 'name' | 'kind'>): string {
  return `it is not Longhaul's: ask who reads it${kind === 'physical' ? ', for a standby that is down cannot come back without it' : ''}; only if nobody will, on the primary, as superuser: SELECT pg_drop_replication_slot(${quoteLiteral(name).trim()})`;
}

function judgeLost(observed: Observed, slot: SlotReading): Alarm[] {
  const common = {severity: 'critical', subject: `slot ${slot.name}`} as const;
  if (isLost(slot)) {
    const seen = `the server has invalidated it: ${whyLost(slot)}`;
    return [{...common, id: `slot.lost:${slot.name}`, seen, remedy: lostBy(observed)}];
  }
  if (slot.walStatus !== 'unreserved') return [];
  return [
    {
      ...common,
      id: `slot.unreserved:${slot.name}`,
      seen: 'its WAL goes at the next checkpoint (wal_status unreserved)',
      remedy:
        'on the primary, as superuser, at once: ALTER SYSTEM SET max_slot_wal_keep_size = -1; SELECT pg_reload_conf()',
    },
  ];
}

/**
 * Nobody reads a slot that was read before, or one of ours after the run is done, when change capture should have begun. While the load
 * runs nobody reads our slots, and that is as it should be.
 */
function judgeInactive(observed: Observed, slot: SlotReading): Alarm[] {
  if (slot.active || slot.kind !== 'logical') return [];
  const id = `slot.inactive:${slot.name}`;
  const readBeforeMs = observed.history.readBefore.get(slot.name) ?? null;
  const sinceMs = (slot.ours ? doneSince(observed) : null) ?? raisedSince(observed, id) ?? observed.nowMs;
  const minutes = (readBeforeMs === null ? observed.nowMs - sinceMs : observed.steadyMs - readBeforeMs) / 60_000;
  if (minutes < observed.thresholds.inactiveMinutes) return [];
  return [
    {
      id,
      severity: 'warning',
      subject: `slot ${slot.name}`,
      seen: `nobody has read it for ${formatMinutes(minutes)} (warn ${formatMinutes(observed.thresholds.inactiveMinutes)})`,
      remedy: slot.ours ? remedyForUnread(observed) : remedyForForeign(slot),
    },
  ];
}

function remedyForUnread(observed: Observed): string {
  const {boundary, cdcStarted} = observed.state;
  const start =
    cdcStarted === null
      ? `start change capture at P ${boundary?.lsn ?? '?'}`
      : 'see why what applies it reads it no more: its alarms, its log and that of the target say so';
  return `${start}${wayOutOf(observed)}`;
}

function wayOutOf(observed: Observed): string {
  const {state, history} = observed;
  const causes = causesOf(history, state, 'source');
  return orRelease(state, {
    answers: isAnswering(observed, 'source'),
    freed: causes === null ? 0 : freedByRelease(causes),
  });
}

/** An earlier supervisor has watched the slot for as long as its alarm says. */
function raisedSince(observed: Observed, id: string): number | null {
  const alarm = observed.state.alarms.find((one) => one.id === id);
  return alarm === undefined ? null : Date.parse(alarm.since) - observed.thresholds.inactiveMinutes * 60_000;
}

function doneSince({state}: Observed): number | null {
  return state.status === 'done' && state.at !== null ? Date.parse(lastStepEnd(state.steps) ?? state.at) : null;
}

function lastStepEnd(steps: Observed['state']['steps']): string | null {
  return (
    steps
      .flatMap(({state}) => (state.status === 'done' ? [state.endedAt] : []))
      .toSorted()
      .at(-1) ?? null
  );
}

/** Slots that the run has made and that are no longer there: somebody dropped them, or the primary is another. */
function judgeGone(
  observed: Observed,
  reading: {readonly at: string; readonly slots: readonly SlotReading[]},
): Alarm[] {
  const {state} = observed;
  // A reading from before their creation has none of them, and says nothing.
  const created = state.steps.some(
    ({id, state: step}) =>
      id === stepOfSlots(state) && step.status === 'done' && Date.parse(step.endedAt) < Date.parse(reading.at),
  );
  if (!created) return [];
  // After a way back they were made again, and a reading from before that has none of them either.
  const again = state.steps.find(({id}) => id === 'back-start-forward')?.state;
  if (again?.status === 'done' && again.endedAt >= reading.at) return [];
  const there = new Set(reading.slots.map(({name}) => name));
  const claimed = claimedSlots(state.claimed);
  // A plan that was made anew may have left slots of the old one behind, which P does not rest on; after a hand-over there are none.
  return (state.cutover === null ? (state.lastProof?.slots ?? claimed) : claimed)
    .filter((name) => !there.has(name))
    .map((name) => ({
      id: `slot.gone:${name}`,
      severity: 'critical',
      subject: `slot ${name}`,
      seen: GONE,
      remedy: lostBy(observed),
    }));
}
