import type {StopPart, WriteStop} from '../cutover/write-stops.ts';
import type {Bar} from './bars.ts';

/** The bars of a write stop: the stop itself on top, below it what has filled it. Times are milliseconds from the first refused write; none where nothing was refused. Pure. */
export function stopBars({stoppedMs, parts, end}: WriteStop): Bar[] {
  if (stoppedMs === null) return [];
  const within = parts.filter(({fromMs, tookMs}) => fromMs <= stoppedMs && fromMs + (tookMs ?? Infinity) >= 0);
  const stop: Bar = {
    row: 'no writes',
    name: '',
    fromMs: 0,
    toMs: stoppedMs,
    end: end === 'goes on' ? 'goes on' : 'failed',
  };
  return [stop, ...within.map((part) => barOf(part, stoppedMs))];
}

function barOf({name, fromMs, tookMs, failed}: StopPart, stoppedMs: number): Bar {
  const toMs = tookMs === null ? stoppedMs : fromMs + tookMs;
  const end = failed ? 'failed' : tookMs === null ? 'goes on' : name.startsWith('slot ') ? 'waited' : 'done';
  return {row: name, name, fromMs, toMs, end};
}
