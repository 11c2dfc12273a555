import {isoTime} from '../../../../src/domain/base/iso-time.ts';
import type {Lsn} from '../../../../src/domain/pg/lsn.ts';
import type {Reading, ReadingBody} from '../../../../src/domain/reading/reading.ts';
import type {RunEvent} from '../../../../src/domain/run/event.ts';
import {reduce} from '../../../../src/domain/run/reduce.ts';
import {NEW_RUN, type RunState} from '../../../../src/domain/run/run-state.ts';
import {changeAlarms, judgeAlarms, type AlarmChange} from '../../../../src/probes/judge/alarms.ts';
import {forecast} from '../../../../src/probes/judge/filling/forecasts.ts';
import {NOTHING_SEEN, remember, type History} from '../../../../src/probes/judge/history.ts';
import {slot, START, thresholds} from '../observed.ts';

const MB = 1024 * 1024;
const SEGMENT = 16 * MB;

/** A primary whose WAL disk fills, because nobody reads our slot. */
export interface Shape {
  /** WAL in bytes of each second. */
  readonly rateAt: (second: number) => number;
  /** Bytes that are free at first. */
  readonly room: number;
  readonly runwayMinutes: number;
  /** From when on the range is to hold the truth: what never was can be in no forecast. */
  readonly knownAt: number;
}

/** How a disk's alarm and forecasts did until it was full. */
export interface Outcome {
  readonly fullAt: number;
  /** From when on the alarm was raised until the disk was full, in seconds before that; null where it was not raised then. */
  readonly raisedBefore: number | null;
  /** The same of the moments in which an alarm was cleared: a first burst may raise one that two cycles show to be none yet. */
  readonly clearedBefore: readonly number[];
  /** Forecasts whose range did not hold the truth, for people. */
  readonly wrong: readonly string[];
  readonly forecasts: number;
}

const DISK_EVERY = 15;
const JUDGE_EVERY = 10;
/** A disk that is read every quarter of a minute is full that much sooner or later. */
const BY_SECONDS = 20;

/** Watches such a disk with everything that judges readings, until it is full. Nothing is random, and no clock is read. */
export function simulate({rateAt, room, runwayMinutes, knownAt}: Shape): Outcome {
  const fullAt = fillTime(rateAt, room);
  const observing = createObserver(runwayMinutes);
  let written = 0;
  let raisedBefore: number | null = null;
  const clearedBefore: number[] = [];
  let forecasts = 0;
  const wrong: string[] = [];
  for (let second = 0; second < fullAt; second += 1) {
    if (second % 2 === 0) observing.hear(second, slotsOf(written));
    if (second % DISK_EVERY === 0) observing.hear(second, diskOf(room - Math.floor(written / SEGMENT) * SEGMENT));
    if (second % JUDGE_EVERY === 0) {
      const {change, runway} = observing.judge(second);
      const left = fullAt - second;
      if (change.raise.length > 0) raisedBefore ??= left;
      if (change.clear.length > 0) {
        clearedBefore.push(left);
        raisedBefore = null;
      }
      if (runway !== null && second >= knownAt) {
        forecasts += 1;
        const [soonest, latest] = [runway.soonest * 60, (runway.latest ?? Infinity) * 60];
        if (soonest > left * 1.05 + BY_SECONDS || latest < left * 0.95 - BY_SECONDS)
          wrong.push(`after ${second} s: ${soonest.toFixed(0)} to ${latest.toFixed(0)} s, really ${left} s`);
      }
    }
    written += rateAt(second);
  }
  return {fullAt, raisedBefore, clearedBefore, wrong, forecasts};
}

function fillTime(rateAt: Shape['rateAt'], room: number): number {
  let written = 0;
  for (let second = 0; ; second += 1) {
    written += rateAt(second);
    if (written >= room) return second + 1;
    if (second > 7 * 86_400) throw new Error('a shape that does not fill its disk');
  }
}

const LAST_LSN = 0x17_0000_0000n;

function slotsOf(written: number): ReadingBody {
  const at = LAST_LSN + BigInt(Math.round(written));
  const currentLsn = `${(at >> 32n).toString(16)}/${(at & 0xffffffffn).toString(16)}`.toUpperCase() as Lsn;
  return {probe: 'slots', currentLsn, slots: [{...slot, retainedBytes: Math.round(written)}]};
}

function diskOf(freeBytes: number): ReadingBody {
  return {probe: 'disk', server: 'source', disk: {freeBytes, totalBytes: null, from: 'command'}};
}

function msOf(second: number): number {
  return START + second * 1000;
}

interface Observer {
  hear(second: number, body: ReadingBody): void;
  judge(second: number): {
    readonly change: AlarmChange;
    readonly runway: Extract<Reading, {probe: 'runway'}>['runway'];
  };
}

function createObserver(runwayMinutes: number): Observer {
  let history: History = NOTHING_SEEN;
  let state: RunState = {...NEW_RUN, claimed: [`slot ${slot.name}`]};
  let quietSince: AlarmChange['quietSince'] = new Map();
  const hear = (second: number, body: ReadingBody): void => {
    history = remember(history, {...body, at: isoTime(msOf(second))}, {state, atMs: msOf(second)});
  };
  const record = (second: number, event: RunEvent): void => {
    state = reduce(state, {...event, seq: state.seq + 1, at: isoTime(msOf(second))});
  };
  const staleAfterMs = new Map<string, number>();
  return {
    hear,
    judge: (second) => {
      const nowMs = msOf(second);
      for (const body of forecast({history, state, past: null, nowMs, steadyMs: nowMs, staleAfterMs}))
        hear(second, body);
      const limits = {...thresholds, retainedBytes: Infinity, runwayMinutes};
      const seen = {
        history,
        state,
        thresholds: limits,
        nowMs,
        steadyMs: nowMs,
        sinceMs: START,
        staleAfterMs,
        troubles: new Map(),
      };
      const change = changeAlarms(state.alarms, judgeAlarms(seen), {quietSince, nowMs});
      ({quietSince} = change);
      for (const alarm of change.raise) record(second, {type: 'alarm.raised', alarm});
      for (const id of change.clear) record(second, {type: 'alarm.cleared', id});
      const reading = history.newest.get('runway:source');
      return {change, runway: reading?.probe === 'runway' ? reading.runway : null};
    },
  };
}
