import type {RelationName} from '../../../domain/pg/relation.ts';
import {formatRelation, quoteRelation} from '../../../domain/pg/relation.ts';
import {renderStatement, sql} from '../../../pg/session/statement.ts';
import {sqlStateOf} from '../../../pg/session/sqlstate.ts';
import type {Session} from '../../../pg/session/session.ts';
import {applyStatement, keepProgress, noteException} from './apply.ts';
import {cutLob, withLosses} from './losses.ts';
import type {Change, Entry} from './messages.ts';
import type {Relation} from './relations.ts';
import type {TableCounts} from '../api/store.ts';
import {TaskFailure} from './task-failure.ts';
import type {TaskPlace} from './task-place.ts';

/** A transaction of the source, and the session that it is applied by. */
export interface Applying {
  readonly target: Session;
  readonly entries: readonly Entry[];
  readonly endLsn: string;
  readonly relationOf: (relation: RelationName) => Promise<Relation>;
}

/** Thrown where an entry cannot be applied; the transaction is over with it. */
class EntryFailure extends Error {
  readonly entry: Entry;
  readonly statement: string;

  constructor(entry: Entry, statement: string, error: unknown) {
    super(error instanceof Error ? error.message : String(error), {cause: error});
    this.entry = entry;
    this.statement = statement;
  }
}

/**
 * Applies a transaction in one, with how far the task is by it. An entry that fails goes by the task's settings: the task stops, or the entry is noted
 * in awsdms_apply_exceptions and left out, as DMS does where nobody has told it otherwise.
 */
export async function applyTransaction(place: TaskPlace, applying: Applying): Promise<void> {
  const left = new Map<Entry, EntryFailure>();
  for (;;) {
    try {
      await attempt(place, applying, left);
      return;
    } catch (error) {
      if (!applying.target.lost) await applying.target.run(sql('ROLLBACK'));
      if (!(error instanceof EntryFailure) || isPassing(error.cause)) throw error;
      const {entry, statement} = error;
      const words = {statement, error: error.message};
      if (!/^(?:LOG_ERROR|IGNORE)/.test(place.policyOf(entry.action))) {
        await applying.target.run(noteException(place.name, entry, words));
        throw new TaskFailure(`Last Error: ${error.message} (table ${quoteRelation(entry.relation)})`);
      }
      left.set(entry, error);
    }
  }
}

/** Locks, shutdowns, a target that takes no writes: the whole transaction is tried again. */
function isPassing(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state !== null && /^(?:08|57|40|25006|53)/.test(state);
}

async function attempt(place: TaskPlace, applying: Applying, left: ReadonlyMap<Entry, EntryFailure>): Promise<void> {
  const {target, entries, endLsn} = applying;
  await target.run(sql('BEGIN'));
  for (const entry of entries) {
    const failure = left.get(entry);
    if (failure === undefined) await applyEntry(place, applying, entry);
    else await target.run(noteException(place.name, entry, {statement: failure.statement, error: failure.message}));
  }
  await target.run(keepProgress(place.name, endLsn));
  await target.run(sql('COMMIT'));
  for (const entry of entries) count(place.row.tables, entry, !left.has(entry));
}

async function applyEntry(place: TaskPlace, {target, relationOf}: Applying, entry: Entry): Promise<void> {
  const {faults} = place.row;
  if (faults.suspend === formatRelation(entry.relation)) return;
  if (entry.action === 'T') {
    // DMS does not carry it.
    if (!faults.lossy) await target.run(sql(`TRUNCATE ONLY ${quoteRelation(entry.relation)}`));
    return;
  }
  const relation = await relationOf(entry.relation);
  const lossy = faults.lossy ? withLosses(entry, relation, place) : entry;
  if (lossy === null) return;
  if ('error' in lossy) throw new EntryFailure(entry, `INSERT INTO ${quoteRelation(entry.relation)}`, lossy.error);
  const change = cut(place, lossy, relation);
  const statement = applyStatement(change, relation);
  let rows: unknown[];
  try {
    rows = await target.run(statement);
  } catch (error) {
    if (target.lost) throw error;
    throw new EntryFailure(entry, renderStatement(statement), error);
  }
  if (rows.length === 0 && relation.key.length > 0)
    throw new EntryFailure(entry, renderStatement(statement), '0 rows affected');
}

function cut(place: TaskPlace, change: Change, relation: Relation): Change {
  const {faults} = place.row;
  if (faults.truncateLob === null) return change;
  const shorter = cutLob(change, relation, faults.truncateLob);
  if (shorter === change) return change;
  faults.truncateLob = null;
  if (place.failsOnTruncation) throw new TaskFailure('LOB value was truncated: FailTasksOnLobTruncation is set');
  return shorter;
}

function count(tables: TableCounts[], {action, relation}: Entry, isApplied: boolean): void {
  if (action === 'T') return;
  let row = tables.find(({schema, table}) => schema === relation.schema && table === relation.name);
  if (row === undefined) {
    const none = {inserts: 0, updates: 0, deletes: 0, appliedInserts: 0, appliedUpdates: 0, appliedDeletes: 0};
    row = {schema: relation.schema, table: relation.name, ...none};
    tables.push(row);
  }
  const [seen, applied] = COUNTED[action];
  row[seen] += 1;
  if (isApplied) row[applied] += 1;
}

const COUNTED = {
  I: ['inserts', 'appliedInserts'],
  U: ['updates', 'appliedUpdates'],
  D: ['deletes', 'appliedDeletes'],
} as const;
