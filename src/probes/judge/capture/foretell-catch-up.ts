import {foretellCatchUp, isCaughtUpNow, type CatchUp} from '../../../domain/ends/catch-up.ts';
import type {Figure} from '../../../domain/reading/figure.ts';
import type {Sample} from '../../../domain/reading/growth.ts';
import type {ReadingBody} from '../../../domain/reading/reading.ts';
import {seenOf} from '../../../domain/run/capture/seen-of.ts';
import {CDC, figuresOf, type History} from '../history.ts';
import {isApplied, lagKey} from './lags.ts';

/** What the forecast is made from. */
export interface CatchUpSource {
  readonly history: History;
  readonly steadyMs: number;
  readonly staleAfterMs: ReadonlyMap<string, number>;
  /** How far behind a slot may be and count as caught up: `cdc.caught_up_wal`. */
  readonly caughtUpWalBytes: number;
  /** How one slot's is made: each time, or by one who remembers. */
  readonly foretell?: Foretell | undefined;
}

/** When a slot will have caught up, as `foretellCatchUp` says; `of` names the slot. */
export type Foretell = (of: string, lags: readonly Sample[], enough: number) => CatchUp | null;

/** Each costs a millisecond of the supervisor's, and it is asked every two seconds; of half an hour it says the same for as long. */
const REMEMBERED_MS = 30_000;

/** Makes the forecast of a slot anew twice a minute, and at once where it has caught up, or has not any more. */
export function foretellingSeldom(): Foretell {
  const known = new Map<string, {readonly atMs: number; readonly catchUp: CatchUp}>();
  return (of, lags, enough) => {
    const last = lags.at(-1);
    const before = known.get(of);
    const isKnown = last !== undefined && before !== undefined && last.atMs - before.atMs < REMEMBERED_MS;
    if (isKnown && isCaughtUpNow(before.catchUp) === last.value <= enough) return before.catchUp;
    const catchUp = foretellCatchUp(lags, enough);
    if (catchUp === null || last === undefined) known.delete(of);
    else known.set(of, {atMs: last.atMs, catchUp});
    return catchUp;
  };
}

/**
 * When each slot that is applied now will have caught up, as figures: `soonest_seconds` and `latest_seconds`, and `never` where it falls behind at each of its recent rates. Without a slot that was
 * not seen for too long, or not long enough. No reading before change capture was seen. Pure.
 */
export function catchUpReadings({
  history,
  steadyMs,
  staleAfterMs,
  caughtUpWalBytes,
  foretell = (_, lags, enough) => foretellCatchUp(lags, enough),
}: CatchUpSource): ReadingBody[] {
  const reading = figuresOf(history, CDC);
  if (reading === null) return [];
  const isOld = steadyMs - (history.heardMs.get(CDC) ?? 0) > (staleAfterMs.get(CDC) ?? Infinity);
  const slots = new Set(reading.figures.flatMap(({of}) => (of !== null && seenOf(of)?.table === null ? [of] : [])));
  const figures = [...slots].flatMap((of) => {
    if (isOld || !isApplied(reading.figures, of)) return [];
    const foretold = foretell(of, history.lags.get(lagKey('lag_bytes', of)) ?? [], caughtUpWalBytes);
    return foretold === null ? [] : figuresFor(of, foretold);
  });
  return [{probe: 'figures', of: 'catch_up', server: 'target', figures}];
}

function figuresFor(of: string, {soonest, latest}: CatchUp): Figure[] {
  if (soonest === null) return [{name: 'never', label: 'cdc does not catch up', value: 1, unit: 'count', of}];
  const figure = (name: string, label: string, minutes: number): Figure => ({
    name,
    label,
    value: minutes * 60,
    unit: 'seconds',
    of,
  });
  return [
    figure('soonest_seconds', 'cdc has caught up in, at the soonest', soonest),
    ...(latest === null ? [] : [figure('latest_seconds', 'cdc has caught up in, at the latest', latest)]),
  ];
}
