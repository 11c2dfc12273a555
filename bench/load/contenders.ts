import {execFile} from 'node:child_process';
import {existsSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {findClientBin} from '../../src/lab/cluster/server-programs.ts';
import type {Lab} from '../../src/lab/lab.ts';
import {tcpConninfo} from '../by-tcp.ts';
import type {Shape} from './data.ts';

/** What counts of a load, where that is not all that it took. */
export interface Counted {
  readonly seconds: number;
  readonly cpu: number;
  /** Of this, each server's. */
  readonly servers: ReadonlyMap<string, number>;
}

/** A way to load, on an empty target, from schema to ANALYZE; throws when it fails. */
export interface Contender {
  readonly name: string;
  /** Why it cannot be tried here; null where it can. */
  readonly missing: string | null;
  /** Does it; gives what counts, null for all that it took. */
  readonly run: (lab: Lab) => Promise<Counted | null>;
}

const call = promisify(execFile);

/** Runs a script of the shell with the programs of the lab's target first; `letInByTcp` was called before. */
export async function shell(lab: Lab, script: string): Promise<string> {
  const bin = await findClientBin(lab.target.bin, 'pg_dump');
  const env = {
    ...process.env,
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    FROM: tcpConninfo(lab.replica),
    PRIMARY: tcpConninfo(lab.source),
    TO: tcpConninfo(lab.target),
  };
  // pipefail, so that a dump that fails is not taken for one that was quick.
  const {stdout} = await call('bash', ['-euo', 'pipefail', '-c', script], {env, maxBuffer: 64 * 1024 * 1024});
  return stdout;
}

/** The five largest tables get a pipeline each, the rest one: as the article has it, without its unique indexes beside the keys. */
const WRITTEN_WAY = `
  pg_dump -s -d "$FROM" | psql -Xqo /dev/null -d "$TO"
  tables=$(psql -XAtd "$FROM" -c "SELECT format('%I.%I', schemaname, relname) FROM pg_stat_user_tables ORDER BY pg_total_relation_size(relid) DESC LIMIT 5")
  pids=; without=
  for table in $tables; do
    (pg_dump -a -t "$table" -d "$FROM" | psql -Xqo /dev/null -v ON_ERROR_STOP=1 -d "$TO") & pids="$pids $!"
    without="$without -T $table"
  done
  (pg_dump -a $without -d "$FROM" | psql -Xqo /dev/null -v ON_ERROR_STOP=1 -d "$TO") & pids="$pids $!"
  for pid in $pids; do wait $pid; done`;

const DIRECTORY = `
  folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
  pg_dump -Fd -j 4 -Z 0 -f "$folder/dump" -d "$FROM"
  pg_restore -j 4 --no-owner -d "$TO" "$folder/dump"
  psql -Xqc ANALYZE -d "$TO"`;

/** One pipe for the largest table alone. */
const ONE_PIPE = `
  pg_dump --section=pre-data -d "$FROM" | psql -Xqo /dev/null -d "$TO"
  pg_dump --section=data -d "$FROM" | psql -Xqo /dev/null -v ON_ERROR_STOP=1 -d "$TO"
  pg_dump --section=post-data -d "$FROM" | psql -Xqo /dev/null -v ON_ERROR_STOP=1 -d "$TO"`;

const TWO_RANGES = `
  pg_dump --section=pre-data -d "$FROM" | psql -Xqo /dev/null -d "$TO"
  half=$(psql -XAtd "$FROM" -c "SELECT pg_relation_size('public.largest') / 8192 / 2")
  copy() { psql -Xqd "$FROM" -c "COPY (SELECT * FROM public.largest WHERE $1) TO STDOUT (FORMAT binary)" | psql -Xqd "$TO" -c 'COPY public.largest FROM STDIN (FORMAT binary)'; }
  copy "ctid < '($half,0)'" & first=$!
  copy "ctid >= '($half,0)'" & second=$!
  wait $first; wait $second
  pg_dump --section=post-data -d "$FROM" | psql -Xqo /dev/null -v ON_ERROR_STOP=1 -d "$TO"`;

function byShell(name: string, script: string, missing: string | null = null): Contender {
  return {name, missing, run: async (lab) => (await shell(lab, script), null)};
}

/** pgcopydb with what suits it best on two cores; \`PGCOPYDB=\` names the program. */
function pgcopydb(program: string): Contender {
  return {
    name: 'pgcopydb',
    missing: existsSync(program) ? null : 'PGCOPYDB= names no program',
    run: async (lab) => {
      const folder = mkdtempSync(join(tmpdir(), 'lh-pgcopydb-'));
      const options =
        '--table-jobs 2 --index-jobs 2 --split-tables-larger-than 200MB --use-copy-binary --no-acl --no-owner --skip-extensions --not-consistent';
      try {
        await shell(
          lab,
          `"${program}" clone --dir "${folder}/work" --source "$PRIMARY" --target "$TO" ${options} > "${folder}/log" 2>&1 || { tail -n 20 "${folder}/log" >&2; exit 1; }`,
        );
      } finally {
        rmSync(folder, {recursive: true, force: true});
      }
      return null;
    },
  };
}

/** Binary COPY of whole tables with FREEZE, the largest first, two at a time, and two builders beside them: nothing is proved, watched or resumed. */
function floor(): Contender {
  return {
    name: 'floor',
    missing: null,
    run: async (lab) => {
      const folder = mkdtempSync(join(tmpdir(), 'lh-floor-'));
      const script = join(folder, 'floor.sh');
      writeFileSync(script, FLOOR);
      try {
        await shell(lab, `bash "${script}" "${folder}"`);
      } finally {
        rmSync(folder, {recursive: true, force: true});
      }
      return null;
    },
  };
}

const FLOOR = `set -euo pipefail
folder=$1
pg_dump -s --section=pre-data -d "$FROM" | psql -Xqo /dev/null -d "$TO"
psql -XAtd "$FROM" -c "SELECT format('%I.%I', schemaname, relname) FROM pg_stat_user_tables ORDER BY pg_total_relation_size(relid) DESC" > "$folder/tables"
build() {
  psql -XAtd "$FROM" -c "SELECT CASE WHEN con.oid IS NULL THEN pg_get_indexdef(i.indexrelid) ELSE format('ALTER TABLE %s ADD CONSTRAINT %I %s', i.indrelid::regclass, con.conname, pg_get_constraintdef(con.oid)) END FROM pg_index i LEFT JOIN pg_constraint con ON con.conindid = i.indexrelid AND con.contype IN ('p','u') WHERE i.indrelid = '$1'::regclass ORDER BY pg_relation_size(i.indexrelid) DESC" > "$folder/$1.sql"
  { echo "SET max_parallel_maintenance_workers = 1;"; sed 's/$/;/' "$folder/$1.sql"; echo "ANALYZE $1;"; } | psql -Xqo /dev/null -v ON_ERROR_STOP=1 -d "$TO"
}
one() {
  psql -Xqd "$FROM" -c "COPY $1 TO STDOUT (FORMAT binary)" |
    psql -Xqd "$TO" -v ON_ERROR_STOP=1 -c BEGIN -c "TRUNCATE $1" -c "COPY $1 FROM STDIN (FORMAT binary, FREEZE)" -c COMMIT
  echo "$1" >&9
}
export -f build one; export folder
mkfifo "$folder/done"; exec 9<>"$folder/done"
xargs -P 2 -I{} bash -euo pipefail -c 'one {}' < "$folder/tables" & copies=$!
head -n "$(wc -l < "$folder/tables")" <&9 | xargs -P 2 -I{} bash -euo pipefail -c 'build {}'
wait $copies
`;

/** Everything that Longhaul is measured against, in the order in which a round runs it. */
export function othersOf(shape: Shape): Contender[] {
  const program = process.env['PGCOPYDB'] ?? '/usr/bin/pgcopydb';
  if (shape === 'many units') return [];
  if (shape === 'many tables') return [pgcopydb(program)];
  return shape === 'database'
    ? [byShell('the written way', WRITTEN_WAY), byShell('pg_dump -Fd -j', DIRECTORY), pgcopydb(program), floor()]
    : [byShell('pg_dump | psql', ONE_PIPE), byShell('two binary ranges', TWO_RANGES)];
}
