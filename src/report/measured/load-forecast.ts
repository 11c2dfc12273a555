import {isoTime} from '../../domain/base/iso-time.ts';
import {minutesOfRun} from '../../domain/reading/eta.ts';
import type {Reading} from '../../domain/reading/reading.ts';
import type {JournalEntry} from '../../domain/run/event.ts';

/** A load at one P: when it was planned, and when its rows were in and compared; null is not yet. Milliseconds. */
interface Load {
  readonly fromMs: number;
  readonly boundary: string;
  /** When a unit came in last; indexes that are built beside the load keep its step longer. */
  lastInMs: number | null;
  loadedMs: number | null;
  comparedMs: number | null;
}

/** What a forecast said of the load's end, beside what it took from then on. Minutes; null is not known, or not so yet. */
export interface EndForecast {
  readonly atMs: number;
  /** Until all rows are in. */
  readonly load: number | null;
  readonly soonest: number | null;
  readonly latest: number | null;
  readonly loadTook: number | null;
  /** Until everything is loaded, built and compared. */
  readonly whole: number | null;
  readonly wholeTook: number | null;
}

/** A row of the report: so much of the load's time was over, and this was said. Minutes. */
export interface LoadForecast {
  readonly at: string;
  /** 0.25: a quarter of the time that the load took was over. */
  readonly share: number;
  readonly saidMinutes: number;
  readonly soonestMinutes: number | null;
  readonly latestMinutes: number | null;
  readonly tookMinutes: number;
}

const SHARES = [0.1, 0.25, 0.5, 0.75, 0.9];

/** Every forecast of the load's end, with what it really took where that is known: of the load that went on then, and no later one. Pure. */
export function endForecasts(readings: readonly Reading[], journal: readonly JournalEntry[]): EndForecast[] {
  const loads = loadsOf(journal);
  return readings.flatMap((one) => {
    if (one.probe !== 'eta') return [];
    const atMs = Date.parse(one.at);
    const load = loads.findLast(({fromMs}) => fromMs <= atMs);
    const minutesTo = (endMs: number | null | undefined): number | null =>
      endMs == null ? null : (endMs - atMs) / 60_000;
    // Behind its end there is nothing to say of it.
    const isLoaded = load?.loadedMs != null && load.loadedMs < atMs;
    const isOver = load?.comparedMs != null && load.comparedMs < atMs;
    const {loadMinutes, soonest, latest} = one.eta;
    return [
      {
        atMs,
        ...(isLoaded ? NOTHING : {load: loadMinutes, soonest, latest, loadTook: minutesTo(load?.loadedMs)}),
        whole: isOver ? null : minutesOfRun(one.eta),
        wholeTook: isOver ? null : minutesTo(load?.comparedMs),
      },
    ];
  });
}

const NOTHING = {load: null, soonest: null, latest: null, loadTook: null} as const;

/** The loads of a journal, each P at which one was planned. */
function loadsOf(journal: readonly JournalEntry[]): Load[] {
  const loads: Load[] = [];
  for (const entry of journal) {
    const last = loads.at(-1);
    if (entry.type === 'load.planned' && last?.boundary !== entry.boundary)
      loads.push({
        fromMs: Date.parse(entry.at),
        boundary: entry.boundary,
        lastInMs: null,
        loadedMs: null,
        comparedMs: null,
      });
    if (last !== undefined && entry.type === 'unit.committed') last.lastInMs = Date.parse(entry.at);
    // What left differences is behind as well.
    if (last === undefined || (entry.type !== 'step.done' && entry.type !== 'step.unfinished')) continue;
    if (entry.step === 'full-load') last.loadedMs ??= last.lastInMs ?? Date.parse(entry.at);
    if (entry.step === 'compare-rows') last.comparedMs ??= Date.parse(entry.at);
  }
  return loads;
}

/** What was said of each load at some moments of it; none before its end. Pure. */
export function judgeLoads(forecasts: readonly EndForecast[]): LoadForecast[] {
  const known = forecasts.filter((one) => one.loadTook !== null && one.load !== null);
  const byEnd = Map.groupBy(known, ({atMs, loadTook}) => Math.round(atMs + (loadTook ?? 0) * 60_000));
  return [...byEnd].flatMap(([endMs, some]) => {
    const fromMs = some[0]?.atMs ?? endMs;
    const told = new Set<EndForecast>();
    return SHARES.flatMap((share) => {
      const found = some.find(({atMs}) => atMs >= fromMs + share * (endMs - fromMs));
      // A load of a minute has fewer readings than that.
      if (found === undefined || told.has(found)) return [];
      told.add(found);
      return found.load === null || found.loadTook === null
        ? []
        : [
            {
              at: isoTime(found.atMs),
              share,
              saidMinutes: found.load,
              soonestMinutes: found.soonest,
              latestMinutes: found.latest,
              tookMinutes: found.loadTook,
            },
          ];
    });
  });
}
