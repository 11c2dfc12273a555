import {execFile} from 'node:child_process';
import {chmod, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fenceLine, type Boundary} from '../../src/domain/pg/boundary.ts';
import {parseLsn} from '../../src/domain/pg/lsn.ts';
import {writeLaneFolder} from '../../src/engine/load/host/lane-folder.ts';
import {laneFiles, type LanePlan} from '../../src/engine/load/pipeline/lane-files.ts';
import {pipelineNamed} from '../../src/engine/load/pipeline/pipelines.ts';
import type {Tool} from '../../src/engine/tools/tools.ts';
import {ALL_TABLES} from '../engine/plan/inventory.ts';

const LANE = join(import.meta.dirname, '../../libexec/lane.sh');

/** psql in the place of both sides: the fence's session answers from `answers` and runs what comes behind \!, the loading one keeps what it is sent. */
const PSQL = `#!/bin/sh
case " $* " in
  *" -f fence.sql "*)
    asked=0
    while IFS= read -r line; do
      case $line in
        'SELECT concat_ws'*) asked=$((asked + 1)); answer=$(sed -n "\${asked}p" answers)
          [ "$answer" != gone ] || { echo 'psql:fence.sql: server closed the connection unexpectedly' >&2; exit 2; }
          printf '%s\\n' "$answer" ;;
        'SELECT 1 / '*) [ "$answer" = "$(head -n 1 fence.expected)" ] || { echo 'ERROR:  22012: division by zero' >&2; exit 3; } ;;
        '\\! '*) sh -c "\${line#'\\! '}" ;;
      esac
    done < fence.sql ;;
  *" -f dump.sql "*)
    echo "$PGPASSWORD" > password.replica
    echo 'COPY t FROM stdin WITH (FORMAT binary);' >&8
    echo 'rows of the unit' >&8
    [ ! -e dump.dies ] || kill -9 $$
    [ -e sends.no.word ] || printf '\\\\set sent 12\\n' 1<> sent
    exit "$(cat dump.status.wanted)" ;;
  *" -f token "*)
    cat > received; cat sent token >> received; exit "$(cat load.status)" ;;
  *) cat > received; echo "$PGPASSWORD" > password.target; exit "$(cat load.status)" ;;
esac
`;
const PG_DUMP = `#!/bin/sh
echo "$PGPASSWORD" > password.replica
sed 's/.*) //' "/proc/$$/stat" | cut -d ' ' -f 39 > policy
echo 'rows of the unit'
[ ! -e dump.dies ] || kill -9 $$
echo 'pg_dump: a word' >&2
exit "$(cat dump.status.wanted)"
`;

const boundary: Boundary = {
  lsn: parseLsn('35FE3/B63D4718'),
  postmasterStart: '2026-11-26 10:00:00.123456',
  timeline: 1,
  systemIdentifier: '7',
  capturedAt: '',
};
/** The fence of P. */
export const AT_P = fenceLine(boundary);
/** What a lane that committed has sent. */
export const COMMITTED = /rows of the unit\n[^]*UPDATE longhaul\.load_unit SET committed_at[^]*COMMIT;/;

/** What the loading psql was sent. */
export async function received(folder: string): Promise<string> {
  return readFile(join(folder, 'received'), 'utf8').catch(() => '');
}

/** How a lane is changed before it runs. */
export interface StubbedLane {
  readonly plan?: Partial<LanePlan>;
  readonly dumpExit?: number;
  readonly loadExit?: number;
  readonly files?: Record<string, string>;
  readonly arrange?: (folder: string) => Promise<void>;
}

/** Lanes of lane.sh with stubs in the place of psql and pg_dump. */
export interface LaneStubs {
  readonly plan: LanePlan;
  /** Runs a lane whose fence answers so, before the dump and after it; gives its folder. */
  run(answers: readonly string[], change?: StubbedLane): Promise<string>;
  remove(): Promise<void>;
}

/** Makes the stubs, in a folder of their own. */
export async function makeLaneStubs(): Promise<LaneStubs> {
  const tools = await mkdtemp(join(tmpdir(), 'longhaul-lane-'));
  for (const [name, text] of [
    ['psql', PSQL],
    ['pg_dump', PG_DUMP],
  ] as const) {
    await writeFile(join(tools, name), text);
    await chmod(join(tools, name), 0o755);
  }
  const plan = planOf(tools);
  let lanes = 0;
  return {
    plan,
    run: async (answers, change = {}) => {
      lanes += 1;
      const folder = join(tools, `lane-${lanes}`);
      await writeLaneFolder(folder, {
        ...laneFiles({...plan, ...change.plan}),
        answers: `${answers.join('\n')}\n`,
        'dump.status.wanted': String(change.dumpExit ?? 0),
        'load.status': String(change.loadExit ?? 0),
        ...change.files,
      });
      await change.arrange?.(folder);
      await new Promise((resolve) => {
        const env = {PATH: process.env['PATH'], LONGHAUL_REPLICA_PASSWORD: 'in', LONGHAUL_TARGET_PASSWORD: 'out'};
        execFile('/bin/sh', [LANE, folder], {env, cwd: folder}, resolve);
      });
      return folder;
    },
    remove: async () => rm(tools, {recursive: true}),
  };
}

function planOf(tools: string): LanePlan {
  const tool = (name: string): Tool => ({path: join(tools, name), version: 150000});
  return {
    unit: {id: '01-t', kind: 'table', tables: [{schema: 'public', name: 't'}], bytes: 1},
    all: [],
    wanted: ALL_TABLES,
    entry: {run: 'r', boundary: boundary.lsn, unit: '01-t', attempt: 1, tables: ['"public"."t"']},
    boundary,
    pipeline: pipelineNamed('pg_dump'),
    replicaVersion: 150000,
    columns: [],
    freeze: false,
    targetVersion: 150000,
    frame: {before: '', after: ''},
    throttle: null,
    tools: {pgDump: tool('pg_dump'), pgRestore: tool('pg_restore'), psql: tool('psql'), pv: null},
    replica: 'host=replica',
    target: 'host=target',
  };
}
