import {pinSession} from '../../pg/compare/pin-session.ts';
import type {Dialect} from '../../pg/compare/row-hash.ts';
import type {Session} from '../../pg/session/session.ts';
import type {Statement} from '../../pg/session/statement.ts';
import type {RelationName} from '../../domain/pg/relation.ts';
import type {StepContext} from '../step.ts';
import {createPool} from '../waiting/pool.ts';
import {withEveryRow} from '../schema/copy/row-security.ts';
import {atBoundary} from './at-boundary.ts';
import type {AroundReplica} from './comparing.ts';
import type {Side} from './read-sides.ts';

/** One scan of a table on one side. */
export interface Scan<Row> {
  readonly side: Side;
  readonly table: RelationName;
  /** Whether row security hides rows of it, so that it has to be lifted on the target. */
  readonly hides: boolean;
  readonly statement: Statement<Row>;
}

/** Runs scans on both servers, so many at once on each. */
export interface Scanning {
  /** Runs one once a session is free, and what `around` does with it. Once one has failed none begins any more. */
  rows<Row>(scan: Scan<Row>, around?: (work: () => Promise<Row[]>) => Promise<Row[]>): Promise<Row[]>;
  close(): Promise<void>;
}

/** What scans are made with. */
export interface ScanningOptions {
  readonly lanes: number;
  readonly dialect: Dialect;
  /** The name of the sessions: `compare` is that of the step, and whoever begins it anew ends them. */
  readonly purpose: string;
  /** In place of the fence at P. */
  readonly onReplica?: AroundReplica | undefined;
}

/** Opens a session when the first scan wants it. One on the replica sees it at P, paused, before and after each scan (docs/decisions/0002). */
export function createScanning(
  ctx: StepContext,
  {lanes, dialect, purpose, onReplica = async (replica, work) => atBoundary(ctx, replica, work)}: ScanningOptions,
): Scanning {
  const open = (side: Side) =>
    createPool(lanes, async (worker) => {
      const session = await ctx.open(side, `${purpose}-${worker}`);
      await session.run(pinSession(session.version, dialect));
      return session;
    });
  const pools = {replica: open('replica'), target: open('target')};
  // One side's failure ends the other's as well: the comparison is void.
  let failure: {readonly error: unknown} | null = null;
  const limits = {timeoutMs: ctx.config.timeouts.scanMs};

  async function scanIn<Row>(session: Session, {side, table, hides, statement}: Scan<Row>): Promise<Row[]> {
    const read = async (): Promise<Row[]> => session.run(statement, limits);
    if (side === 'replica') return onReplica(session, read);
    return hides ? withEveryRow(session, [table], read) : read();
  }

  return {
    rows: async (scan, around = async (work) => work()) => {
      try {
        return await pools[scan.side].use(async (session) => {
          if (failure !== null) throw failure.error;
          return around(async () => scanIn(session, scan));
        });
      } catch (error) {
        failure ??= {error};
        throw failure.error;
      }
    },
    close: async () => void (await Promise.all([pools.replica.close(), pools.target.close()])),
  };
}
