import type {LabServer} from '../../src/lab/cluster/lab-server.ts';
import type {Contents} from './contents.ts';

/** Objects as the catalogs have them: for a target that no pg_dump of this machine is new enough for. Texts that a release writes otherwise are left out. */
export async function readCatalog(server: LabServer): Promise<Contents> {
  const rows = await server.sql(
    `SET client_encoding = 'UTF8'; SET search_path = '';\n${LOOKS.map(lookInSql).join('\nUNION ALL\n')}`,
  );
  return new Map(
    rows.map(([kind = '', schema = '', name = '', value = '']) => [
      `${kind} ${schema}.${name}`,
      {value, names: [`${schema}.${name}`, `${schema}.${name.split(' ')[0] ?? ''}`, name.split(' ').at(-1) ?? '']},
    ]),
  );
}

type Look = readonly [kind: string, name: string, value: string, from: string];

const CLASS = 'pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace';
const OWNER = `CASE pg_get_userbyid(c.relowner) WHEN 'postgres' THEN 'longhaul' ELSE pg_get_userbyid(c.relowner) END`;

const LOOKS: readonly Look[] = [
  [
    'relation',
    'c.relname',
    `c.relkind::text || ' ' || ${OWNER} || ' ' || c.relispopulated || c.relrowsecurity || c.relforcerowsecurity || c.relreplident::text || coalesce(c.reloptions::text, '')`,
    `${CLASS} WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')`,
  ],
  [
    'column',
    "c.relname || ' ' || a.attname",
    `format_type(a.atttypid, a.atttypmod) || a.attnotnull || a.atthasdef || a.attstorage::text`,
    `pg_attribute a JOIN ${CLASS} ON c.oid = a.attrelid WHERE c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped`,
  ],
  [
    'index',
    "c.relname || ' ' || x.relname",
    `pg_get_indexdef(i.indexrelid) || i.indisvalid || i.indisclustered || i.indisreplident`,
    `pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN ${CLASS} ON c.oid = i.indrelid WHERE i.indisvalid`,
  ],
  [
    'constraint',
    "c.relname || ' ' || o.conname",
    `pg_get_constraintdef(o.oid) || o.convalidated`,
    `pg_constraint o JOIN ${CLASS} ON c.oid = o.conrelid WHERE o.contype NOT IN ('n', 't')`,
  ],
  [
    'trigger',
    "c.relname || ' ' || t.tgname",
    `t.tgenabled::text || t.tgtype`,
    `pg_trigger t JOIN ${CLASS} ON c.oid = t.tgrelid WHERE NOT t.tgisinternal`,
  ],
  [
    'policy',
    "c.relname || ' ' || p.polname",
    `p.polcmd::text || coalesce(pg_get_expr(p.polqual, p.polrelid), '')`,
    `pg_policy p JOIN ${CLASS} ON c.oid = p.polrelid WHERE true`,
  ],
  [
    'routine',
    'p.oid::regprocedure::text',
    'md5(p.prosrc) || p.provolatile::text',
    `pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i'))`,
  ],
  [
    'type',
    't.typname',
    "t.typtype::text || coalesce((SELECT string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid), '')",
    `pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype IN ('d', 'e', 'r')`,
  ],
];

function lookInSql([kind, name, value, from]: Look): string {
  return `SELECT '${kind}', n.nspname::text, (${name})::text, (${value})::text FROM ${from} AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pglogical', 'pglogical_origin', 'longhaul')`;
}
