import {formatRelation, quoteRelation, type RelationName} from '../../../domain/pg/relation.ts';
import {dropLeftOver, mayBeLeftOver} from '../../../domain/run/capture/left-over.ts';
import type {RunState} from '../../../domain/run/run-state.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import {readMissingTables} from '../../../pg/catalog/target-tables.ts';
import type {Session} from '../../../pg/session/session.ts';

/** The tables that were adopted, that the source has no more, and that the target still has. The drift does not know them: they came after what it goes by. */
export async function readLeftOver(target: Session, {capture}: Pick<RunState, 'capture'>): Promise<RelationName[]> {
  const candidates = mayBeLeftOver(capture);
  if (candidates.length === 0) return [];
  const missing = new Set((await target.run(readMissingTables(candidates, target.version))).map(({name}) => name));
  return candidates.filter((table) => !missing.has(quoteRelation(table)));
}

/** They keep the cutover from beginning, as a change of the schema does that the target has not followed: whoever reads the target would find rows that are no more. Pure. */
export function judgeLeftOver(tables: readonly RelationName[]): Finding[] {
  return tables.map((table) => ({
    check: 'cutover.left-over',
    severity: 'blocker',
    subject: 'target',
    seen: `table ${formatRelation(table)} was adopted and is dropped on the source since; the target still has it`,
    remedy: dropLeftOver(table),
  }));
}
