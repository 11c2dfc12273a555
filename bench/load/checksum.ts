import type {LabServer} from '../../src/lab/cluster/lab-server.ts';
import type {TableFingerprint} from '../../src/lab/fingerprint.ts';

/** A table of more pages is read by both sessions, half by each. */
const HALVED = 1000;
/** So many are asked for in one statement. */
const AT_ONCE = 200;

/** Tables with rows of their own. */
const TABLES = `SELECT format('%I.%I', n.nspname, c.relname), pg_relation_size(c.oid) / 8192
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND n.nspname = 'public' ORDER BY 2 DESC, 1`;

/** From 13 on, and for tables whose columns stand in one order on both sides: a fifth of what fingerprintDatabase() takes, which knows no such limits. */
const SETTINGS = `SET datestyle = 'ISO'; SET timezone = 'UTC'; SET extra_float_digits = 3; SET jit = off;
  SET max_parallel_workers_per_gather = 0; SET enable_indexscan = off; SET enable_bitmapscan = off;\n`;

interface Piece {
  readonly table: string;
  readonly where: string;
}

/** Rows and checksum of every table of `public`, sorted by name, by two sessions beside each other: the sum of 64 bits of each row's text. */
export async function checksumDatabase(server: LabServer): Promise<TableFingerprint[]> {
  const tables = await server.sql(TABLES);
  const pieces = tables.flatMap(([table = '', pages = '0']): Piece[] => {
    const half = Math.ceil(Number(pages) / 2);
    const halves = [`WHERE ctid < '(${half},0)'`, `WHERE ctid >= '(${half},0)'`];
    return Number(pages) > HALVED ? halves.map((where) => ({table, where})) : [{table, where: ''}];
  });
  const sessions = [0, 1].map((session) => pieces.filter((_, at) => at % 2 === session));
  const read = (await Promise.all(sessions.map(async (some) => sums(server, some)))).flat();
  const sum = (name: string, of: (row: readonly string[]) => string | undefined): bigint =>
    (byTable.get(name) ?? []).reduce((total, row) => total + BigInt(of(row) ?? 0), 0n);
  const byTable = Map.groupBy(read, ([table = '']) => table);
  return [...byTable.keys()].toSorted().map((table) => ({
    table,
    rows: Number(sum(table, ([, rows]) => rows)),
    checksum: String(sum(table, ([, , checksum]) => checksum)),
  }));
}

async function sums(server: LabServer, pieces: readonly Piece[]): Promise<string[][]> {
  const rows: string[][] = [];
  for (let from = 0; from < pieces.length; from += AT_ONCE) {
    const some = pieces.slice(from, from + AT_ONCE).map(sumOf);
    rows.push(...(await server.sql(`${SETTINGS}${some.join('\nUNION ALL\n')}`)));
  }
  return rows;
}

function sumOf({table, where}: Piece): string {
  return `SELECT $t$${table}$t$, count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM ONLY ${table} AS t ${where}`;
}
