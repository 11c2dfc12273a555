import {quoteRelation} from '../../../domain/pg/relation.ts';
import {readTablesInHand, type TableInHand} from '../../../pg/load/backends.ts';
import type {StepContext} from '../../step.ts';
import {builderNames} from './builder.ts';

const EVERY_MS = 2_000;

/** What sessions that build for nobody any more have in hand: a supervisor that is killed leaves its backends to build on. */
export interface OldBuilders {
  /** How many there are. */
  readonly count: number;
  /** The tables that they are at; null while one is at work and nobody can tell where. */
  readonly tables: ReadonlySet<string> | null;
}

/** Asks for them where that is due: at the beginning, after a session was lost, and for as long as there are some. */
export function createOldBuilders(
  ctx: StepContext,
  own: ReadonlySet<number>,
): {
  read(): Promise<OldBuilders>;
  askAgain(): void;
} {
  let known: OldBuilders | null = null;
  let askAtMs = -Infinity;
  return {
    askAgain: () => {
      known = null;
    },
    read: async () => {
      if (known !== null && (known.count === 0 || ctx.steady() < askAtMs)) return known;
      const target = await ctx.session('target');
      const rows = (await target.run(readTablesInHand([builderNames(ctx.config.run)]))).filter(
        ({pid}) => !own.has(pid),
      );
      askAtMs = ctx.steady() + EVERY_MS;
      known = judgeOldBuilders(rows);
      return known;
    },
  };
}

/** One that is between two statements has nothing in hand; one that is at work and holds no table yet may be about to take any. Pure. */
export function judgeOldBuilders(rows: readonly Omit<TableInHand, 'applicationName'>[]): OldBuilders {
  const busy = rows.filter(({state, table}) => table !== null || state !== 'idle');
  const unknown = busy.some(({table}) => table === null);
  const tables = busy.flatMap(({schema, table}) =>
    schema === null || table === null ? [] : [quoteRelation({schema, name: table})],
  );
  return {count: new Set(busy.map(({pid}) => pid)).size, tables: unknown ? null : new Set(tables)};
}
