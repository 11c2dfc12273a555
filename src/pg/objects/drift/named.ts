import {sql, type Statement} from '../../session/statement.ts';
import {ofUser} from '../fact.ts';
import type {ObjectKey} from './catalogs.ts';

/** Catalogs whose objects are found by what a server calls them. */
export const NAMED_IN: readonly string[] = ['pg_class', 'pg_proc', 'pg_type', 'pg_namespace'];

function find(catalog: string, namespace: string, type: string): string {
  return `
    SELECT '${catalog}'::text AS "catalog", o.oid::text AS "oid"
      FROM ${catalog} o JOIN pg_namespace n ON n.oid = o.${namespace}
     WHERE ${ofUser('n.nspname')} AND o.oid::${type}::text = ANY ($1::text[])`;
}

/** Relations, functions, types and schemas by the names that the server gives them, quoted and qualified: `public.t`, `public.f(integer)`. */
export function readOidsNamed(names: readonly string[]): Statement<ObjectKey> {
  return sql(
    [
      `${find('pg_class', 'relnamespace', 'regclass')} AND o.relkind IN ('r', 'p', 'f', 'v', 'm', 'S')`,
      find('pg_proc', 'pronamespace', 'regprocedure'),
      find('pg_type', 'typnamespace', 'regtype'),
      `
    SELECT 'pg_namespace', n.oid::text FROM pg_namespace n WHERE quote_ident(n.nspname) = ANY ($1::text[])`,
    ].join('\n    UNION ALL'),
    [names],
  );
}
