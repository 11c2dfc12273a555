import {pinSession} from '../../../pg/compare/pin-session.ts';
import type {Dialect} from '../../../pg/compare/row-hash.ts';
import type {Chunk} from '../../../pg/compare/table-sums.ts';
import type {Session} from '../../../pg/session/session.ts';
import type {Statement} from '../../../pg/session/statement.ts';
import type {StepContext} from '../../step.ts';
import {createPool} from '../../waiting/pool.ts';
import type {TellPhase} from '../../waiting/under-way.ts';
import {withEveryRow} from '../../schema/copy/row-security.ts';
import {atBoundary} from '../at-boundary.ts';
import type {AroundReplica} from '../comparing.ts';
import {cancelOf, unlessHeld} from './held.ts';
import {createPace, mustBeConnected} from './pace.ts';
import type {ComparedPair, Side} from '../read-sides.ts';

/** What a scan reads of a table: about so many bytes of it, and whether row security hides rows, so that it has to be lifted on the target. */
type Scanned = Pick<ComparedPair, 'table' | 'hides' | 'bytes'>;

/** One scan of a table on one side. */
export interface Scan<Row> extends Scanned {
  readonly side: Side;
  /** Or what makes it once a session is free: thousands of scans may wait. */
  readonly statement: Statement<Row> | (() => Statement<Row>);
}

/** What is done around a scan, which tells what it waits for. */
type Around<Row> = (work: (tell: TellPhase) => Promise<Row[]>) => Promise<Row[]>;

/** Runs scans on both servers, so many at once on each. */
export interface Scanning {
  /** Runs one once a session is free, its turn has come and nothing is held, and what `around` does with it. Once one has failed none begins any more. */
  rows<Row>(scan: Scan<Row>, around?: Around<Row>): Promise<Row[]>;
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
  /** Whether no scan waits for who holds the comparison, because others wait for its end. */
  readonly mustGoOn?: boolean;
}

interface OpenScan {
  readonly session: Session;
  readonly cancel: () => Promise<void>;
  close(): Promise<void>;
}

/** Opens a session when the first scan wants it. One on the replica sees it at P, paused, before and after each scan (docs/decisions/0002). */
export function createScanning(
  ctx: StepContext,
  {
    lanes,
    dialect,
    purpose,
    mustGoOn = false,
    onReplica = async (replica, work) => atBoundary(ctx, replica, work),
  }: ScanningOptions,
): Scanning {
  const open = (side: Side) =>
    createPool(lanes, async (worker): Promise<OpenScan> => {
      const session = await ctx.open(side, `${purpose}-${worker}`);
      await session.run(pinSession(session.version, dialect));
      return {session, cancel: await cancelOf(ctx, session), close: async () => session.close()};
    });
  const pools = {replica: open('replica'), target: open('target')};
  const turn = createPace(ctx, mustGoOn);
  // One side's failure ends the other's as well: the comparison is void.
  let failure: {readonly error: unknown} | null = null;
  const limits = {timeoutMs: ctx.config.timeouts.scanMs};

  async function scanIn<Row>(session: Session, {side, table, hides, statement}: Scan<Row>): Promise<Row[]> {
    const wanted = typeof statement === 'function' ? statement() : statement;
    const read = async (): Promise<Row[]> => session.run(wanted, limits);
    if (side === 'replica') return onReplica(session, read);
    return hides ? withEveryRow(session, [table], read) : read();
  }

  return {
    rows: async (scan, around = async (work) => work(() => undefined)) => {
      try {
        return await pools[scan.side].use(async ({session, cancel}) => {
          const work = async () => scanIn(session, scan);
          const mustStillDo = (): void => {
            if (failure !== null) throw failure.error;
            mustBeConnected(session);
          };
          // Its wait for its turn is a part of its time: by it the end is foretold.
          return around(async (tell) => {
            await turn(scan.side, scan.bytes, {tell, mustStillDo});
            mustStillDo();
            return mustGoOn ? work() : unlessHeld(ctx, work, {cancel, tell});
          });
        });
      } catch (error) {
        failure ??= {error};
        throw failure.error;
      }
    },
    close: async () => void (await Promise.all([pools.replica.close(), pools.target.close()])),
  };
}

/** The same scans, which tell what they wait for. */
export function telling(scanning: Scanning, tell: TellPhase): Scanning {
  return {
    rows: async (scan, around = async (work) => work(tell)) => scanning.rows(scan, around),
    close: async () => scanning.close(),
  };
}

/** The rows of all scans of one side of a table. */
export async function readChunks<Row>(
  scanning: Scanning,
  {chunks, table, hides, bytes}: ComparedPair,
  side: Side,
  statement: (chunk: Chunk | null) => Statement<Row>,
): Promise<Row[]> {
  const parts = chunks[side].map(async (chunk, _, {length}) =>
    scanning.rows({side, table, hides, bytes: bytes / length, statement: statement(chunk)}),
  );
  return (await Promise.all(parts)).flat();
}
