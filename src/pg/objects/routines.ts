import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';
import {commentOf, factsOf, listOf, roleOf, type Fact, type Reading} from './fact.ts';

const FROM = `pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
        LEFT JOIN pg_aggregate g ON g.aggfnoid = p.oid`;
const ROW = 'row_to_json(p)';

/** A regproc or regoper of a column, null for none. */
function named(column: string, type: string): string {
  return `CASE WHEN ${column}::oid <> 0 THEN ${column}::oid::${type}::text END`;
}

/** A function of an aggregate that came with a later release, null for none. */
function ofAggregate(column: string): string {
  return `NULLIF(row_to_json(g) ->> '${column}', '-')`;
}

/** Whether a final function modifies the state. */
function modifies(column: string): string {
  return `coalesce(row_to_json(g) ->> '${column}', CASE g.aggkind WHEN 'n' THEN 'r' ELSE 's' END)`;
}

/** Functions, procedures and aggregates, but for those that a type brings with it. */
export function readRoutineFacts(version: ServerVersion): Statement<Fact> {
  return sql(factsOf(routineReading(version)));
}

/** How they are read. Pure. */
export function routineReading(version: ServerVersion): Reading {
  return {
    kind: pick('routineKind', version),
    schema: 'n.nspname',
    name: 'p.oid::regprocedure',
    parts: {
      owner: roleOf('p.proowner'),
      comment: commentOf('p.oid', 'pg_proc'),
      language: 'l.lanname',
      arguments: 'pg_get_function_arguments(p.oid)',
      returns: 'pg_get_function_result(p.oid)',
      body: `CASE WHEN g.aggfnoid IS NULL THEN ${pick('routineBody', version)} END`,
      library: 'p.probin',
      volatility: "CASE p.provolatile WHEN 'i' THEN 'IMMUTABLE' WHEN 's' THEN 'STABLE' ELSE 'VOLATILE' END",
      null: "CASE WHEN p.proisstrict THEN 'STRICT' ELSE 'CALLED ON NULL INPUT' END",
      security: "CASE WHEN p.prosecdef THEN 'SECURITY DEFINER' ELSE 'SECURITY INVOKER' END",
      leakproof: "CASE WHEN p.proleakproof THEN 'LEAKPROOF' ELSE 'NOT LEAKPROOF' END",
      // Before 9.6 there is none, which is UNSAFE.
      parallel: `CASE ${ROW} ->> 'proparallel' WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' ELSE 'UNSAFE' END`,
      cost: 'p.procost',
      rows: 'p.prorows',
      settings: listOf('p.proconfig'),
      support: `NULLIF(${ROW} ->> 'prosupport', '-')`,
      'state function': named('g.aggtransfn', 'regprocedure'),
      'final function': named('g.aggfinalfn', 'regprocedure'),
      'state type': 'format_type(g.aggtranstype, NULL)',
      'first state': 'g.agginitval',
      'sort operator': named('g.aggsortop', 'regoperator'),
      'moving state function': named('g.aggmtransfn', 'regprocedure'),
      'combine function': ofAggregate('aggcombinefn'),
      'serial functions': `NULLIF(concat_ws(' ', ${ofAggregate('aggserialfn')}, ${ofAggregate('aggdeserialfn')}), '')`,
      'inverse state function': named('g.aggminvtransfn', 'regprocedure'),
      'moving final function': named('g.aggmfinalfn', 'regprocedure'),
      'moving state type': 'CASE WHEN g.aggmtranstype <> 0 THEN format_type(g.aggmtranstype, NULL) END',
      'first moving state': 'g.aggminitval',
      'state size':
        "NULLIF(concat_ws(' ', NULLIF(g.aggtransspace, 0), 'moving ' || NULLIF(g.aggmtransspace, 0)::text), '')",
      'extra arguments': `NULLIF(concat_ws(', ', CASE WHEN g.aggfinalextra THEN 'final' END, CASE WHEN g.aggmfinalextra THEN 'moving' END), '')`,
      // Before 11 nobody could say it, and it is as an aggregate of its kind has it.
      modifies: `CASE WHEN g.aggfnoid IS NOT NULL THEN concat_ws(' ', ${modifies('aggfinalmodify')}, ${modifies('aggmfinalmodify')}) END`,
      ordered: "NULLIF(g.aggkind::text, 'n')",
    },
    make: `CASE WHEN g.aggfnoid IS NULL THEN pg_get_functiondef(p.oid)
      WHEN g.aggkind = 'n' THEN format('CREATE AGGREGATE %I.%I (%s) (SFUNC = %s, STYPE = %s%s%s)', n.nspname, p.proname, pg_get_function_arguments(p.oid),
             g.aggtransfn, format_type(g.aggtranstype, NULL), CASE WHEN g.aggfinalfn::oid <> 0 THEN ', FINALFUNC = ' || g.aggfinalfn END,
             ', INITCOND = ' || quote_literal(g.agginitval)) END`,
    from: `${FROM} WHERE NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_proc'::regclass AND i.objid = p.oid AND i.deptype = 'i')`,
    object: ['pg_proc', 'p.oid'],
  };
}
