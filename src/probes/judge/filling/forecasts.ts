import {estimateLoad, type PastAttempt} from '../../../domain/reading/estimate-load.ts';
import type {Eta} from '../../../domain/reading/eta.ts';
import type {ReadingBody} from '../../../domain/reading/reading.ts';
import {forecastFull} from '../../../domain/reading/runway.ts';
import type {RunState} from '../../../domain/run/run-state.ts';
import {SERVER_ROLES} from '../../../domain/pg/server-role.ts';
import {causesOf} from './disk-causes.ts';
import {newestOf, type History} from '../history.ts';

/** What forecasts are made from. */
export interface ForecastSource {
  readonly history: History;
  readonly state: RunState;
  readonly past: PastAttempt | null;
  readonly nowMs: number;
  /** The probes' names with the age from which on their readings are stale. */
  readonly staleAfterMs: ReadonlyMap<string, number>;
}

/** What follows from the readings so far: each disk's runway, and the load's end while there is a load. Pure. */
export function forecast({history, state, past, nowMs, staleAfterMs}: ForecastSource): ReadingBody[] {
  const runways = SERVER_ROLES.map((server): ReadingBody => {
    const disk = newestOf(history, 'disk', server);
    const bytes = disk?.disk.freeBytes ?? null;
    const atMs = disk === null ? 0 : Date.parse(disk.at);
    // What was free long ago is not known now.
    const old = nowMs - atMs > (staleAfterMs.get(`disk:${server}`) ?? Infinity);
    const free = bytes === null || old ? null : {atMs, bytes};
    const used = history.used.get(server) ?? [];
    const full = forecastFull({used, held: history.held.get(server) ?? [], free}, nowMs);
    return {probe: 'runway', server, ...full, causes: causesOf(history, state, server)};
  });
  const readings = newestOf(history, 'lanes')?.units ?? [];
  const eta = estimateLoad({
    units: state.units,
    held: state.held,
    lost: state.boundaryMoved !== null,
    readings,
    loaded: history.loaded,
    past,
  });
  return eta === null ? runways : [...runways, {probe: 'eta', eta: withIndexesSoFar(eta, state, nowMs)}];
}

/** What is left of the index phase once it runs or is over. */
function withIndexesSoFar(eta: Eta, state: RunState, nowMs: number): Eta {
  const step = state.steps.find(({id}) => id === 'build-indexes')?.state;
  if (eta.bytesLeft > 0 || step === undefined) return eta;
  if (step.status === 'done' || step.status === 'skipped') return {...eta, indexMinutes: 0};
  if (step.status !== 'running' || eta.indexMinutes === null) return eta;
  return {...eta, indexMinutes: Math.max(0, eta.indexMinutes - (nowMs - Date.parse(step.startedAt)) / 60_000)};
}
