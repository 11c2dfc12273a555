import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {SERVER_ROLES, type ServerRole} from '../../../src/domain/pg/server-role.ts';
import {runFolderAt} from '../../../src/engine/run/run-folder.ts';
import {createWireClient} from '../../../src/engine/wire/client.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';
import {logStatements, readStatements, splitStatements, type LoggedStatement} from '../../support/server-log.ts';

/** Functions that pg_proc has as volatile, or nothing is known of, and that all the same only read, or change the session alone. */
const ONLY_READ = new Set([
  'clock_timestamp',
  'pg_current_wal_flush_lsn',
  'pg_current_wal_insert_lsn',

  'pg_current_wal_lsn',
  'pg_database_size',
  'pg_get_wal_replay_pause_state',
  'pg_indexes_size',
  'pg_is_in_recovery',
  'pg_last_wal_receive_lsn',
  'pg_last_wal_replay_lsn',
  'pg_ls_waldir',
  'pg_relation_size',
  'pg_table_size',
  'pg_total_relation_size',
  'set_config',
]);

/** What changes nothing, or only the session; COPY … TO is how pg_dump reads. */
const READS =
  /^(BEGIN|COMMIT|ROLLBACK|SET |RESET |SHOW |FETCH |CLOSE |DECLARE \S+ CURSOR FOR SELECT |PREPARE \S+\(?.*\)? AS |EXECUTE \S+\(|LOCK TABLE .* IN ACCESS SHARE MODE$|COPY .* TO stdout)/s;

/** What pg_dump writes of the rows: into the lane that was shown with it. */
const DUMPED = [/^COPY .* FROM stdin$/s, /^SELECT pg_catalog\.(lo_create|lo_open|lowrite|lo_close|setval)\(/];

interface Shown {
  readonly on: string;
  readonly statement: string;
  /** Said to happen only under a condition, or not whole. */
  readonly perhaps: boolean;
}

describe('Phase I', () => {
  let lab: Lab;
  let volatile: ReadonlySet<string>;
  let planned = '';
  let shown: Shown[];
  const logged = new Map<ServerRole, readonly LoggedStatement[]>();

  beforeAll(async () => {
    lab = await startLab({size: 'tiny', hostile: true, confirm: 'typed'});
    for (const role of SERVER_ROLES) await logStatements(lab[role]);
    volatile = new Set((await lab.source.sql("SELECT proname FROM pg_proc WHERE provolatile = 'v'")).flat());
    planned = (await mustEndWell(lab, 'plan', '--sql')).stdout;
    const questions = await runWithWord(lab, '--until', 'full-load');
    const ends = await shutDown(lab);
    // P is lost: all that is in is loaded again, and what was loaded first goes before it.
    await loseBoundary(lab);
    const again = (await mustEndWell(lab, 'plan', '--sql')).stdout;
    questions.push(...(await runWithWord(lab)));
    shown = [planned, again, ...questions].flatMap(shownBy).concat(ends, await shutDown(lab));
    for (const role of SERVER_ROLES) logged.set(role, await readStatements(lab[role], /^longhaul\//));
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes');
    await lab.stop();
  });

  test.each(SERVER_ROLES)('does nothing to the %s that was not shown before', async (role) => {
    const files = await Promise.all(['objects', 'after-load', 'rehearsal-1'].map(async (name) => readPart(lab, name)));
    const isShown = matcher(shown.filter(({on}) => on === role));
    const inFiles = new Set(files.flatMap(splitStatements));
    const unseen = (logged.get(role) ?? []).flatMap(({applicationName, texts}) => {
      const lane = /^longhaul\/rehearsal\/(\d\d-|rest|large)/.test(applicationName);
      const ways = texts.map((text) => splitStatements(text));
      const [first = []] = ways;
      return first.flatMap((statement, index) => {
        if (onlyReads(statement, volatile)) return [];
        if (ways.some((way) => isShown(way[index] ?? ''))) return [];
        if (lane && DUMPED.some((pattern) => pattern.test(statement))) return [];
        if (/[/-]schema$/.test(applicationName) && inFiles.has(statement)) return [];
        return [`${applicationName}: ${statement}`];
      });
    });
    expect([...new Set(unseen)]).toEqual([]);
  });

  test.each<[ServerRole, readonly string[]]>([
    [
      'source',
      ['pg_create_logical_replication_slot(', 'pglogical.create_node(', 'pglogical.replication_set_add_table('],
    ],
    ['replica', ['pg_wal_replay_pause(', 'pg_wal_replay_resume(']],
    ['target', ['CREATE ROLE', 'lo_unlink(', 'TRUNCATE ONLY', 'CREATE INDEX', 'ALTER TABLE', 'CREATE POLICY']],
  ])('is in the log of the %s with all that it is known for', (role, words) => {
    const texts = (logged.get(role) ?? []).flatMap((one) => one.texts);
    expect(words.filter((word) => !texts.some((text) => text.includes(word)))).toEqual([]);
  });

  // One by the plan's inventory, one by preflight of each of the two walks: 20,000 tables with their sizes are no small question.
  test.each([
    ['source', 3],
    ['replica', 0],
    ['target', 2],
  ] as const)('asks the %s for all tables with their sizes %i times', (role, times) => {
    const texts = (logged.get(role) ?? []).map((one) => one.texts[0] ?? '');
    expect(texts.filter((text) => text.includes('"hasReplicaKey"'))).toHaveLength(times);
  });

  test.each(SERVER_ROLES)('does everything to the %s that was shown', (role) => {
    const done = new Set((logged.get(role) ?? []).flatMap(({texts}) => texts.flatMap(splitStatements)));
    const left = shown.filter(({on, perhaps}) => on === role && !perhaps).map(({statement}) => statement);
    expect([...new Set(left)].filter((statement) => !done.has(statement) && !onlyReads(statement, volatile))).toEqual(
      [],
    );
  });
});

/** Lets the replica replay what the source has written since. */
async function loseBoundary(lab: Lab): Promise<void> {
  await lab.source.sql('UPDATE public.lookup_1 SET label = label');
  const [[lsn = ''] = []] = await lab.source.sql('SELECT pg_current_wal_insert_lsn()');
  await lab.replica.sql('SELECT pg_wal_replay_resume()');
  await eventually('the replica beyond P', async () => {
    const [[beyond] = []] = await lab.replica.sql(`SELECT pg_last_wal_replay_lsn() >= '${lsn}'`);
    return beyond === 't' ? true : null;
  });
}

/** Ends the supervisor; gives what it said that this would do. */
async function shutDown(lab: Lab): Promise<Shown[]> {
  const {socket} = runFolderAt(join(lab.folder, 'run'));
  const client = createWireClient({path: socket, who: 'the test', readOnly: true, now: Date.now});
  const planned = await eventually('a plan', async () => {
    const answer = await client.plan({type: 'shutdown', lanes: false});
    return answer.ok ? answer.actions : null;
  });
  client.close();
  await mustEndWell(lab, 'shutdown');
  return planned.flatMap(({on, text}) => shownBy(`-- on ${on}\n${text}`));
}

/** Runs to the end, and gives the word to every step that asks for it; gives what each has shown. */
async function runWithWord(lab: Lab, ...how: string[]): Promise<string[]> {
  const questions: string[] = [];
  let over = false;
  const run = longhaul(lab, 'run', '--plain', ...how).finally(() => (over = true));
  for (;;) {
    const waiting = await eventually(
      'a question, or the end',
      async () => {
        const steps = (await stateOf(lab).catch(() => null))?.steps ?? [];
        return over ? 'over' : (steps.find(({state}) => state.status === 'waiting') ?? null);
      },
      240_000,
    );
    if (waiting === 'over' || waiting.state.status !== 'waiting') break;
    questions.push(
      waiting.state.actions
        .map((action) => action.replace(/^(source|replica|target|jump box): /, '-- on $1\n'))
        .join('\n;\n'),
    );
    await longhaul(lab, 'confirm', waiting.id, 'rehearsal');
  }
  const {code, stdout, stderr} = await run;
  expect(`${code}\n${code === 0 ? '' : stdout + stderr}`).toBe('0\n');
  return questions;
}

/** What a dry run prints: `-- on SERVER`, then the action. */
function shownBy(text: string): Shown[] {
  const parts = text.split(/^-- on (source|replica|target|jump box)$/m).slice(1);
  const shown: Shown[] = [];
  for (let at = 0; at < parts.length; at += 2) {
    const [on = '', action = ''] = parts.slice(at, at + 2);
    const perhaps = /^\s*\/\* only where/.test(action);
    const body = action.replaceAll(/^-- (prepare|anchor|load) \/ .*$/gm, '');
    for (const statement of splitStatements(body)) {
      shown.push({on, statement, perhaps: perhaps || PLACEHOLDER.test(statement)});
    }
  }
  return shown;
}

/** What is known only on the way. */
const PLACEHOLDER = /<(P|table|column|definition|name of the lane|pid)>|\*\*\*/;

function matcher(shown: readonly Shown[]): (statement: string) => boolean {
  const whole = new Set(shown.map(({statement}) => statement));
  const patterns = [...whole]
    .filter((statement) => PLACEHOLDER.test(statement))
    .map(
      (statement) =>
        new RegExp(
          `^${statement
            .split(PLACEHOLDER)
            .filter((_, index) => index % 2 === 0)
            .map(escape)
            .join('.+?')}$`,
          's',
        ),
    );
  return (statement) => whole.has(statement) || patterns.some((pattern) => pattern.test(statement));
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

function onlyReads(statement: string, volatile: ReadonlySet<string>): boolean {
  if (READS.test(statement)) return true;
  if (!/^(SELECT|WITH|VALUES)\b/i.test(statement)) return false;
  const bare = statement.replaceAll(/'(?:[^']|'')*'/g, "''");
  if (/\bFOR (UPDATE|SHARE|NO KEY)\b|\bINTO\b/.test(bare)) return false;
  const called = [...bare.matchAll(/([A-Za-z_][A-Za-z_0-9]*) ?\(/g)].map(([, name = '']) => name.toLowerCase());
  const changing = called.filter((name) => volatile.has(name) && !ONLY_READ.has(name));
  if (changing.length > 0 && process.env['SEE'] !== undefined) console.log(changing.join(' '));
  return changing.length === 0;
}

async function readPart(lab: Lab, name: string): Promise<string> {
  return readFile(join(lab.folder, 'run', 'schema', `${name}.sql`), 'utf8').catch(() => '');
}
