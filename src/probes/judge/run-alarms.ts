import type {Alarm} from '../../domain/reading/alarm.ts';
import {fenceBroken, newBoundary} from '../../domain/pg/boundary.ts';
import {quoteLiteral} from '../../domain/pg/identifier.ts';
import {cutAlarmId} from '../../domain/reading/lane-alarm.ts';
import {formatMinutes} from '../../domain/base/minutes.ts';
import {isReplicaMissed} from '../../domain/rules/needs.ts';
import {RECEIVER_LOST, WITHOUT_RECEIVER} from '../../domain/reading/receiver-lost.ts';
import {formatBytes} from '../../domain/base/units.ts';
import {serverOfProbe} from '../../domain/reading/server-of-probe.ts';
import {newestOf} from './history.ts';
import {raisedSoFar, upperLimit, type Judge, type Observed} from './observed.ts';

/** The replica has left P while P is needed. */
export const judgeBoundary: Judge = (observed) => {
  const {history, state} = observed;
  const seen = newestOf(history, 'replica');
  if (state.boundary === null || !isReplicaMissed(state)) return [];
  if (seen === null) return raisedSoFar(observed, 'boundary.moved');
  // A reading from before the capture says nothing. Both times are of this machine's clock.
  const capture = state.steps.find(({id}) => id === 'capture-boundary')?.state;
  if (capture?.status !== 'done' || seen.at < capture.endedAt) return [];
  const broken = fenceBroken(state.boundary, seen);
  if (broken === null) return [];
  return [
    {
      id: 'boundary.moved',
      severity: 'critical',
      subject: `P ${state.boundary.lsn}`,
      seen: broken,
      remedy: seen.inRecovery
        ? 'no unit can commit any more; take a new P: C, or longhaul run --from pause-replay (what is loaded is loaded again)'
        : `no unit can commit any more; ${newBoundary(seen)}`,
    },
  ];
};

/** The replica is paused at P and its WAL receiver is gone: no lost P, but the primary's disk may fill for it, and it may never catch up. */
export const judgeReceiver: Judge = (observed) => {
  const {history, state} = observed;
  const id = 'replica.receiver';
  const seen = newestOf(history, 'replica');
  if (seen === null) return raisedSoFar(observed, id);
  if (!state.replayPaused || !seen.paused || isReceiving(observed, seen) !== false) return [];
  const held = (newestOf(history, 'slots')?.slots ?? [])
    .filter((slot) => slot.kind === 'physical' && !slot.active && (slot.retainedBytes ?? 0) > 0)
    .map(({name, retainedBytes}) => `slot ${name} holds ${formatBytes(retainedBytes)} on the primary`);
  return [
    {
      id,
      severity: 'warning',
      subject: 'replica, paused',
      seen: [RECEIVER_LOST, ...held].join('; '),
      remedy: WITHOUT_RECEIVER,
    },
  ];
};

/** Before 9.6 the replica does not tell; there, that nobody at all streams from the source tells as much. */
function isReceiving({history}: Observed, {receiving}: {readonly receiving?: boolean | null}): boolean | null {
  if (receiving !== undefined && receiving !== null) return receiving;
  const senders = newestOf(history, 'senders')?.senders ?? null;
  return senders === null || senders.length > 0 ? null : false;
}

/** PostgreSQL keeps so much of an application's name, and a unit whose name is longer ends in a hash there. */
const NAME_KEPT = 54;

/** By which the sessions of a unit are found on its servers: `longhaul/acme/01-events%`. */
function likeOf(run: string, unit: string): string {
  return `${`longhaul/${run}/${unit}`.slice(0, NAME_KEPT)}%`;
}

