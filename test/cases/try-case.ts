import {execFile} from 'node:child_process';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {hasBlocker, type Finding} from '../../src/domain/finding.ts';
import {startLab, type Lab} from '../../src/lab/lab.ts';
import {grantOnSource} from '../../src/lab/roles.ts';
import {findClientBin} from '../../src/lab/server-programs.ts';
import {longhaul, stateOf} from '../support/longhaul.ts';
import {compareContents, readContents, readSequences, type Contents, type Difference} from './contents.ts';
import {doExtras, makeMembersOnTarget} from './extras.ts';
import type {CaseHeader} from './header.ts';
import {judgeCase, type Seen, type Verdict} from './judge.ts';
import {compareObjects, readObjects, readObjectsAsTarget} from './objects.ts';
import {binOf} from './servers.ts';

/** One file and how it is tried. */
export interface Case {
  readonly name: string;
  readonly path: string;
  readonly header: CaseHeader;
  readonly from: string;
  readonly to: string;
  /** Also what is large: without it, a file that takes long or fills much is left out. */
  readonly full: boolean;
}

/** How a file came out, or why it was not tried. */
export interface Outcome {
  readonly result: Verdict['result'] | 'skipped' | 'left out';
  readonly words: string;
}

/** A file is large above any of these. */
const HEAVY = {feedMs: 40_000, bytes: 400e6, relations: 5000};
/** How long Phase I of one file may take. */
const RUN_LIMIT_MS = {usual: 240_000, full: 1_800_000};

/** Feeds one file into a fresh source and sends it through check, plan and run, on servers of its own. */
export async function tryCase(one: Case): Promise<Outcome> {
  const {encoding, tablespace} = one.header;
  const lab = await startLab({
    seed: false,
    sourceBin: await binOf(one.from),
    targetBin: await binOf(one.to),
    ...(encoding === undefined ? {} : {encoding}),
    ...(tablespace === undefined ? {} : {tablespace}),
  });
  try {
    for (const role of one.header.role?.split(',') ?? []) {
      await lab.source.sql(`CREATE ROLE "${role.replaceAll('"', '""')}"`);
    }
    const fed = await feed(lab, one);
    if (fed !== null) return fed;
    const heavy = one.full ? null : await describeHeavy(lab);
    if (heavy !== null) return {result: 'left out', words: `${heavy}: tried with --full`};
    await makeMembersOnTarget(lab);
    await grantOnSource(lab.source);
    await doExtras(one.name, lab);
    await untilReplayed(lab);
    return judgeCase(await sendThrough(lab, one));
  } finally {
    await longhaul(lab, 'shutdown', '--lanes');
    await lab.stop();
  }
}

/** By psql, as superuser. What the server refuses, in its words. */
async function feed({source}: Lab, {path, full}: Case): Promise<Outcome | null> {
  const limit = full ? RUN_LIMIT_MS.full : HEAVY.feedMs;
  const args = ['-Xq', '-v', 'ON_ERROR_STOP=1', '-o', '/dev/null', '-d', source.conninfo, '-f', path];
  const {code, words, timedOut} = await psql(join(source.clientBin, 'psql'), args, limit);
  if (code === 0) return null;
  if (timedOut) return {result: 'left out', words: `its SQL takes longer than ${limit / 1000} s: tried with --full`};
  return {result: 'skipped', words: `its server refuses it: ${words}`};
}

