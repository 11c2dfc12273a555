import {open} from 'node:fs/promises';
import {formatMinutes} from '../domain/minutes.ts';
import {printable} from '../domain/printable.ts';
import type {Reading} from '../domain/reading.ts';
import type {RunState} from '../domain/run-state.ts';
import {formatBytes} from '../domain/units.ts';
import type {RunFolder} from '../engine/run-folder.ts';

const WIDTH = 60;
const TAIL = 64 * 1024;
const STALE_MS = 60_000;

/**
 * The run in one line of at most 60 columns: alarms, what it does, the worst slot, when the primary's disk is full, when the load ends:
 * `1 ALARM | acme | load 3/9 | dms_slot_01 212 GB | full 19 h`. From files only, so it is quick.
 */
export async function statusLine(folder: RunFolder, state: RunState, alive: boolean): Promise<string> {
  const readings = await lastReadings(folder.readings);
  return formatStatusLine({state, alive, readings, nowMs: Date.now()});
}

/** What the line is made of; `readings` are the last ones, oldest first. */
export interface LineSource {
  readonly state: RunState;
  readonly alive: boolean;
  readonly readings: readonly Reading[];
  readonly nowMs: number;
}

/** The line; where there is no room for the slot's name, it goes first. Pure. */
export function formatStatusLine(source: LineSource): string {
  const {state, alive} = source;
  const line = (named: boolean): string =>
    [
      state.alarms.length === 0 ? '' : `${state.alarms.length} ALARM`,
      state.run ?? 'no run',
      alive ? progressOf(state) : 'NO SUPERVISOR',
      ...watched(source, named),
    ]
      .filter((part) => part !== '')
      .join(' | ');
  const whole = printable(line(true));
  return whole.length <= WIDTH ? whole : printable(line(false)).slice(0, WIDTH);
}

/** What the probes saw and what follows from it; readings that are old say so instead. */
function watched({readings, nowMs}: LineSource, named: boolean): string[] {
  const slots = readings.findLast((reading) => reading.probe === 'slots');
  if (slots === undefined) return [];
  const ageMs = nowMs - Date.parse(slots.at);
  if (ageMs > STALE_MS) return [`probes ${formatMinutes(ageMs / 60_000)} OLD`];
  const disk = readings.findLast((reading) => reading.probe === 'runway' && reading.server === 'source');
  const full = disk?.probe === 'runway' && disk.runway !== null ? `full ${formatMinutes(disk.runway.minutes)}` : '';
  const load = readings.findLast((reading) => reading.probe === 'eta');
  const left = load?.probe === 'eta' && load.eta.bytesLeft > 0 ? load.eta.loadMinutes : null;
  return [worstSlot(slots, named), full, left === null ? '' : `ETA ${formatMinutes(left)}`];
}

function progressOf(state: RunState): string {
  const step = state.steps.find((one) => ['running', 'waiting', 'failed'].includes(one.state.status));
  if (step === undefined) return state.status;
  if (step.id !== 'full-load') return `${step.id}${step.state.status === 'running' ? '' : ` ${step.state.status}`}`;
  const committed = state.units.filter((unit) => unit.state.status === 'committed').length;
  return `load ${committed}/${state.units.length}${state.held ? ' HELD' : ''}`;
}

function worstSlot(reading: Extract<Reading, {probe: 'slots'}>, named: boolean): string {
  const worst = reading.slots.toSorted((a, b) => (b.retainedBytes ?? -1) - (a.retainedBytes ?? -1))[0];
  if (worst === undefined) return '';
  return `${named ? worst.name : 'WAL'} ${formatBytes(worst.retainedBytes)}`;
}

/** The readings in the last part of the readings' file, oldest first; none where there is no file. */
async function lastReadings(path: string): Promise<Reading[]> {
  const file = await open(path, 'r').catch(() => null);
  if (file === null) return [];
  try {
    const {size} = await file.stat();
    const length = Math.min(size, TAIL);
    const {buffer} = await file.read(Buffer.alloc(length), 0, length, size - length);
    const lines = buffer
      .toString('utf8')
      .split('\n')
      .slice(size > TAIL ? 1 : 0, -1);
    return lines.flatMap((line) => parseReading(line));
  } finally {
    await file.close();
  }
}

/** None for a line that a full disk cut short: what could not be written must not keep the rest from being seen. */
function parseReading(line: string): Reading[] {
  try {
    const reading: Reading = JSON.parse(line);
    return [reading];
  } catch {
    return [];
  }
}
