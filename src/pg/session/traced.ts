import {mayQuoteRows} from '../../domain/base/without-rows.ts';
import type {Trace, TraceEvent} from '../../domain/base/trace.ts';
import type {ServerRole} from '../../domain/pg/server-role.ts';
import {sqlStateOf} from './sqlstate.ts';

/** Longer statements are cut: those of a plan with thousands of tables would be most of the trace. */
const LONGEST_SQL = 8000;
/** A statement that takes longer is also told while it runs: it may be the one that everything waits for. */
const LONG_MS = 1000;

/** What is traced of a statement beside how it went; `sql` is only made where somebody traces. */
export interface Traced {
  readonly trace: Trace | undefined;
  readonly server: ServerRole;
  readonly application: string;
  readonly sql: () => string;
  readonly event?: 'connected';
}

/** Does the work and tells the trace how long it took, how many rows came, or what the server said. What it gives and throws is the work's. */
export async function traced<T>({trace, sql, event, ...who}: Traced, work: () => Promise<T>): Promise<T> {
  if (trace === undefined) return work();
  const text = sql().replaceAll(/\s+/g, ' ').trim();
  const common = {trace: 'sql', ...who, sql: text.slice(0, LONGEST_SQL)} as const;
  const start = performance.now();
  const tell = (how: Pick<TraceEvent & {trace: 'sql'}, 'event' | 'rows' | 'sqlstate' | 'message'>): void =>
    trace({...common, ms: Math.round(performance.now() - start), ...how});
  const late = setTimeout(() => tell({event: 'running'}), LONG_MS).unref();
  try {
    const result = await work();
    tell({event: event ?? 'done', ...(Array.isArray(result) ? {rows: result.length} : {})});
    return result;
  } catch (error) {
    tell({event: 'failed', ...wordsOf(error)});
    throw error;
  } finally {
    clearTimeout(late);
  }
}

/** The server's message, without what it may quote of a row; its detail and context, which quote more, are never traced. */
function wordsOf(error: unknown): {sqlstate: string | null; message: string} {
  const sqlstate = sqlStateOf(error);
  const message = error instanceof Error ? error.message : String(error);
  return {sqlstate, message: sqlstate !== null && mayQuoteRows(sqlstate) ? '' : message};
}
