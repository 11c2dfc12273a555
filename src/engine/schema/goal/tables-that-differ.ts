import {quoteRelation, type RelationName} from '../../../domain/pg/relation.ts';
import {readColumnDigests} from '../../../pg/catalog/column-digests.ts';
import type {Session} from '../../../pg/session/session.ts';

/** Which of these tables, all of them on both servers, have other columns on the target: rows would go into columns of another type, or find none. */
export async function tablesThatDiffer(
  from: Session,
  target: Session,
  tables: readonly RelationName[],
): Promise<RelationName[]> {
  const digests = async (session: Session): Promise<Map<string, string>> =>
    new Map((await session.run(readColumnDigests(tables, session.version))).map(({name, digest}) => [name, digest]));
  const [wanted, there] = [await digests(from), await digests(target)];
  return tables.filter((table) => wanted.get(quoteRelation(table)) !== there.get(quoteRelation(table)));
}
