import {isoTime} from '../../domain/base/iso-time.ts';
import {isComparison, type WorkPiece, type WorkStep} from '../../domain/ends/work.ts';
import type {WorkSeen} from '../../probes/watch/watch-context.ts';

/** A piece that is to be done. */
export interface Expected {
  /** Does it, seen meanwhile as under way. */
  during<T>(application: string | null, work: (tell: TellPhase) => Promise<T>): Promise<T>;
}

/** Says what a piece waits for; null is that it goes on, from where its own time counts. */
export type TellPhase = (phase: string | null) => void;

/** What the steps with many pieces have done, do and have still to do: for probes, which show it. */
export interface UnderWay {
  /** A step begins; what was known of one before is forgotten. */
  begin(step: WorkStep): void;
  /** A piece to come. */
  expect(piece: Pick<WorkPiece, 'name' | 'table' | 'bytes'> & Required<Pick<WorkPiece, 'on'>>): Expected;
  /** Null before the first step of the kind. */
  read(): WorkSeen | null;
}

/** What changes of a piece while it is at work. */
interface Going {
  readonly beganMs: number;
  phase: string | null;
  /** Since when it has waited for nothing. */
  goesOnMs: number;
}

/** Less than this tells nothing of a pace. */
const LEAST_MS = 2_000;
/** What is not done is not said to be. */
const MOST = 0.95;

/** How much of a scan is done, from 0 to 1, if it goes as those before it did: no server tells. Null while there were none. Pure. */
export function shareAtPace(
  bytes: number,
  elapsedMs: number,
  done: {readonly bytes: number; readonly ms: number},
): number | null {
  if (bytes <= 0 || done.bytes <= 0 || done.ms < LEAST_MS) return null;
  return Math.min(MOST, ((done.bytes / done.ms) * elapsedMs) / bytes);
}

function goingOn(atMs: number): Pick<Going, 'phase' | 'goesOnMs'> {
  return {phase: null, goesOnMs: atMs};
}

/** Nothing is under way yet. */
export function createUnderWay({now, steady}: {readonly now: () => number; readonly steady: () => number}): UnderWay {
  let work: Omit<WorkSeen, 'pieces' | 'elapsedMs'> | null = null;
  let pieces: readonly (Omit<WorkSeen['pieces'][number], 'elapsedMs' | 'share' | 'phase'> & Going)[] = [];
  /** For how long a piece was at work, up to `countedMs`: beside the load builders wait for tables to come in, and that is no pace of theirs. */
  let workedMs = 0;
  let countedMs = 0;
  /** What the pieces that are done have read, and how long each of them took, all together. */
  let done = {bytes: 0, ms: 0};
  const count = (): void => {
    const atMs = steady();
    // Between two slices of tables that are held at one commit change capture catches up: that is a part of the pace.
    if (pieces.length > 0 || work?.step === 'compare-again') workedMs += atMs - countedMs;
    countedMs = atMs;
  };
  return {
    begin: (step) => {
      count();
      workedMs = 0;
      done = {bytes: 0, ms: 0};
      work = {step, startedAt: isoTime(now()), done: 0, total: 0, bytesDone: 0, bytesTotal: 0};
      pieces = [];
    },
    expect: (piece) => {
      // What is not at work yet keeps no more than this: of ten thousand tables there are thirty thousand.
      const of = work?.startedAt;
      if (work !== null) work = {...work, total: work.total + 1, bytesTotal: work.bytesTotal + piece.bytes};
      return {
        during: async (application, act) => {
          const beganMs = steady();
          const own = {...piece, application, startedAt: isoTime(now()), beganMs, ...goingOn(beganMs)};
          const tell: TellPhase = (phase) => Object.assign(own, {...goingOn(steady()), phase});
          count();
          pieces = [...pieces, own];
          try {
            return await act(tell);
          } finally {
            count();
            pieces = pieces.filter((one) => one !== own);
            // One that ends late is none of the step that has begun since.
            if (work !== null && work.startedAt === of) {
              work = {...work, done: work.done + 1, bytesDone: work.bytesDone + piece.bytes};
              done = {bytes: done.bytes + piece.bytes, ms: done.ms + steady() - own.goesOnMs};
            }
          }
        },
      };
    },
    read: () => {
      if (work === null) return null;
      count();
      const atMs = steady();
      const isScan = isComparison(work.step);
      const seen = pieces.map(({beganMs, goesOnMs, ...piece}) => ({
        ...piece,
        elapsedMs: atMs - beganMs,
        share: isScan && piece.phase === null ? shareAtPace(piece.bytes, atMs - goesOnMs, done) : null,
      }));
      return {...work, elapsedMs: workedMs, pieces: seen};
    },
  };
}
