import type {Reply} from '../../domain/run/command.ts';
import {formatBytes} from '../../domain/base/units.ts';
import type {Released} from './release.ts';

/** What is said where no checkpoint could be written: its remedy is carried out in a test. */
export const NOT_FREED =
  'NOT FREED YET: their WAL goes at the next checkpoint, within checkpoint_timeout; at once, as a superuser on the primary: CHECKPOINT';

const UNTOLD = 'The journal could not be written (its disk may be full). Before the next run: longhaul abort';

/** What a release came to, for people: what was dropped and freed, and what was not, with what to do about it. Pure. */
export function releaseWords(released: Released, order: {readonly run: string; readonly endReaders: boolean}): Reply {
  const {gone, kept, lanesEnded, resumed, untold} = released;
  const did = [
    droppedWords(released),
    ...(gone.length === 0 ? [] : [`${gone.join(', ')} had been dropped before`]),
    ...freedWords(released),
    ...(lanesEnded === 0 ? [] : [`${lanesEnded === 1 ? '1 lane was' : `${lanesEnded} lanes were`} ended`]),
    ...(resumed ? ['resumed replay on the replica'] : []),
    ...(untold === null ? [] : [`${UNTOLD} (${untold})`]),
  ].join('; ');
  const keptWords = Object.entries(kept).map(([name, why]) => `KEPT ${name}: ${why}`);
  const notFreed = typeof released.checkpoint === 'object' && released.checkpoint !== null ? [NOT_FREED] : [];
  const wrong = [...keptWords, ...released.wrong, ...notFreed];
  if (wrong.length === 0) return {ok: true, message: did};
  return {ok: false, message: `${did}. ${wrong.join('; ')}`, remedy: remedyOf(keptWords.length > 0, order)};
}

function droppedWords({dropped, kept}: Released): string {
  if (dropped.length > 0) return `dropped ${dropped.join(', ')}`;
  return Object.keys(kept).length === 0 ? 'no slot of this run was there' : 'no slot was dropped';
}

function freedWords({dropped, checkpoint, freedBytes, stillHeld}: Released): string[] {
  if (dropped.length === 0 || typeof checkpoint === 'object') return [];
  const held =
    stillHeld === null ? '' : `; ${formatBytes(stillHeld.retainedBytes)} stay, held by slot ${stillHeld.name}`;
  return checkpoint === 'late'
    ? [`a checkpoint is being written, which frees their WAL, about ${formatBytes(freedBytes)}${held}`]
    : [
        `a checkpoint was written, which freed their WAL, about ${formatBytes(freedBytes)}, but for what the primary keeps up to max_wal_size${held}`,
      ];
}

function remedyOf(isKept: boolean, {run, endReaders}: {readonly run: string; readonly endReaders: boolean}): string {
  if (!isKept) return `deal with what is named; longhaul abort --yes ${run} gives the run up`;
  return endReaders
    ? `end what reads it as a superuser, then longhaul release --yes ${run} again`
    : `if what reads it may be cut off: longhaul release --yes ${run} --end-readers`;
}
