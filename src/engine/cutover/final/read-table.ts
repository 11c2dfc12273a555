import {formatRelation} from '../../../domain/pg/relation.ts';
import {readExtents} from '../../../pg/compare/table-extents.ts';
import {countTable, sumRows} from '../../../pg/compare/table-sums.ts';
import {backToSnapshot, holdSnapshot, markSnapshot} from '../../../pg/cutover/snapshot.ts';
import type {Limits, Session} from '../../../pg/session/session.ts';
import {SQLSTATE, sqlStateOf} from '../../../pg/session/sqlstate.ts';
import type {ComparedPair, Sides} from '../../compare/read-sides.ts';
import {failureOf} from '../../run/run-steps.ts';
import type {FinalResult} from './final.ts';
import type {Pair} from './lanes.ts';
import type {Reading} from './window.ts';

/** A lane that holds its snapshots, and how it reads. */
export interface ReadingLane extends Pair {
  readonly dialect: Sides['dialect'];
  readonly limits: Limits;
  /** Whether the application may have altered tables of the target by now. */
  readonly isOpened: () => boolean;
}

/** Hears at once why a table cannot be read as it was. */
type Fail = (why: string, error: unknown) => void;

/** Takes the snapshots of a lane's sessions. */
export async function holdSnapshots({source, target}: Pair, limits: Limits): Promise<void> {
  const hold = async (session: Session): Promise<void> => {
    await session.run(holdSnapshot());
    await session.run(markSnapshot(), limits);
  };
  await Promise.all([hold(source), hold(target)]);
}

/**
 * Reads a table on both sides as of the snapshots. Null where it cannot be read any more, dropped or altered as it is by then, or too large for `timeouts.scan`: that is told, and the snapshots stay, so
 * that all others are read. Throws where a session is gone.
 */
export async function readTable(
  {pair, how}: Reading<ComparedPair>,
  lane: ReadingLane,
  fail: Fail,
): Promise<FinalResult | null> {
  const {table, columns, key, problem} = pair;
  const statement =
    how === 'count'
      ? countTable(table)
      : sumRows({table, columns, key: key ?? columns, sample: null}, lane.dialect, null);
  const reads = [lane.source.one(statement, lane.limits), lane.target.one(statement, lane.limits)] as const;
  try {
    const [own, there] = await Promise.all(reads);
    const differs = own.rows !== there.rows || own.sum !== there.sum || problem !== null;
    const isGone = differs && lane.isOpened() && (await isRewritten(pair, lane));
    await letGo(lane);
    if (isGone) {
      fail('it was emptied or rewritten on the open target (TRUNCATE, ALTER TABLE) before it was compared', null);
      return null;
    }
    return {table: formatRelation(table), differs, sourceRows: own.rows, targetRows: there.rows};
  } catch (error) {
    if (!isOfTable(error, lane)) throw error;
    fail(failureOf(error).message, error);
    // What the other side still reads is of no use, and its session is in the midst of it.
    await Promise.allSettled(reads);
    await letGo(lane);
    return null;
  }
}

/** Behind each table, or whoever alters it waits for all that is left. Behind a failure as well: it takes the snapshot with it otherwise. */
async function letGo({source, target, limits}: ReadingLane): Promise<void> {
  await Promise.all([source.run(backToSnapshot(), limits), target.run(backToSnapshot(), limits)]);
}

function isOfTable(error: unknown, {source, target}: Pair): boolean {
  const state = sqlStateOf(error);
  return state !== null && state !== SQLSTATE.adminShutdown && !source.lost && !target.lost;
}

/**
 * Whether the target's table has another file than before writes were stopped: a new file has none of the rows that an older snapshot sees. Source: https://www.postgresql.org/docs/current/mvcc-caveats.html
 */
async function isRewritten({table, marks}: ComparedPair, {target, limits}: ReadingLane): Promise<boolean> {
  const [now] = await target.run(readExtents(target.version, [table]), limits);
  const [file = '', fileNow = ''] = [marks.target, now?.mark ?? ''].map((mark) => mark.split(' ')[0]);
  return file !== '' && fileNow !== '' && file !== fileNow;
}
