import {whyNotBinary, type BinaryServer, type ColumnTypes} from '../../domain/pg/binary-types.ts';
import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import {readBinaryServer, readTypedColumns, readTypes} from '../../pg/load/binary/column-types.ts';
import {maybe} from '../../pg/session/versions.ts';
import type {Session} from '../../pg/session/session.ts';
import type {StepContext} from '../step.ts';

/** What keeps each of these tables from travelling in binary form from the replica to the target, by quoted name; those that may are not among them. */
export async function readWhyNotBinary(
  ctx: StepContext,
  tables: readonly RelationName[],
): Promise<ReadonlyMap<string, string>> {
  const [replica, target] = [await ctx.session('replica'), await ctx.session('target')];
  const old = maybe('countsRowsOfCopy', ctx.tools.psql.version) === null;
  if (old)
    return new Map(
      tables.map((table) => [quoteRelation(table), 'psql is older than 12 and does not count what it sends']),
    );
  const servers = {source: await serverOf(replica), target: await serverOf(target)};
  const [here, there] = [await typesOf(replica, tables), await typesOf(target, tables)];
  const words = new Map<string, string>();
  for (const [name, types] of here) {
    const why = whyNotBinary(types, there.get(name) ?? null, servers);
    if (why !== null) words.set(name, why);
  }
  return words;
}

async function serverOf(session: Session): Promise<BinaryServer> {
  return session.one(readBinaryServer(session.version));
}

async function typesOf(session: Session, tables: readonly RelationName[]): Promise<Map<string, ColumnTypes>> {
  const rows = await session.run(readTypedColumns(session.version, tables));
  const oids = [...new Set(rows.flatMap(({types}) => types))];
  const types = new Map((await session.run(readTypes(oids))).map((type) => [type.oid, type]));
  return new Map(
    rows.map((row) => {
      const columns = row.columns.map((name, at) => ({name, type: row.types[at] ?? ''}));
      return [quoteRelation(row), {columns, types}];
    }),
  );
}
