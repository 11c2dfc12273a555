import {formatMinutes} from '../base/minutes.ts';
import {estimateGrowth, type Sample} from '../reading/growth.ts';

/** In how many minutes a slot will have caught up, at the best and at the worst of its recent rates. */
export interface CatchUp {
  /** Null where it falls behind at each of them. */
  readonly soonest: number | null;
  /** Null where it never catches up at the worst of them. */
  readonly latest: number | null;
}

/** What was longer ago says nothing of the rate at which it catches up now. */
const RECENT_MS = 30 * 60_000;

/**
 * When a slot will have caught up, from how many bytes it was behind, oldest first: the slopes of a minute, five and thirty. `enough` is how far behind it may be and count as caught up.
 * Null until it was watched for half a minute. Pure.
 */
export function foretellCatchUp(lags: readonly Sample[], enough: number): CatchUp | null {
  const last = lags.at(-1);
  if (last === undefined) return null;
  const left = last.value - enough;
  if (left <= 0) return {soonest: 0, latest: 0};
  const growth = estimateGrowth(lags.filter(({atMs}) => atMs >= last.atMs - RECENT_MS));
  if (growth === null) return null;
  const minutesAt = (perSecond: number): number | null => (perSecond < 0 ? left / -perSecond / 60 : null);
  return {soonest: minutesAt(growth.slowest), latest: minutesAt(growth.fastest)};
}

/** Whether it is as near as it is to be. Pure. */
export function isCaughtUpNow({latest}: CatchUp): boolean {
  return latest === 0;
}

/** The forecast for people: `caught up in 4-12 min`, `caught up in 50 min to 1.6 h`, `caught up in 3 min to never`, `NOT catching up`, `caught up`. Pure. */
export function describeCatchUp(catchUp: CatchUp): string {
  const {soonest, latest} = catchUp;
  if (isCaughtUpNow(catchUp)) return 'caught up';
  return soonest === null ? 'NOT catching up' : `caught up in ${rangeOf(soonest, latest)}`;
}

function rangeOf(soonest: number, latest: number | null): string {
  const [from, to] = [formatMinutes(soonest), latest === null ? 'never' : formatMinutes(latest)];
  if (from === to) return to;
  const [number = '', unit = ''] = from.split(' ');
  return to.endsWith(` ${unit}`) ? `${number}-${to}` : `${from} to ${to}`;
}
