import {open} from 'node:fs/promises';
import {lsnDistance} from '../domain/lsn.ts';
import type {Reading} from '../domain/reading.ts';
import type {RunState} from '../domain/run-state.ts';
import {formatBytes} from '../domain/units.ts';
import type {RunFolder} from '../engine/run-folder.ts';

const WIDTH = 60;
const TAIL = 64 * 1024;

/** The run in one line of at most 60 columns: what it does, the worst slot, alarms. From files only, so it is quick. */
export async function statusLine(folder: RunFolder, state: RunState, alive: boolean): Promise<string> {
  const parts = [
    state.run ?? 'no run',
    alive ? progressOf(state) : 'NO SUPERVISOR',
    worstSlot(await lastSlots(folder.readings)),
    state.alarms.length === 0 ? '' : `${state.alarms.length} ALARM`,
  ];
  return parts
    .filter((part) => part !== '')
    .join(' | ')
    .slice(0, WIDTH);
}

function progressOf(state: RunState): string {
  const step = state.steps.find((one) => ['running', 'waiting', 'failed'].includes(one.state.status));
  if (step === undefined) return state.status;
  if (step.id !== 'full-load') return `${step.id}${step.state.status === 'running' ? '' : ` ${step.state.status}`}`;
  const committed = state.units.filter((unit) => unit.state.status === 'committed').length;
  return `load ${committed}/${state.units.length}`;
}

type SlotsReading = Extract<Reading, {probe: 'slots'}>;

function worstSlot(reading: SlotsReading | null): string {
  if (reading === null) return '';
  const held = reading.slots.flatMap((slot) =>
    slot.ours && slot.restartLsn !== null
      ? [{name: slot.name, bytes: lsnDistance(slot.restartLsn, reading.currentLsn)}]
      : [],
  );
  const worst = held.toSorted((a, b) => b.bytes - a.bytes)[0];
  return worst === undefined ? '' : `${worst.name} ${formatBytes(worst.bytes)}`;
}

/** The newest reading of the slots in the last part of the readings' file. */
async function lastSlots(path: string): Promise<SlotsReading | null> {
  const file = await open(path, 'r').catch(() => null);
  if (file === null) return null;
  try {
    const {size} = await file.stat();
    const length = Math.min(size, TAIL);
    const {buffer} = await file.read(Buffer.alloc(length), 0, length, size - length);
    const lines = buffer
      .toString('utf8')
      .split('\n')
      .slice(size > TAIL ? 1 : 0, -1);
    return lines.map((line): Reading => JSON.parse(line)).findLast((reading) => reading.probe === 'slots') ?? null;
  } finally {
    await file.close();
  }
}
