import {parseRelation, type RelationName} from '../../../domain/pg/relation.ts';

/** What psql has said on standard output of a unit: the tables that are in, with their rows, and the one in hand. */
export interface CopyLog {
  readonly copied: readonly {readonly table: RelationName; readonly rows: number}[];
  /** The table whose COPY has begun and has no count yet. */
  readonly current: RelationName | null;
}

const ASIDE = '(?:pg_dump: |psql:|(?:WARNING|NOTICE|INFO|LOG|DETAIL|HINT|CONTEXT|LOCATION): )';
const NAME = '"(?:[^"]|"")*"';
/**
 * `COPY "public"."t" ("a", "b") FROM stdin;` and, once it is in, `COPY 12` on its own line. Quoted names are matched whole, so
 * that a table called `x\nCOPY 5\n` counts nothing. The list of columns may be long, or missing for a table without columns. Lines of
 * pg_dump's and psql's own may come in between: a warning that the table has OIDS, a notice of a function.
 */
const COPY = new RegExp(
  `^COPY (${NAME}\\.${NAME})(?: \\(${NAME}(?:, ${NAME})*\\))? +FROM stdin(?: WITH \\([A-Za-z, ]+\\))?;\\n(?:(?:${ASIDE}[^\\n]*\\n)*COPY (\\d+)\\n)?`,
  'gm',
);

/** Reads psql's echo (`-e`) of a data-only dump made with --quote-all-identifiers. */
export function parseCopyLog(text: string): CopyLog {
  const copied: {table: RelationName; rows: number}[] = [];
  let current: RelationName | null = null;
  for (const [, name = '', rows] of text.matchAll(COPY)) {
    const table = parseRelation(name);
    if (table === null) throw new Error(`bug: psql echoed a COPY of ${JSON.stringify(name)}`);
    if (rows === undefined) current = table;
    else copied.push({table, rows: Number(rows)});
  }
  return {copied, current};
}

/** All rows of the tables that are in. */
export function copiedRows(log: CopyLog): number {
  return log.copied.reduce((sum, {rows}) => sum + rows, 0);
}
