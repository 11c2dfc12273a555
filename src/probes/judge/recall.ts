import {withLoaded} from '../../domain/reading/estimate-load.ts';
import type {Sample} from '../../domain/reading/growth.ts';
import type {Reading} from '../../domain/reading/reading.ts';
import type {RunState} from '../../domain/run/run-state.ts';
import {LAGS_KEPT_MS} from './capture/lags.ts';
import {NOTHING_SEEN, remember, type History} from './history.ts';

/**
 * What a supervisor that begins knows from the readings of those before it, oldest first: the series that forecasts are made from. What is so
 * now only a new reading says, so none of the old ones is the newest of its kind. Readings from a clock that was set back since are left
 * out: they would keep new ones from being taken. Their times become those of the steady clock, which is at `steadyMs` now. Pure.
 */
export function recall(
  past: readonly Reading[],
  state: RunState,
  {nowMs, steadyMs}: {readonly nowMs: number; readonly steadyMs: number},
): History {
  let history = NOTHING_SEEN;
  let loaded: readonly Sample[] = [];
  const loadingMs = loadingSince(state);
  for (const reading of past) {
    const toldMs = Date.parse(reading.at);
    if (!(toldMs <= nowMs)) continue;
    // Of days there are many, and nothing else is made from them.
    if (reading.probe === 'figures' && toldMs < nowMs - LAGS_KEPT_MS) continue;
    const atMs = steadyMs - (nowMs - toldMs);
    if (reading.probe === 'eta' && loadingMs !== null && toldMs >= loadingMs) loaded = withEta(loaded, reading, atMs);
    // How much of the units was in then the state of now does not say.
    else if (reading.probe !== 'lanes') history = remember(history, reading, {state, atMs});
  }
  return {...history, loaded, newest: new Map(), heardMs: new Map()};
}

/** For so long nothing is loaded where lanes are paused, held or failed. */
const STILL_MS = 60_000;

/** When the load that still goes on began; null without one. */
function loadingSince({steps}: RunState): number | null {
  const load = steps.find(({id}) => id === 'full-load')?.state;
  return load?.status === 'running' ? Date.parse(load.startedAt) : null;
}

function withEta(loaded: readonly Sample[], {eta}: Extract<Reading, {probe: 'eta'}>, atMs: number): readonly Sample[] {
  const sample = {atMs, value: eta.bytesTotal - eta.bytesLeft};
  if (eta.loadMinutes !== null) return withLoaded(loaded, sample);
  // The time in which nothing was to move says nothing of the pace; a moment in which one lane stood still is no such time.
  const last = loaded.at(-1);
  const moves = last !== undefined && (sample.value !== last.value || atMs - last.atMs < STILL_MS);
  return moves ? loaded : [sample];
}
