import {estimateLoad} from '../domain/eta.ts';
import type {ReadingBody} from '../domain/reading.ts';
import {forecastFull} from '../domain/runway.ts';
import type {RunState} from '../domain/run-state.ts';
import {SERVER_ROLES} from '../domain/server-role.ts';
import {newestOf, type History} from './history.ts';
import {pastAttempt} from './past-attempt.ts';

/** What follows from the readings so far: each disk's runway, and the load's end while there is a load. Pure. */
export function forecast(history: History, state: RunState, nowMs: number): ReadingBody[] {
  const runways = SERVER_ROLES.map((server): ReadingBody => {
    const disk = newestOf(history, 'disk', server);
    const bytes = disk?.disk.freeBytes ?? null;
    const free = disk === null || bytes === null ? null : {atMs: Date.parse(disk.at), bytes};
    const used = history.used.get(server) ?? [];
    return {probe: 'runway', server, ...forecastFull({used, held: history.held.get(server) ?? [], free}, nowMs)};
  });
  const eta = estimateLoad(state.units, history.loaded, pastAttempt(state));
  return eta === null ? runways : [...runways, {probe: 'eta', eta}];
}
