import {quoteIdentifier, quoteLiteral} from '../../domain/pg/identifier.ts';
import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/** Where a sequence is; texts, because it may be beyond what a number of JavaScript holds. */
export interface SequencePosition extends RelationName {
  readonly lastValue: string;
  readonly isCalled: boolean;
}

/** Where these sequences are. Asked of each itself: pg_sequences has null for one that was never used. At least one. */
export function readPositions(sequences: readonly RelationName[]): Statement<SequencePosition> {
  return sql(
    sequences
      .map(
        (one) =>
          `SELECT ${quoteLiteral(one.schema).trim()}::text AS "schema", ${quoteLiteral(one.name).trim()}::text AS "name", last_value::text AS "lastValue", is_called AS "isCalled" FROM ${quoteRelation(one)}`,
      )
      .join(' UNION ALL '),
  );
}

/** Sets these sequences to where the positions are. At least one. */
export function setPositions(positions: readonly SequencePosition[]): Statement {
  return sql(
    `SELECT ${positions.map((one) => `setval(${quoteLiteral(quoteRelation(one)).trim()}, ${one.lastValue}, ${one.isCalled})`).join(', ')}`,
  );
}

/** How a sequence goes on, and how far; texts, as its position. */
export interface SequenceSteps extends RelationName {
  readonly increment: string;
  readonly minimum: string;
  readonly maximum: string;
  readonly cycles: boolean;
}

/** How these sequences go on. */
export function readSequenceSteps(
  version: ServerVersion,
  sequences: readonly RelationName[],
): Statement<SequenceSteps> {
  return sql(
    `SELECT n.nspname::text AS "schema", c.relname::text AS "name", q.increment::text AS "increment", q.minimum::text AS "minimum", q.maximum::text AS "maximum", q.cycle AS "cycles"
       FROM unnest($1::text[]) AS asked(name) JOIN pg_class c ON c.oid = asked.name::regclass JOIN pg_namespace n ON n.oid = c.relnamespace
       CROSS JOIN LATERAL (${pick('sequenceParts', version)}) AS q`,
    [sequences.map((one) => quoteRelation(one))],
  );
}

/** A column that takes its values from a sequence, by ownership or by default, and whose furthest value an index tells. `schema` and `name` are the sequence's. */
export interface NumberedColumn extends RelationName {
  readonly tableSchema: string;
  readonly table: string;
  readonly column: string;
}

/** The columns of whole numbers that these sequences number, those alone of which a valid btree index gives the least and the most at once. */
export function readNumberedColumns(sequences: readonly RelationName[]): Statement<NumberedColumn> {
  return sql(
    `SELECT sn.nspname::text AS "schema", s.relname::text AS "name", tn.nspname::text AS "tableSchema", t.relname::text AS "table", a.attname::text AS "column"
       FROM unnest($1::text[]) AS asked(name) JOIN pg_class s ON s.oid = asked.name::regclass JOIN pg_namespace sn ON sn.oid = s.relnamespace
       JOIN (SELECT d.objid AS sequence, d.refobjid AS relation, d.refobjsubid AS number FROM pg_depend d
              WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
              UNION
             SELECT d.refobjid, f.adrelid, f.adnum FROM pg_depend d JOIN pg_attrdef f ON f.oid = d.objid
              WHERE d.classid = 'pg_attrdef'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'n') u ON u.sequence = s.oid
       JOIN pg_class t ON t.oid = u.relation JOIN pg_namespace tn ON tn.oid = t.relnamespace
       JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = u.number
      WHERE t.relkind IN ('r', 'p') AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
        AND EXISTS (SELECT FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam
                     WHERE i.indrelid = t.oid AND i.indkey[0] = a.attnum AND i.indisvalid AND i.indpred IS NULL AND m.amname = 'btree')
      ORDER BY 1, 2, 3, 4, 5`,
    [sequences.map((one) => quoteRelation(one))],
  );
}

/** The most that a column has, or the least, as text; null of a table without rows. */
export function readFurthest(
  {tableSchema, table, column}: NumberedColumn,
  which: 'max' | 'min',
): Statement<{furthest: string | null}> {
  return sql(
    `SELECT ${which}(${quoteIdentifier(column)})::text AS "furthest" FROM ${quoteRelation({schema: tableSchema, name: table})}`,
  );
}