/** Lanes through whose pipe nothing goes, although nobody paused them. */
export const judgeLanes: Judge = (observed) =>
  observed.state.units.flatMap((unit): readonly Alarm[] => {
    const {history, state, thresholds, steadyMs, sinceMs} = observed;
    if (unit.state.status !== 'running' || unit.state.paused !== null) return [];
    const id = `lane.stalled:${unit.id}`;
    const moved = history.moved.get(unit.id);
    const minutes = moved === undefined ? 0 : (steadyMs - moved.atMs) / 60_000;
    // Until it was watched for so long, nothing has shown that it goes on.
    const begun = moved === undefined || (moved.first && steadyMs - sinceMs < thresholds.stalledMinutes * 60_000);
    if (minutes < thresholds.stalledMinutes) return begun ? raisedSoFar(observed, id) : [];
    return [
      {
        id,
        severity: 'warning',
        subject: `unit ${unit.id}`,
        seen: `nothing has gone through its pipe for ${formatMinutes(minutes)} (warn ${formatMinutes(thresholds.stalledMinutes)})`,
        remedy: `see its log (l, or longhaul logs ${unit.id}), and on replica and target what it waits for: SELECT pid, wait_event_type, pg_blocking_pids(pid), state FROM pg_stat_activity WHERE application_name LIKE ${quoteLiteral(likeOf(state.run ?? '', unit.id)).trim()}; longhaul cancel ${unit.id} gives it up, none of its rows stay`,
      },
    ];
  });

/** Paused lanes that the target has let go: what keeps their transaction and P's snapshot is waited for in vain. */
export const judgeCutLanes: Judge = (observed) =>
  observed.state.units.flatMap((unit): readonly Alarm[] => {
    if (unit.state.status !== 'running' || unit.state.paused === null) return [];
    const id = cutAlarmId(unit.id);
    const seen = newestOf(observed.history, 'target');
    if (seen === null || seen.at < unit.state.paused.since) return raisedSoFar(observed, id);
    if (!seen.cutOff.includes(unit.id)) return [];
    return [
      {
        id,
        severity: 'warning',
        subject: `unit ${unit.id}, paused`,
        seen: 'has no connection on the target any more',
        remedy: `resume it (r, or longhaul resume ${unit.id}): it ends at once, and begins again by itself unless its rows are committed`,
      },
    ];
  });

/** A transaction of the primary that slots, vacuum and the load's steps wait for. */
export const judgeTransactions: Judge = (observed) => {
  const reading = newestOf(observed.history, 'transactions', 'source');
  const id = 'transaction.long:source';
  const limit = observed.thresholds.longTransactionMinutes;
  if (reading === null) return raisedSoFar(observed, id);
  const minutes = (reading.oldestSeconds ?? 0) / 60;
  if (minutes < upperLimit(observed, id, limit)) return [];
  const prepared = reading.isPrepared === true;
  return [
    {
      id,
      severity: 'warning',
      subject: 'transactions on the primary',
      seen: `${reading.oldest ?? 'a transaction'}, open for ${formatMinutes(minutes)} (warn ${formatMinutes(limit)})`,
      remedy: prepared
        ? `ask its owner which; then on the primary, ${reading.ends ?? 'COMMIT PREPARED or ROLLBACK PREPARED'}`
        : `ask its owner to end it: it keeps slots from being made and restart_lsn from moving${endsBy(reading.ends)}`,
    },
  ];
};

function endsBy(statement: string | null | undefined): string {
  return statement == null ? '' : `; where nobody answers, on the primary, as superuser: ${statement}`;
}

/** Probes whose last good reading is too old: what the console shows of them is the past. */
export const judgeProbes: Judge = (observed) =>
  [...observed.staleAfterMs].flatMap(([name, limitMs]): readonly Alarm[] => {
    const {history, steadyMs, sinceMs} = observed;
    const id = `probe.stale:${name}`;
    const good = history.newest.get(name);
    const atMs = history.heardMs.get(name) ?? sinceMs;
    if (steadyMs - atMs < limitMs) return good === undefined ? raisedSoFar(observed, id) : [];
    const failed = history.newest.get(`failed:${name}`);
    return [
      {
        id,
        // Without this one nobody sees how long production still has.
        severity: name === 'slots' ? 'critical' : 'warning',
        subject: `${serverOfProbe(name) ?? 'jump box'}, probe ${name}`,
        seen: `has seen nothing for ${formatMinutes((steadyMs - atMs) / 60_000)}${failed?.probe === 'failed' ? `: ${failed.message}` : ''}`,
        remedy:
          'it is asked again by itself; see that the server is up, reachable and not overloaded. What it watches is not watched meanwhile',
      },
    ];
  });

/** What Longhaul cannot do on this machine: write its files, run the operator's script. */
export const judgeOwn: Judge = ({troubles}) =>
  [...troubles].map(([what, why]) => ({
    id: `own:${what}`,
    severity: 'warning',
    subject: `${what} on this machine`,
    seen: why,
    remedy: 'see its disk, its rights and longhaul.yaml; it goes on by itself once that is mended',
  }));
