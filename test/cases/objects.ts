import {execFile} from 'node:child_process';
import {join} from 'node:path';
import type {LabServer} from '../../src/lab/cluster/lab-server.ts';
import type {Difference} from './contents.ts';

/** An object, or something of it, as pg_dump writes it. */
interface DumpedObject {
  readonly type: string;
  readonly schema: string;
  /** `t`, `t t_pkey`, `COLUMN t.x`. */
  readonly name: string;
  readonly text: string;
}

/** Every object by what it is: `TABLE public t`. */
export type Objects = ReadonlyMap<string, DumpedObject>;

/** What decides how a schema is dumped. */
export interface DumpOptions {
  /** Folder of the one pg_dump (and psql) for both sides. */
  readonly tools: string;
  /** Where a finding has said that tablespaces are left behind. */
  readonly withoutTablespaces: boolean;
}

/** The database's schema as `pg_dump -s` has it, block by block. */
export async function readObjects(server: LabServer, options: DumpOptions, database = 'app'): Promise<Objects> {
  return parseDump(await dump(server, options, database));
}

/**
 * The source's schema as the target's release writes it: a plain `pg_dump -s | psql` into a database beside the target's, dumped again. With
 * what psql said of statements that failed.
 */
export async function readObjectsAsTarget(
  {source, target}: {source: LabServer; target: LabServer},
  options: DumpOptions,
): Promise<{objects: Objects; refused: string[]}> {
  const [[encoding = 'UTF8'] = []] = await source.sql("SELECT current_setting('server_encoding')");
  await target.sql(`DROP DATABASE IF EXISTS scratch`, 'postgres');
  await target.sql(`CREATE DATABASE scratch ENCODING '${encoding}' TEMPLATE template0`, 'postgres');
  try {
    const text = await dump(source, options, 'app');
    const refused = await restore(target, options, text);
    return {objects: await readObjects(target, options, 'scratch'), refused};
  } finally {
    // A subscription that the dump brought keeps its database.
    await target.sql(
      `DO $$ DECLARE sub name; BEGIN
         FOR sub IN SELECT subname FROM pg_subscription WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = 'scratch')
         LOOP EXECUTE format('ALTER SUBSCRIPTION %I SET (slot_name = NONE)', sub); EXECUTE format('DROP SUBSCRIPTION %I', sub); END LOOP; END $$`,
      'scratch',
    );
    await target.sql('DROP DATABASE scratch', 'postgres');
  }
}

/** Where the target's objects are not the source's. Pure. */
export function compareObjects(source: Objects, target: Objects): Difference[] {
  const differs = [...source].flatMap(([key, object]): Difference[] => {
    const there = target.get(key);
    if (there?.text === object.text) return [];
    const names = namesOf(object);
    if (there === undefined) return [{what: `${key} is not on the target`, names}];
    const [line = 'nothing', other = 'nothing'] = [firstOwnLine(object, there), firstOwnLine(there, object)];
    return [{what: `${key}: ${line} on the source, ${other} on the target`, names}];
  });
  const more = [...target].filter(([key]) => !source.has(key));
  return [...differs, ...more.map(([key, object]) => ({what: `${key} is on the target only`, names: namesOf(object)}))];
}

function firstOwnLine(one: DumpedObject, other: DumpedObject): string | undefined {
  const lines = new Set(other.text.split('\n'));
  return one.text.split('\n').find((line) => !lines.has(line));
}

