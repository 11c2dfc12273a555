import {quoteIdentifier} from '../../domain/pg/identifier.ts';
import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import {sql, type Statement} from '../session/statement.ts';

/** A column whose values are names of relations. */
export interface NamingColumn extends RelationName {
  readonly column: string;
  readonly isArray: boolean;
}

/** The columns of tables with rows of their own that are regclass, or lists of them. */
export function readNamingColumns(): Statement<NamingColumn> {
  return sql(`
    SELECT n.nspname::text AS "schema", c.relname::text AS "name", a.attname::text AS "column", a.atttypid = 'regclass[]'::regtype AS "isArray"
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r' JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE a.atttypid IN ('regclass'::regtype, 'regclass[]'::regtype) AND a.attnum > 0 AND NOT a.attisdropped
       AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pglogical', 'pglogical_origin', 'longhaul')
     ORDER BY 1, 2, 3`);
}

/** Whether a row of the table has the name of an index in this column. */
export function readNamesIndexes({schema, name, column, isArray}: NamingColumn): Statement<{names: boolean}> {
  const value = quoteIdentifier(column);
  const indexes = `(SELECT oid FROM pg_class WHERE relkind IN ('i', 'I'))`;
  const is = isArray
    ? `EXISTS (SELECT FROM unnest(${value}) AS "longhaul: one" WHERE "longhaul: one"::oid IN ${indexes})`
    : `${value}::oid IN ${indexes}`;
  return sql(`SELECT EXISTS (SELECT FROM ONLY ${quoteRelation({schema, name})} WHERE ${is}) AS "names"`);
}
