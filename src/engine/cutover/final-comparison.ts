import {formatRelation} from '../../domain/pg/relation.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {pinSession} from '../../pg/compare/pin-session.ts';
import {sumRows} from '../../pg/compare/table-sums.ts';
import {holdSnapshot} from '../../pg/cutover/snapshot.ts';
import {SENTINEL_SCHEMA} from '../../pg/capture/sentinels.ts';
import type {Session} from '../../pg/session/session.ts';
import {tablesToCompare} from '../compare/compare-tables.ts';
import {readSides, type ComparedPair, type Sides} from '../compare/read-sides.ts';
import type {StepContext} from '../step.ts';
import type {FinalComparison, FinalResult} from './final.ts';

/** Scans of the last comparison at once on each server. */
export const LANES = 2;

/** A comparison that nobody has begun yet. */
export function createFinalComparison(): FinalComparison<StepContext> {
  let sides: Sides | null = null;
  let sessions: Session[] = [];
  let ready: readonly Pair[] = [];
  let compared: FinalResult[] = [];
  let waiting: ComparedPair[] = [];
  let left = new Set<string>();
  let failure: unknown = null;
  let running: Promise<void> = Promise.resolve();

  async function work(ctx: StepContext, lane: Pair): Promise<void> {
    for (let pair = waiting.shift(); pair !== undefined; pair = waiting.shift()) {
      if (sides === null) return;
      const result = await compareTable(pair, {...lane, dialect: sides.dialect, limitMs: ctx.config.timeouts.scanMs});
      compared.push(result);
      left.delete(result.table);
    }
  }

  async function stop(): Promise<void> {
    waiting = [];
    const all = sessions;
    sessions = [];
    ready = [];
    await Promise.all(all.map(async (one) => one.close()));
    await running;
  }

  return {
    prepare: async (ctx) => {
      await stop();
      const tables = (await tablesToCompare(ctx)).filter(({table}) => table.schema !== SENTINEL_SCHEMA);
      sides = await readSides(onSource(ctx), tables.toReversed(), LANES);
      compared = [];
      failure = null;
      left = new Set(sides.pairs.map(({table}) => formatRelation(table)));
      ready = await openPairs(ctx, sides, sessions);
    },
    settle: (results) => {
      compared.push(...results.filter(({table}) => left.delete(table)));
    },
    begin: async (ctx) => {
      const known = sides ?? (await readSides(onSource(ctx), (await tablesToCompare(ctx)).toReversed(), LANES));
      sides = known;
      // Of a table whose rows are hidden from our role the target would have to be changed.
      const settled = new Set(compared.map(({table}) => table));
      waiting = known.pairs.filter(({hides, table}) => !hides && !settled.has(formatRelation(table)));
      const living = ready.every(({source, target}) => !source.lost && !target.lost);
      const pairs = living && ready.length > 0 ? ready : await openPairs(ctx, known, sessions);
      await holdSnapshots(pairs);
      running = Promise.all(pairs.map(async (lane) => work(ctx, lane)))
        .then(() => undefined)
        .catch((error: unknown) => {
          failure = error;
          waiting = [];
        });
    },
    progress: () => ({compared: [...compared], left: [...left], failure}),
    ended: async () => running,
    stop,
  };
}

async function holdSnapshots(pairs: readonly Pair[]): Promise<void> {
  await Promise.all(pairs.flatMap(({source, target}) => [source.run(holdSnapshot()), target.run(holdSnapshot())]));
}

interface Comparing extends Pair {
  readonly dialect: Sides['dialect'];
  readonly limitMs: number;
}

async function compareTable(
  {table, columns, key, problem}: ComparedPair,
  {dialect, source, target, limitMs}: Comparing,
): Promise<FinalResult> {
  const statement = sumRows({table, columns, key: key ?? columns, sample: null}, dialect, null);
  const limits = {timeoutMs: limitMs};
  const [own, there] = await Promise.all([source.one(statement, limits), target.one(statement, limits)]);
  const differs = own.rows !== there.rows || own.sum !== there.sum || problem !== null;
  return {table: formatRelation(table), differs, sourceRows: own.rows, targetRows: there.rows};
}

/** A lane's sessions, a session on each side, both with the settings of the comparison. */
export interface Pair {
  readonly source: Session;
  readonly target: Session;
}

/** A pair of sessions for each lane, named by their purpose. All that were opened are in `opened`, whatever fails. */
export async function openPairs(
  ctx: StepContext,
  {dialect}: Pick<Sides, 'dialect'>,
  opened: Session[],
  purpose = 'final',
): Promise<Pair[]> {
  return Promise.all(
    Array.from({length: LANES}, async (_, lane) => {
      const open = async (role: 'source' | 'target'): Promise<Session> => {
        const session = await ctx.open(role, `${purpose}-${lane}`);
        opened.push(session);
        await session.run(pinSession(session.version, dialect));
        return session;
      };
      const [source, target] = await Promise.all([open('source'), open('target')]);
      return {source, target};
    }),
  );
}

/** What compares the replica compares the source here: nobody writes there. */
export function onSource(ctx: StepContext): StepContext {
  return {...ctx, session: async (role) => ctx.session(role === 'replica' ? 'source' : role)};
}

/** The error of tables that differ, though both sides have the same by rights. Pure. */
export function tablesDiffer(results: readonly FinalResult[]): LonghaulError {
  const words = results.map(
    ({table, sourceRows, targetRows}) => `${table} (source ${sourceRows} rows, target ${targetRows})`,
  );
  return new LonghaulError({
    code: 'failed',
    message: `${results.length === 1 ? '1 table differs' : `${results.length} tables differ`} though everything has arrived: ${words.join('; ')}`,
    remedy: 'longhaul compare names the rows; mend them on the target, then longhaul cutover',
  });
}
