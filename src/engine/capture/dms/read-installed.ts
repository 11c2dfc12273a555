import type {Session} from '../../../pg/session/session.ts';
import type {Statement} from '../../../pg/session/statement.ts';
import {isNotThere} from '../../schema/copy/apply-each.ts';

/** The rows of a statement on pglogical's catalog; none where the extension is not there yet, as in a dry run before it was created. */
export async function readInstalled<Row>(source: Session, statement: Statement<Row>): Promise<Row[]> {
  try {
    return await source.run(statement);
  } catch (error) {
    if (isNotThere(error)) return [];
    throw error;
  }
}
