import {estimateLoad, type PastAttempt} from '../../../domain/reading/estimate-load.ts';
import type {Eta} from '../../../domain/reading/eta.ts';
import {estimateWork, type WorkStep} from '../../../domain/ends/work.ts';
import type {ReadingBody} from '../../../domain/reading/reading.ts';
import {forecastFull} from '../../../domain/filling/runway.ts';
import type {RunState} from '../../../domain/run/run-state.ts';
import {SERVER_ROLES} from '../../../domain/pg/server-role.ts';
import {catchUpReadings, type Foretell} from '../capture/foretell-catch-up.ts';
import {causesOf} from './disk-causes.ts';
import {newestOf, type History} from '../history.ts';

/** What forecasts are made from. */
export interface ForecastSource {
  readonly history: History;
  readonly state: RunState;
  readonly past: PastAttempt | null;
  /** The time as the journal has it. */
  readonly nowMs: number;
  /** The time as the history has it. */
  readonly steadyMs: number;
  /** The probes' names with the age from which on their readings are stale. */
  readonly staleAfterMs: ReadonlyMap<string, number>;
  /** How far behind a slot may be and count as caught up; 0 where it is left out. */
  readonly caughtUpWalBytes?: number;
  /** By whom that is foretold, where not anew each time. */
  readonly foretell?: Foretell;
}

/** What follows from the readings so far: each disk's runway, the load's end while there is a load, and when each slot will have caught up. Pure. */
export function forecast(source: ForecastSource): ReadingBody[] {
  const {history, state, past, nowMs, steadyMs, staleAfterMs, caughtUpWalBytes = 0, foretell} = source;
  const runways = SERVER_ROLES.map((server): ReadingBody => {
    const disk = newestOf(history, 'disk', server);
    const bytes = disk?.disk.freeBytes ?? null;
    const atMs = history.heardMs.get(`disk:${server}`) ?? 0;
    // What was free long ago is not known now.
    const old = steadyMs - atMs > (staleAfterMs.get(`disk:${server}`) ?? Infinity);
    const free = bytes === null || old ? null : {atMs, bytes};
    const used = history.used.get(server) ?? [];
    const full = forecastFull({used, held: history.held.get(server) ?? [], free}, steadyMs);
    return {probe: 'runway', server, ...full, causes: causesOf(history, state, server)};
  });
  const ahead = [...runways, ...catchUpReadings({history, steadyMs, staleAfterMs, caughtUpWalBytes, foretell})];
  const readings = newestOf(history, 'lanes')?.units ?? [];
  const eta = estimateLoad({
    units: state.units,
    held: state.held,
    lost: state.boundaryMoved !== null,
    readings,
    loaded: history.loaded,
    past,
  });
  return eta === null ? ahead : [...ahead, {probe: 'eta', eta: withWorkSoFar(eta, {history, state, nowMs})}];
}

/** What is left of the steps after the load: at their own pace while they run, and nothing once they are over. */
function withWorkSoFar(eta: Eta, {history, state, nowMs}: Pick<ForecastSource, 'history' | 'state' | 'nowMs'>): Eta {
  const work = newestOf(history, 'work')?.work ?? null;
  const beside = work?.step === 'full-load' ? estimateWork(work).minutes : null;
  // What is built beside the load is not left after it.
  if (eta.bytesLeft > 0) {
    const after = beside === null || eta.loadMinutes === null ? null : Math.max(0, beside - eta.loadMinutes);
    return {...eta, indexMinutes: after ?? eta.indexMinutes};
  }
  if (state.steps.some((step) => step.id === 'full-load' && step.state.status === 'running'))
    return {...eta, indexMinutes: beside ?? eta.indexMinutes};
  const left = (id: WorkStep, before: number | null): number | null => {
    const step = state.steps.find((one) => one.id === id)?.state;
    // One that left differences is behind as well.
    if (step === undefined || step.status === 'pending' || step.status === 'waiting') return before;
    if (step.status === 'failed' && step.unfinished !== true) return null;
    if (step.status !== 'running') return 0;
    const measured = work?.step === id ? estimateWork(work).minutes : null;
    if (measured !== null || before === null) return measured;
    return Math.max(0, before - (nowMs - Date.parse(step.startedAt)) / 60_000);
  };
  return {
    ...eta,
    indexMinutes: left('build-indexes', eta.indexMinutes),
    compareMinutes: left('compare-rows', eta.compareMinutes ?? null),
  };
}
