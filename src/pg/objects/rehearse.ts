import {sql} from '../session/statement.ts';
import type {Rehearsal} from '../session/as-here.ts';
import type {Fact} from './fact.ts';

// As in as-here.ts: what reads otherwise is made here out of the source's words, on an empty copy that is rolled back, and read again.

const COPY = 'longhaul_as_here';
const TEMP = `pg_temp.${COPY}`;

/** How the source's words for a part of an object are tried; null where nothing can be made of them. */
export function rehearsePart(part: string, fact: Fact): Rehearsal | null {
  const value = fact.parts[part] ?? null;
  if (value === null) return null;
  switch (`${fact.kind} ${part}`) {
    case 'view definition':
    case 'materialized view definition':
      return {
        statements: [sql(`CREATE TEMPORARY VIEW ${COPY} AS ${value}`)],
        ask: sql(`SELECT pg_get_viewdef('${TEMP}'::regclass) AS "detail"`),
      };
    case 'column default':
      return defaultOf(fact, value);
    case 'column generated':
      return generatedOf(fact, value);
    case 'domain default':
      return {
        statements: [sql(`CREATE DOMAIN ${TEMP} AS ${fact.parts['type']} DEFAULT ${value}`)],
        ask: sql(`SELECT pg_get_expr(typdefaultbin, 0) AS "detail" FROM pg_type WHERE oid = '${TEMP}'::regtype`),
      };
    case 'domain constraint definition':
      return {
        statements: [sql(`CREATE DOMAIN ${TEMP} AS ${fact.parts['type']} CONSTRAINT ${COPY} ${value}`)],
        ask: sql(
          `SELECT pg_get_constraintdef(oid) AS "detail" FROM pg_constraint WHERE contypid = '${TEMP}'::regtype AND conname = '${COPY}'`,
        ),
      };
    case 'policy using':
    case 'policy check':
      return policyOf(part, fact, value);
    case 'rule definition':
      return ruleOf(fact, value);
    default:
      return null;
  }
}

const LAST = /\.((?:"(?:[^"]|"")*"|[^."]*))$/;
const ON = / ON ((?:"(?:[^"]|"")*"|[^"\s])+)$/;

function copyOf(table: string, name = COPY): ReturnType<typeof sql> {
  return sql(`CREATE TEMPORARY TABLE ${name} (LIKE ${table})`);
}

function expressionOf(): Rehearsal['ask'] {
  return sql(
    `SELECT pg_get_expr(f.adbin, f.adrelid) AS "detail" FROM pg_attrdef f WHERE f.adrelid = '${TEMP}'::regclass`,
  );
}

function defaultOf({name}: Fact, value: string): Rehearsal {
  const column = LAST.exec(name)?.[1] ?? '';
  return {
    statements: [
      copyOf(name.replace(LAST, '')),
      sql(`ALTER TABLE ${TEMP} ALTER COLUMN ${column} SET DEFAULT ${value}`),
    ],
    ask: expressionOf(),
  };
}

/** `s (a + b)`: how it is kept, and the expression. */
function generatedOf({name, parts}: Fact, value: string): Rehearsal {
  const column = LAST.exec(name)?.[1] ?? '';
  const made = `${column} ${parts['type']} GENERATED ALWAYS AS (${value.slice(2)}) ${value.startsWith('s') ? 'STORED' : 'VIRTUAL'}`;
  return {
    statements: [
      copyOf(name.replace(LAST, '')),
      sql(`ALTER TABLE ${TEMP} DROP COLUMN ${column}`),
      sql(`ALTER TABLE ${TEMP} ADD COLUMN ${made}`),
    ],
    ask: sql(
      `SELECT a.attgenerated::text || ' ' || pg_get_expr(f.adbin, f.adrelid) AS "detail"
         FROM pg_attrdef f JOIN pg_attribute a ON a.attrelid = f.adrelid AND a.attnum = f.adnum WHERE f.adrelid = '${TEMP}'::regclass`,
    ),
  };
}

function policyOf(part: string, {name, parts}: Fact, value: string): Rehearsal {
  const using = part === 'using';
  const made = `CREATE POLICY ${COPY} ON ${TEMP} FOR ${using && parts['command'] !== 'INSERT' ? 'ALL' : 'INSERT'} ${using ? 'USING' : 'WITH CHECK'} (${value})`;
  return {
    statements: [copyOf(ON.exec(name)?.[1] ?? ''), sql(made)],
    ask: sql(
      `SELECT pg_get_expr(${using ? 'polqual' : 'polwithcheck'}, polrelid) AS "detail" FROM pg_policy WHERE polrelid = '${TEMP}'::regclass`,
    ),
  };
}

/** A rule is on the table of its name in a schema that comes first, so that the words need no change but that one. */
function ruleOf({name}: Fact, value: string): Rehearsal {
  const table = ON.exec(name)?.[1] ?? '';
  const own = LAST.exec(table)?.[1] ?? table;
  const copy = `pg_temp.${own}`;
  return {
    statements: [copyOf(table, own), sql(value.replace(` TO ${table}`, () => ` TO ${copy}`))],
    ask: sql(
      `SELECT regexp_replace(pg_get_ruledef(r.oid), ' TO pg_temp(_[0-9]+)?[.]', ' TO ' || $2) AS "detail" FROM pg_rewrite r WHERE r.ev_class = $1::regclass`,
      [copy, table.slice(0, table.length - own.length)],
    ),
  };
}
