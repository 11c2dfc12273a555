import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/** An object that only a superuser may create. */
export interface SuperuserObject {
  /** `function`, `base type`, `operator class`. */
  readonly kind: string;
  readonly schema: string | null;
  /** As people name it, and drop it: `public.plpgsql_call_handler()`. */
  readonly identity: string;
  /** Why: `in language c`. */
  readonly why: string;
}

type Look = readonly [catalog: string, kind: string, identity: string, why: string, from: string];

/** What no role of a managed server may create, extensions' own left out. Sources: the pages of CREATE FUNCTION, TYPE, OPERATOR CLASS, CAST and others. */
export function readSuperuserObjects(version: ServerVersion): Statement<SuperuserObject> {
  return sql(
    [...functionLooks(version), ...OTHERS]
      .map(
        ([catalog, kind, identity, why, from]) => `
    SELECT ${kind}::text AS "kind", n.nspname::text AS "schema", ${identity} AS "identity", ${why} AS "why" FROM ${from}
       AND (n.nspname IS NULL OR n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pglogical', 'pglogical_origin', 'longhaul'))
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${catalog}'::regclass AND d.objid = x.oid AND d.deptype IN ('e', 'i'))`,
      )
      .join(' UNION ALL'),
  );
}

function functionLooks(version: ServerVersion): readonly Look[] {
  return [
    [
      'pg_proc',
      "'function'",
      'x.oid::regprocedure::text',
      "'in language ' || l.lanname",
      `pg_proc x JOIN pg_namespace n ON n.oid = x.pronamespace JOIN pg_language l ON l.oid = x.prolang WHERE NOT l.lanpltrusted AND NOT ${pick('isAggregate', version)}`,
    ],
    [
      'pg_proc',
      "'function'",
      'x.oid::regprocedure::text',
      "'LEAKPROOF'",
      `pg_proc x JOIN pg_namespace n ON n.oid = x.pronamespace JOIN pg_language l ON l.oid = x.prolang WHERE l.lanpltrusted AND x.proleakproof`,
    ],
    [
      'pg_proc',
      "'aggregate'",
      'x.oid::regprocedure::text',
      "'keeps its state in type internal'",
      `pg_proc x JOIN pg_namespace n ON n.oid = x.pronamespace JOIN pg_aggregate a ON a.aggfnoid = x.oid WHERE a.aggtranstype = 'internal'::regtype`,
    ],
  ];
}

const OTHERS: readonly Look[] = [
  [
    'pg_type',
    // Which only CREATE TYPE without more makes, and a base type begins with.
    "CASE WHEN x.typisdefined THEN 'base type' ELSE 'shell type' END",
    'format_type(x.oid, NULL)',
    "CASE WHEN x.typisdefined THEN 'has input and output functions' ELSE 'a name that no type was made of' END",
    `pg_type x JOIN pg_namespace n ON n.oid = x.typnamespace WHERE (x.typtype = 'b' AND x.typelem = 0 OR x.typtype = 'b' AND x.typlen > 0 OR x.typtype = 'p')`,
  ],
  [
    'pg_opclass',
    "'operator class'",
    "quote_ident(n.nspname) || '.' || quote_ident(x.opcname)",
    "'of an access method'",
    `pg_opclass x JOIN pg_namespace n ON n.oid = x.opcnamespace WHERE true`,
  ],
  [
    'pg_opfamily',
    "'operator family'",
    "quote_ident(n.nspname) || '.' || quote_ident(x.opfname)",
    "'of an access method'",
    `pg_opfamily x JOIN pg_namespace n ON n.oid = x.opfnamespace WHERE true`,
  ],
  [
    'pg_ts_parser',
    "'text search parser'",
    "quote_ident(n.nspname) || '.' || quote_ident(x.prsname)",
    "'calls functions in C'",
    `pg_ts_parser x JOIN pg_namespace n ON n.oid = x.prsnamespace WHERE true`,
  ],
  [
    'pg_ts_template',
    "'text search template'",
    "quote_ident(n.nspname) || '.' || quote_ident(x.tmplname)",
    "'calls functions in C'",
    `pg_ts_template x JOIN pg_namespace n ON n.oid = x.tmplnamespace WHERE true`,
  ],
  [
    'pg_foreign_data_wrapper',
    "'foreign data wrapper'",
    'quote_ident(x.fdwname)',
    "'outside of an extension'",
    `pg_foreign_data_wrapper x LEFT JOIN pg_namespace n ON false WHERE true`,
  ],
  [
    'pg_cast',
    "'cast'",
    "format_type(x.castsource, NULL) || ' AS ' || format_type(x.casttarget, NULL)",
    "'WITHOUT FUNCTION'",
    `pg_cast x LEFT JOIN pg_namespace n ON false WHERE x.castmethod = 'b' AND x.oid >= 16384`,
  ],
];