async function psql(
  program: string,
  args: readonly string[],
  timeout: number,
): Promise<{code: number; words: string; timedOut: boolean}> {
  return new Promise((resolve) => {
    const env = {PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8', PGOPTIONS: '-c client_min_messages=warning'};
    execFile(program, args, {timeout, env}, (error, _, stderr) => {
      const words =
        stderr
          .trim()
          .split('\n')
          .find((line) => /ERROR|FATAL/.test(line)) ?? stderr.trim();
      resolve({
        code: error === null ? 0 : 1,
        words: words.replace(/^.*?(?=ERROR|FATAL)/, ''),
        timedOut: error?.killed === true,
      });
    });
  });
}

async function describeHeavy({source}: Lab): Promise<string | null> {
  const [[bytes = '0', relations = '0'] = []] = await source.sql(
    "SELECT pg_database_size(current_database()), count(*) FROM pg_class WHERE oid >= 16384 AND relkind IN ('r', 'i', 'S', 'm')",
  );
  if (Number(bytes) > HEAVY.bytes) return `its database has ${Math.round(Number(bytes) / 1e6)} MB`;
  return Number(relations) > HEAVY.relations ? `it makes ${relations} tables, indexes and sequences` : null;
}

async function untilReplayed({source, replica}: Lab): Promise<void> {
  const [[version = '0'] = []] = await source.sql('SHOW server_version_num');
  const isNew = Number(version) >= 100_000;
  const [[lsn = ''] = []] = await source.sql(
    `SELECT ${isNew ? 'pg_current_wal_insert_lsn()' : 'pg_current_xlog_insert_location()'}`,
  );
  const replayed = `SELECT ${isNew ? 'pg_last_wal_replay_lsn()' : 'pg_last_xlog_replay_location()'} >= '${lsn}'`;
  for (const end = Date.now() + 120_000; Date.now() < end; await wait(100)) {
    // Nothing may be connected to it yet, or its database may not be there.
    const [[is] = []] = await replica.sql(replayed).catch(() => [['f']]);
    if (is === 't') return;
  }
  throw new Error('the standby did not replay what was fed within two minutes');
}

async function sendThrough(lab: Lab, one: Case): Promise<Seen> {
  const checked = await longhaul(lab, 'check', '--json');
  const findings = findingsOf(checked.stdout);
  if (findings === null) return stoppedBefore('check', checked.stderr || checked.stdout);
  // What check refuses is not measured: the run has to refuse it as well.
  const planned = hasBlocker(findings) ? {code: 1, stdout: '', stderr: ''} : await longhaul(lab, 'plan');
  const ran = await runWithin(lab, one.full ? RUN_LIMIT_MS.full : RUN_LIMIT_MS.usual);
  const state = await stateOf(lab);
  const failed = state.steps.find(({state: step}) => step.status !== 'done' && step.status !== 'skipped');
  const walkEnded = state.steps.some(({id, state: step}) => id === 'resume-replay' && step.status === 'done');
  const runWords = [
    ...state.steps.map(({state: step}) =>
      step.status === 'failed' ? `${step.failure.message} ${step.failure.remedy}` : '',
    ),
    ran.stderr,
  ].join('\n');
  const stopped =
    ran.code === 0
      ? null
      : {
          step: failed?.id ?? (planned.code === 0 ? 'run' : 'plan'),
          words: wordsOf(failed?.state) || lastLine(ran.stderr || ran.stdout || planned.stderr),
        };
  const base = {
    findings: [...findings, ...state.findings.filter(({step}) => BEFOREHAND.has(step))],
    stopped,
    walkEnded,
    runWords,
  };
  if (!walkEnded) return {...base, differences: null, compared: ''};
  return {...base, ...(await compare(lab, one, findings))};
}

/** What these find is said before anything is copied, made on production, or paused. */
const BEFOREHAND: ReadonlySet<string> = new Set([
  'preflight',
  'inventory',
  'plan-slots',
  'copy-globals',
  'copy-schema',
]);

type StepStateLike = Awaited<ReturnType<typeof stateOf>>['steps'][number]['state'];

function wordsOf(step: StepStateLike | undefined): string {
  if (step?.status === 'failed') return step.failure.message.replaceAll('\n', ' / ');
  return step?.status === 'waiting' ? step.question : '';
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

function stoppedBefore(step: string, words: string): Seen {
  return {
    findings: [],
    stopped: {step, words: lastLine(words)},
    walkEnded: false,
    runWords: '',
    differences: null,
    compared: '',
  };
}

function findingsOf(text: string): Finding[] | null {
  try {
    const parsed: {findings: Finding[]} = JSON.parse(text);
    return parsed.findings;
  } catch {
    return null;
  }
}

/** What a plain dump of the lab's source has that no target takes: pglogical, and rights on functions that 10 renamed. */
const OF_THE_LAB = /pglogical|xlog_replay_(?:pause|resume)/;

/** A run that hangs is ended with its lanes, and has failed. */
async function runWithin(lab: Lab, limitMs: number): Promise<{code: number; stdout: string; stderr: string}> {
  const over = new AbortController();
  const run = longhaul(lab, 'run', '--plain');
  const limit = wait(limitMs, 'over' as const, {signal: over.signal}).catch(() => 'ended' as const);
  const first = await Promise.race([run, limit]);
  over.abort();
  if (typeof first !== 'string') return first;
  await longhaul(lab, 'shutdown', '--lanes');
  const {stdout} = await run;
  return {code: 1, stdout, stderr: `it had not ended after ${limitMs / 1000} s`};
}

async function compare(
  lab: Lab,
  one: Case,
  findings: readonly Finding[],
): Promise<{differences: Difference[]; compared: string}> {
  const options = {
    tools: await findClientBin(lab.target.bin, 'pg_dump'),
    withoutTablespaces: findings.some(({check}) => check.includes('tablespace')),
  };
  const source = new Map(await readContents(lab.source));
  const target = await readContents(lab.target);
  // The WAL has a sequence up to 32 values ahead, and so has the standby that the load reads.
  for (const [key, value] of await readSequences(lab.replica)) source.set(key, value);
  const there = await readObjects(lab.target, options);
  const here = await readObjects(lab.source, options);
  const differences = compareContents(source, target);
  const objects = one.from === one.to ? compareObjects(here, there) : null;
  // What another release writes in other words, and what one reads back in other words, is told by a plain pg_dump | psql.
  const asTarget = objects?.length === 0 ? null : await readObjectsAsTarget(lab, options);
  const best = asTarget === null ? [] : compareObjects(asTarget.objects, there);
  const chosen = objects === null || (asTarget?.refused.length === 0 && best.length < objects.length) ? best : objects;
  const refused = (objects === null ? (asTarget?.refused ?? []) : []).filter((line) => !OF_THE_LAB.test(line));
  const tables = [...source.keys()].filter((key) => key.startsWith('rows of')).length;
  return {
    differences: [...differences, ...chosen, ...(await compareCounts(lab, source))],
    compared: `${tables} tables, ${here.size} objects${refused.length === 0 ? '' : ` (a plain pg_dump | psql itself: ${refused.join('; ')})`}`,
  };
}

/** Whether the run says of its units as many rows as there are. */
async function compareCounts(lab: Lab, source: Contents): Promise<Difference[]> {
  const {units} = await stateOf(lab);
  const said = units.reduce(
    (sum, {kind, state}) => sum + (state.status === 'committed' && kind !== 'large-objects' ? state.rows : 0),
    0,
  );
  const tables = await lab.source.sql(
    "SELECT format('rows of %I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND c.relpersistence = 'p'",
  );
  const logged = tables.map(([key = '']) => Number(source.get(key)?.value.split(' ')[0] ?? 0));
  const there = logged.reduce((sum, rows) => sum + rows, 0);
  return said === there
    ? []
    : [{what: `the run says that ${said} rows are in, and the source has ${there}`, names: []}];
}

/** The first line and the rest of a file's text, whatever its bytes are. */
export async function readHeaderLine(path: string): Promise<string> {
  return (await readFile(path, 'latin1')).split('\n', 1)[0] ?? '';
}
