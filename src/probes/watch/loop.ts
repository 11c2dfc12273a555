import {setTimeout as wait} from 'node:timers/promises';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import type {ReadingBody} from '../../domain/reading/reading.ts';
import {backOffMs, pauseMs} from './back-off.ts';
import type {Probe} from '../watched/probe.ts';
import {within} from './within.ts';

/** What a loop works with. `steady` is a clock that nobody sets, in milliseconds. */
export interface LoopOptions {
  readonly steady: () => number;
  /** Hears of every reading, and how long it took. */
  readonly tell: (reading: ReadingBody, tookMs: number) => void;
  readonly signal: AbortSignal;
  /** The longest that one reading may take, with connecting; nothing ever hangs in here. */
  readonly limitMs: number;
}

interface Turn {
  readonly probe: Probe;
  dueMs: number;
  /** When it was read last, and how long that took. */
  readMs: number;
  tookMs: number;
  failures: number;
}

/**
 * Asks the probes, each at its own interval and never two at once, until the signal: what shares a server shares a loop, so that a
 * server has one question of ours at a time. A server that cannot be reached rests all of them, longer each time; a probe that only
 * its server refuses rests alone.
 */
export async function runProbes(probes: readonly Probe[], options: LoopOptions): Promise<void> {
  const turns: Turn[] = probes.map((probe) => ({probe, dueMs: 0, readMs: -Infinity, tookMs: 0, failures: 0}));
  // Whether one is to hurry is asked as often as it then would be.
  const longestMs = probes.some(({hurries}) => hurries !== undefined) ? HURRY_MS : Infinity;
  while (!options.signal.aborted) {
    const next = turns.toSorted((a, b) => dueMs(a) - dueMs(b))[0];
    if (next === undefined) return;
    const restMs = dueMs(next) - options.steady();
    await rest(Math.min(restMs, longestMs), options.signal);
    if (options.signal.aborted) return;
    if (restMs <= longestMs) await takeTurn(next, turns, options);
  }
}

/** Four times a second, as seconds count; half of a server's time at the most. */
const HURRY_MS = 250;

function dueMs({probe, dueMs: due, readMs, tookMs, failures}: Turn): number {
  if (failures > 0 || probe.hurries?.() !== true) return due;
  return Math.min(due, readMs + Math.max(HURRY_MS, tookMs));
}

async function takeTurn(turn: Turn, all: readonly Turn[], options: LoopOptions): Promise<void> {
  const {probe} = turn;
  const startedMs = options.steady();
  try {
    const reading = await within(options.limitMs, probe.name, probe.read());
    if (options.signal.aborted) return;
    turn.failures = 0;
    const tookMs = options.steady() - startedMs;
    turn.readMs = options.steady();
    turn.tookMs = tookMs;
    turn.dueMs = turn.readMs + pauseMs(probe, tookMs);
    options.tell(reading, tookMs);
  } catch (error) {
    if (options.signal.aborted) return;
    const gone = error instanceof LonghaulError && error.code === 'unreachable';
    const failures = turn.failures + 1;
    for (const one of gone ? all : [turn]) {
      one.failures = failures;
      one.dueMs = options.steady() + backOffMs(turn.probe.everyMs, failures, gone);
      options.tell({probe: 'failed', of: one.probe.name, message: wordsOf(error)}, options.steady() - startedMs);
    }
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function rest(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0) return;
  // Rejects only when the signal is aborted, and the loop checks that.
  await wait(ms, undefined, {signal}).catch(() => undefined);
}
