import {counted, formatBytes, formatDuration} from '../../domain/base/units.ts';
import {rateOf, type Attempt} from './attempts.ts';

/** What to change for the next attempt, and what it would gain by what was measured. */
export interface Advice {
  /** The key of longhaul.yaml. */
  readonly key: string;
  readonly words: string;
  /** Milliseconds of the next attempt; null where nothing measured says how many. */
  readonly gainMs: number | null;
}

/** Less than this share of the load is not worth a change. */
const WORTH = 0.05;
/** A lane more that brings less than this share of a lane has met a limit that no lane lifts. */
const SCALES = 0.3;

/** What the last attempt, beside those before it, says of the next one; the largest gain first. Pure. */
export function adviseNext(attempts: readonly Attempt[]): Advice[] {
  const last = attempts.at(-1);
  if (last === undefined || last.loadMs === 0) return [];
  return [
    ...aboutUnits(last),
    ...aboutLanes(attempts, last),
    ...aboutIndexes(attempts, last),
    ...aboutFailures(last),
    ...aboutSlots(attempts, last),
  ].toSorted((a, b) => (b.gainMs ?? 0) - (a.gainMs ?? 0));
}

function aboutUnits({tail, lanes, loadMs, workMs}: Attempt): Advice[] {
  // Evenly spread, the same work takes so long.
  const gainMs = Math.round(loadMs - workMs / lanes);
  if (tail === null || tail.ms < loadMs * WORTH || gainMs < loadMs * WORTH) return [];
  const most = (tail.bytes * (loadMs * WORTH)) / Math.max(1, tail.unitMs);
  return [
    {
      key: 'load.unit_size',
      words: `unit ${tail.unit} ran for ${formatDuration(tail.unitMs)}, and lanes had nothing to do for the last ${formatDuration(tail.ms)}: units of at most about ${formatBytes(most)} would end together`,
      gainMs,
    },
  ];
}

function aboutLanes(attempts: readonly Attempt[], last: Attempt): Advice[] {
  const rate = rateOf(last);
  const other = attempts.findLast((one) => one !== last && one.lanes !== last.lanes && rateOf(one) !== null);
  if (rate === null || other === undefined) return [];
  const otherRate = rateOf(other) ?? rate;
  const [few, many] = other.lanes < last.lanes ? [otherRate, rate] : [rate, otherRate];
  const [less, more] = [Math.min(other.lanes, last.lanes), Math.max(other.lanes, last.lanes)];
  // What each lane more has brought, as a share of what a lane of the smaller number brought.
  const share = (many - few) / (more - less) / (few / less);
  const measured = `${counted(less, 'lane')} brought ${formatBytes(few)} a second, ${counted(more, 'lane')} ${formatBytes(many)}`;
  if (share < SCALES) {
    const worse = last.lanes === more && many < few;
    const gainMs = worse ? Math.round(last.loadMs * (1 - many / few)) : null;
    return [
      {
        key: 'load.lanes',
        words: `${measured}: more lanes bring nothing; ${less} ${worse ? 'were quicker' : 'are enough'}`,
        gainMs,
      },
    ];
  }
  if (last.lanes === less)
    return [
      {key: 'load.lanes', words: `${measured}: ${more} again`, gainMs: Math.round(last.loadMs * (1 - few / many))},
    ];
  const next = Math.ceil(more * 1.5);
  const expected = many + (next - more) * share * (few / less);
  const gainMs = Math.round(last.loadMs * (1 - many / expected));
  return [
    {
      key: 'load.lanes',
      words: `${measured}: they still scale; ${next} would bring about ${formatBytes(expected)}`,
      gainMs,
    },
  ];
}

function aboutIndexes(attempts: readonly Attempt[], last: Attempt): Advice[] {
  const {indexMs, loadMs, builders} = last;
  if (indexMs === null || indexMs < loadMs * 0.25) return [];
  const took = `after the load, indexes took ${formatDuration(indexMs)} more`;
  const best = Math.min(...attempts.flatMap((one) => (one.indexMs === null || !one.isWhole ? [] : [one.indexMs])));
  if (best < indexMs * (1 - WORTH))
    return [
      {
        key: 'load.maintenance_work_mem, load.index_jobs',
        words: `${took}, and ${formatDuration(best)} in an earlier attempt: as it was set then`,
        gainMs: indexMs - best,
      },
    ];
  if (builders === null)
    return [
      {
        key: 'load.maintenance_work_mem, load.index_jobs',
        words: `${took}: more memory or more builders shorten that, as long as the target has both to spare`,
        gainMs: null,
      },
    ];
  const {most, tailMs, last: slowest, busyMs} = builders;
  const measured = `${took}: ${counted(most, 'builder')} at work for ${formatDuration(busyMs)}, and fewer for the last ${formatDuration(tailMs)}`;
  // What one index takes by itself no other builder shortens.
  if (tailMs > busyMs)
    return [
      {
        key: 'load.maintenance_work_mem',
        words: `${measured}, which ${slowest} took: more memory for it, not more builders`,
        gainMs: null,
      },
    ];
  return [
    {
      key: 'load.index_jobs',
      words: `${measured}: ${most * 2} would share what all of them did, as long as the target has processors and memory to spare`,
      gainMs: Math.round(busyMs / 2),
    },
  ];
}

function aboutFailures({failures, loadMs, lanes}: Attempt): Advice[] {
  const lostMs = Math.round(failures.ms / Math.max(1, lanes));
  if (lostMs < loadMs * WORTH) return [];
  return [
    {
      key: 'load.unit_size',
      words: `${counted(failures.units, 'time')} a unit was begun in vain, which took lanes ${formatDuration(failures.ms)}: smaller units lose less when one fails`,
      gainMs: lostMs,
    },
  ];
}

function aboutSlots(attempts: readonly Attempt[], last: Attempt): Advice[] {
  const other = attempts.findLast((one) => one !== last && one.slots !== last.slots && one.slots > 0);
  if (other === undefined || last.slots === 0) return [];
  const was = counted(other.slots, 'slot');
  if (other.catchUpMs === null || last.catchUpMs === null)
    return [
      {
        key: 'slots.count',
        words: `${was} before, ${last.slots} now: they say nothing of the load, but each decodes all of the WAL once change capture runs; so few as keep up are best`,
        gainMs: null,
      },
    ];
  const measured = `with ${was} change capture had caught up in ${formatDuration(other.catchUpMs)}, with ${last.slots} in ${formatDuration(last.catchUpMs)}`;
  const gainMs = last.catchUpMs - other.catchUpMs;
  // So few as keep up are best: each decodes all of the WAL.
  if (gainMs > last.catchUpMs * WORTH)
    return [{key: 'slots.count', words: `${measured}: ${other.slots} again`, gainMs}];
  return other.slots < last.slots && -gainMs <= other.catchUpMs * WORTH
    ? [{key: 'slots.count', words: `${measured}: ${other.slots} are enough`, gainMs: null}]
    : [];
}
