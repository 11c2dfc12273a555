import type {ServerRole} from '../pg/server-role.ts';

/** The steps whose work is told piece by piece; of the load it is the indexes that are built beside it. */
export type WorkStep = 'full-load' | 'build-indexes' | 'compare-rows' | 'compare-again';

/** Whether a step's pieces are tables that are compared; else they are indexes and what else is built. Pure. */
export function isComparison(step: WorkStep): boolean {
  return step === 'compare-rows' || step === 'compare-again';
}

/** The phase of a piece that an operator holds: when it ends is his to say. */
export const HELD = 'held';

/** One piece of a step's work that is done just now: an index that is built, a table that is compared. */
export interface WorkPiece {
  /** `index public.users_email_key`, `foreign key orders_user_fkey of public.orders`, `public.users`. */
  readonly name: string;
  /** `public.users`; empty where it is about no table, or the name says it. */
  readonly table: string;
  /** The servers that are at it; left out by an earlier supervisor. */
  readonly on?: readonly ServerRole[];
  /** What has to be read for it: heap and TOAST of its table. */
  readonly bytes: number;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Until the reading was made. */
  readonly elapsedMs: number;
  /** From 0 to 1, as the target tells it (12+), or of a scan as those before it went; null where nothing tells. */
  readonly share: number | null;
  /** `scanning table`, `loading tuples in tree`, or what it waits for; null where nothing tells. */
  readonly phase: string | null;
}

/** How far a step with many pieces is. Bytes are those of the tables that have to be read, once for each piece. */
export interface Work {
  readonly step: WorkStep;
  /** When this supervisor began with it, ISO 8601. */
  readonly startedAt: string;
  /** For how long a piece was at work, until the reading was made. */
  readonly elapsedMs: number;
  readonly done: number;
  readonly total: number;
  /** Of the pieces that are done. */
  readonly bytesDone: number;
  readonly bytesTotal: number;
  /** Those at work now, the first that began first. */
  readonly pieces: readonly WorkPiece[];
}

/** When a step's work is done. Minutes are null until they can be said. */
export interface WorkEta {
  readonly bytesLeft: number;
  readonly bytesPerSecond: number | null;
  readonly minutes: number | null;
}

/** Less than this tells nothing of the rest. */
const LEAST_MS = 5_000;

/** Pieces that are smaller than what is left by so much say nothing of its pace: most of their time is that of opening and committing. */
const TOO_SMALL = 8;
/** Once so much of the bytes is done, what was done is like the rest, whatever its pieces are. */
const ENOUGH_DONE = 0.25;

/**
 * What is left of the work at the pace that it has had so far, and never less than the slowest piece needs for its own rest. What the pieces
 * at work have done counts as far as the server tells it; where only small pieces are done, the pace is that of the large ones at work. Pure.
 */
export function estimateWork(work: Work): WorkEta {
  const {elapsedMs} = work;
  const doneBytes = work.bytesDone + sum(work.pieces.map(({bytes, share}) => bytes * (share ?? 0)));
  const bytesLeft = Math.max(0, work.bytesTotal - doneBytes);
  const soFar = elapsedMs < LEAST_MS || doneBytes <= 0 ? null : (doneBytes / elapsedMs) * 1000;
  const perSecond = isOfSmallOnes(work, bytesLeft) ? paceNow(work) : soFar;
  if (isHeld(work)) return {bytesLeft, bytesPerSecond: perSecond, minutes: null};
  // What has no bytes to read, a view or a trigger, may take as long as it likes.
  if (perSecond === null || (bytesLeft === 0 && work.done < work.total))
    return {bytesLeft, bytesPerSecond: perSecond, minutes: work.done >= work.total ? 0 : null};
  const slowest = Math.max(0, ...work.pieces.map((piece) => pieceMinutes(piece) ?? 0));
  return {bytesLeft, bytesPerSecond: perSecond, minutes: Math.max(bytesLeft / perSecond / 60, slowest)};
}

/** Whether an operator holds all that is at work. Pure. */
export function isHeld({pieces}: Work): boolean {
  return pieces.length > 0 && pieces.every(({phase}) => phase === HELD);
}

function isOfSmallOnes({done, total, bytesDone, bytesTotal}: Work, bytesLeft: number): boolean {
  if (done === 0 || done >= total || bytesDone >= bytesTotal * ENOUGH_DONE) return false;
  return (bytesDone / done) * TOO_SMALL < bytesLeft / (total - done);
}

/** What the pieces at work do in a second together, as far as the server tells it; null where it tells nothing yet. */
function paceNow({pieces}: Work): number | null {
  const told = pieces.filter((piece) => pieceMinutes(piece) !== null);
  return told.length === 0
    ? null
    : sum(told.map(({bytes, share, elapsedMs}) => (bytes * (share ?? 0) * 1000) / elapsedMs));
}

/** How long a piece takes for its rest at its own pace; null while that cannot be said. Pure. */
export function pieceMinutes({elapsedMs, share}: WorkPiece): number | null {
  if (share === null || share <= 0.01 || elapsedMs < LEAST_MS) return null;
  return (elapsedMs * (1 - share)) / share / 60_000;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
