import {sql, type Statement} from '../session/statement.ts';
import {commentOf, roleOf, union, type Fact, type Reading} from './fact.ts';

function operator(column: string): string {
  return `CASE WHEN ${column} <> 0 THEN ${column}::regoperator::text END`;
}

const MEMBERS = `concat_ws('; ',
      (SELECT string_agg(format('OPERATOR %s %s%s', m.amopstrategy, m.amopopr::regoperator, ' FOR ORDER BY ' || (
               SELECT quote_ident(sn.nspname) || '.' || quote_ident(s.opfname) FROM pg_opfamily s JOIN pg_namespace sn ON sn.oid = s.opfnamespace WHERE s.oid = m.amopsortfamily)), ', ' ORDER BY m.amopstrategy, m.amopopr::regoperator::text COLLATE "C")
         FROM pg_amop m WHERE m.amopfamily = f.oid),
      (SELECT string_agg(format('FUNCTION %s (%s, %s) %s', m.amprocnum, format_type(m.amproclefttype, NULL), format_type(m.amprocrighttype, NULL), m.amproc::regprocedure), ', '
                ORDER BY m.amprocnum, format_type(m.amproclefttype, NULL) COLLATE "C", format_type(m.amprocrighttype, NULL) COLLATE "C")
         FROM pg_amproc m WHERE m.amprocfamily = f.oid))`;

/** How operators, their classes and families, casts and conversions are read. */
export const OPERATOR_READINGS: readonly Reading[] = [
  {
    kind: "'operator'",
    schema: 'n.nspname',
    name: 'o.oid::regoperator',
    parts: {
      owner: roleOf('o.oprowner'),
      comment: commentOf('o.oid', 'pg_operator'),
      function: 'o.oprcode::oid::regprocedure',
      commutator: operator('o.oprcom'),
      negator: operator('o.oprnegate'),
      restrict: "NULLIF(o.oprrest::text, '-')",
      join: "NULLIF(o.oprjoin::text, '-')",
      hashes: 'o.oprcanhash',
      merges: 'o.oprcanmerge',
    },
    make: `format('CREATE OPERATOR %I.%s (PROCEDURE = %s%s%s)', n.nspname, o.oprname, o.oprcode,
             CASE WHEN o.oprleft <> 0 THEN ', LEFTARG = ' || format_type(o.oprleft, NULL) END,
             CASE WHEN o.oprright <> 0 THEN ', RIGHTARG = ' || format_type(o.oprright, NULL) END)`,
    from: 'pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE o.oprcode::oid <> 0',
    object: ['pg_operator', 'o.oid'],
  },
  {
    kind: "'operator class'",
    schema: 'n.nspname',
    name: "quote_ident(n.nspname) || '.' || quote_ident(o.opcname) || ' USING ' || quote_ident(m.amname)",
    parts: {
      owner: roleOf('o.opcowner'),
      comment: commentOf('o.oid', 'pg_opclass'),
      type: 'format_type(o.opcintype, NULL)',
      stores: 'CASE WHEN o.opckeytype <> 0 THEN format_type(o.opckeytype, NULL) END',
      'is the default': "CASE WHEN o.opcdefault THEN 'yes' ELSE 'no' END",
      family:
        "(SELECT quote_ident(fn.nspname) || '.' || quote_ident(f.opfname) FROM pg_opfamily f JOIN pg_namespace fn ON fn.oid = f.opfnamespace WHERE f.oid = o.opcfamily)",
    },
    from: 'pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace JOIN pg_am m ON m.oid = o.opcmethod WHERE true',
    object: ['pg_opclass', 'o.oid'],
  },
  {
    kind: "'operator family'",
    schema: 'n.nspname',
    name: "quote_ident(n.nspname) || '.' || quote_ident(f.opfname) || ' USING ' || quote_ident(m.amname)",
    parts: {owner: roleOf('f.opfowner'), comment: commentOf('f.oid', 'pg_opfamily'), members: MEMBERS},
    from: 'pg_opfamily f JOIN pg_namespace n ON n.oid = f.opfnamespace JOIN pg_am m ON m.oid = f.opfmethod WHERE true',
    object: ['pg_opfamily', 'f.oid'],
  },
  {
    kind: "'cast'",
    schema: 'NULL',
    name: "format('(%s AS %s)', format_type(k.castsource, NULL), format_type(k.casttarget, NULL))",
    parts: {
      comment: commentOf('k.oid', 'pg_cast'),
      context: "CASE k.castcontext WHEN 'i' THEN 'AS IMPLICIT' WHEN 'a' THEN 'AS ASSIGNMENT' ELSE 'EXPLICIT' END",
      method:
        "CASE k.castmethod WHEN 'f' THEN 'WITH FUNCTION ' || k.castfunc::regprocedure WHEN 'i' THEN 'WITH INOUT' ELSE 'WITHOUT FUNCTION' END",
    },
    make: `format('CREATE CAST (%s AS %s) %s%s', format_type(k.castsource, NULL), format_type(k.casttarget, NULL),
             CASE k.castmethod WHEN 'f' THEN 'WITH FUNCTION ' || k.castfunc::regprocedure WHEN 'i' THEN 'WITH INOUT' ELSE 'WITHOUT FUNCTION' END,
             CASE k.castcontext WHEN 'i' THEN ' AS IMPLICIT' WHEN 'a' THEN ' AS ASSIGNMENT' END)`,
    // What the server itself has is below, and which release has which casts differs; from 14 on a range type brings one to its multirange.
    from: `pg_cast k WHERE k.oid >= 16384
       AND NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_cast'::regclass AND i.objid = k.oid AND i.deptype = 'i')`,
    object: ['pg_cast', 'k.oid'],
  },
  {
    kind: "'conversion'",
    schema: 'n.nspname',
    name: "quote_ident(n.nspname) || '.' || quote_ident(v.conname)",
    parts: {
      owner: roleOf('v.conowner'),
      comment: commentOf('v.oid', 'pg_conversion'),
      converts:
        "format('FOR %L TO %L FROM %s', pg_encoding_to_char(v.conforencoding), pg_encoding_to_char(v.contoencoding), v.conproc)",
      'is the default': "CASE WHEN v.condefault THEN 'yes' ELSE 'no' END",
    },
    make: `format('CREATE %sCONVERSION %I.%I FOR %L TO %L FROM %s', CASE WHEN v.condefault THEN 'DEFAULT ' END, n.nspname, v.conname, pg_encoding_to_char(v.conforencoding), pg_encoding_to_char(v.contoencoding), v.conproc)`,
    from: 'pg_conversion v JOIN pg_namespace n ON n.oid = v.connamespace WHERE true',
    object: ['pg_conversion', 'v.oid'],
  },
];

/** Operators, their classes and families, casts and conversions that somebody made. */
export function readOperatorFacts(): Statement<Fact> {
  return sql(union(OPERATOR_READINGS));
}