/** `t t_pkey` of public may be called public.t, public.t_pkey and t_pkey. */
function namesOf({type, schema, name}: DumpedObject): string[] {
  const words = name.replaceAll('"', '').split(/[ .(]/);
  // Whose table it is says nothing of a publication; of a constraint, the table is another thing.
  const publication = type.startsWith('PUBLICATION') ? words.slice(0, 1) : [];
  return [...new Set([...words.map((word) => `${schema}.${word}`), ...words.slice(-1), ...publication, name])];
}

/** `-- Name: t; Type: TABLE; Schema: public; Owner: app`, between two lines of dashes. */
const HEADER = /^--\n-- Name: (.*); Type: (.*?); Schema: (.*?); Owner: ?(.*?)(?:; Tablespace: (.*))?\n--\n/gm;

/** Cuts a dump into its blocks, what is nobody's or ours left out, what is the superuser's given to Longhaul's role. Pure. */
export function parseDump(text: string): Objects {
  const objects = new Map<string, DumpedObject>();
  const heads = [...text.matchAll(HEADER)];
  for (const [
    index,
    {0: head, 1: name = '', 2: type = '', 3: schema = '', 5: tablespace, index: at},
  ] of heads.entries()) {
    if (
      schema.startsWith('pglogical') ||
      /^(?:(?:EXTENSION|SCHEMA) )?"?pglogical/.test(name) ||
      (type === 'SCHEMA' && name === 'public')
    )
      continue;
    const body = text.slice(at + head.length, heads[index + 1]?.index ?? text.length);
    const lines = [...normalise(body, type), ...(tablespace === undefined ? [] : [`in tablespace ${tablespace}`])];
    if (lines.length === 0) continue;
    const key = `${type} ${schema} ${name.replaceAll('postgres', 'longhaul')}`;
    const before = objects.get(key)?.text;
    objects.set(key, {type, schema, name, text: [...(before === undefined ? [] : [before]), ...lines].join('\n')});
  }
  return objects;
}

/** Statements that only set the session, that a new database has, or that give something to Longhaul's role. */
const NOISE =
  /^(?:SET (?:default_|SESSION AUTHORIZATION)|RESET SESSION AUTHORIZATION|SELECT pg_catalog\.set_config\('search_path'|\\(?:un)?restrict |--(?: PostgreSQL database dump complete)?$|GRANT .* TO "?longhaul"?(?: WITH GRANT OPTION)?;$|REVOKE .* FROM "?longhaul"?;$|COMMENT ON SCHEMA "?public"? IS 'standard public schema')/;

function normalise(body: string, type: string): string[] {
  const lines = body
    .split('\n')
    .map((line) =>
      /(?:OWNER TO|ROLE|GRANT|REVOKE)/.test(line) ? line.replaceAll(/"?\bpostgres\b"?/g, '"longhaul"') : line,
    )
    .filter((line) => line !== '' && !NOISE.test(line));
  // Rights stand in the order in which they were given.
  return type === 'ACL' || type === 'DEFAULT ACL' ? lines.toSorted() : lines;
}

async function dump(server: LabServer, {tools, withoutTablespaces}: DumpOptions, database: string): Promise<string> {
  const encoding = await encodingOf(server);
  const args = ['-s', '--quote-all-identifiers', ...(withoutTablespaces ? ['--no-tablespaces'] : [])];
  // On the target schema longhaul is the ledger's; on the source a finding refuses it.
  const left = ['pglogical', 'pglogical_origin', 'longhaul'].flatMap((schema) => ['-N', schema]);
  const {stdout} = await run(
    join(tools, 'pg_dump'),
    [...args, ...left, ...(encoding === 'SQL_ASCII' ? [] : ['-E', 'UTF8']), '-d', conninfoOf(server, database)],
    {encoding},
  );
  return stdout;
}

async function restore(server: LabServer, {tools}: DumpOptions, text: string): Promise<string[]> {
  const encoding = await encodingOf(server);
  const args = ['-Xq', '-d', conninfoOf(server, 'scratch'), '-o', '/dev/null', '-f', '-'];
  const {stderr} = await run(join(tools, 'psql'), args, {encoding, input: text});
  return stderr.split('\n').filter((line) => line.includes('ERROR:'));
}

async function encodingOf(server: LabServer): Promise<string> {
  const [[encoding = ''] = []] = await server.sql("SELECT current_setting('server_encoding')");
  return encoding;
}

function conninfoOf(server: LabServer, database: string): string {
  return server.conninfo.replace(/dbname='[^']*'/, `dbname='${database}'`);
}

/** In SQL_ASCII bytes are no characters: latin1 keeps each of them. */
async function run(
  program: string,
  args: readonly string[],
  {encoding, input = ''}: {encoding: string; input?: string},
): Promise<{stdout: string; stderr: string}> {
  return new Promise((resolve, reject) => {
    const as = encoding === 'SQL_ASCII' ? 'latin1' : 'utf8';
    const env = {PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8'};
    const child = execFile(
      program,
      args,
      {env, encoding: as, maxBuffer: 512 * 1024 * 1024},
      (error, stdout, stderr) => {
        if (error === null || program.endsWith('psql')) resolve({stdout, stderr});
        else reject(new Error(`${program}: ${stderr.trim()}`));
      },
    );
    child.stdin?.end(Buffer.from(input, as));
  });
}
