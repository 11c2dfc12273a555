import {estimateWork, isComparison, isHeld, pieceMinutes, type Work, type WorkPiece} from '../../domain/ends/work.ts';
import {findSilent} from '../../domain/reading/silent-servers.ts';
import {allCommitted} from '../../domain/run/run-state.ts';
import {screenText} from '../screen/screen-text.ts';
import {silentServers} from './readings.ts';
import type {Live} from '../store/live.ts';

/** A step after the load with many pieces, for header and lanes pane. */
export interface WorkView {
  /** `built`, `compared`. */
  readonly what: string;
  readonly done: number;
  readonly total: number;
  readonly leftBytes: number;
  readonly bytesPerSecond: number | null;
  /** Null while it cannot be said. */
  readonly etaMs: number | null;
  readonly isHeld: boolean;
}

/** The work of the newest reading, while its step runs; null else. */
export function workNow({run, readings}: Pick<Live, 'run' | 'readings'>): Work | null {
  const reading = readings.get('work');
  const work = reading?.probe === 'work' ? reading.work : null;
  const step = run.steps.find(({id}) => id === work?.step)?.state;
  return step?.status === 'running' ? work : null;
}

/** Which server it is the header says, and the line's name; eighty columns have room for no more. */
const NO_ANSWER = 'no answer';

/**
 * The pieces that are at work now. How far one would be and what it has waited for, a limit of the rate or a hold, is nothing while a server of its
 * does not answer: that is what it waits for.
 */
export function piecesNow(live: Pick<Live, 'run' | 'readings'>): readonly WorkPiece[] {
  const silent = findSilent(live.readings);
  return (workNow(live)?.pieces ?? []).map((piece) => {
    const away = silent.find(({server}) => piece.on?.includes(server) === true);
    return away === undefined ? piece : {...piece, share: null, phase: NO_ANSWER};
  });
}

/** How far the step after the load is; null where none runs. */
export function workView(live: Live): WorkView | null {
  const work = workNow(live);
  // Beside the load it is the load that the header tells of.
  if (work === null || (work.step === 'full-load' && !allCommitted(live.run))) return null;
  const {bytesLeft, bytesPerSecond, minutes} = estimateWork(work);
  return {
    what: isComparison(work.step) ? 'compared' : 'built',
    done: work.done,
    total: work.total,
    leftBytes: bytesLeft,
    bytesPerSecond,
    isHeld: isHeld(work),
    // What a silent server has left to do ends nowhere.
    etaMs: minutes === null || live.link.status === 'lost' || silentServers(live).length > 0 ? null : minutes * 60_000,
  };
}

/** How many indexes of the load are built, while units still load; null else. */
export function builtBeside(live: Live): Pick<WorkView, 'done' | 'total'> | null {
  const work = workNow(live);
  if (work?.step !== 'full-load' || allCommitted(live.run)) return null;
  return {done: work.done, total: work.total};
}

/** A piece's name for its line: `users_email_key` of `index public.users_email_key`, `users` of `public.users`. */
export function pieceTitle({name}: Pick<WorkPiece, 'name'>): string {
  return screenText(name)
    .replace(/^index /, '')
    .replace(/^public\./, '')
    .replace(/ of public\./, ' of ');
}

/** Until a piece is done, at its own pace; null while that cannot be said. */
export function pieceEtaMs(piece: WorkPiece): number | null {
  const minutes = pieceMinutes(piece);
  return minutes === null ? null : minutes * 60_000;
}
