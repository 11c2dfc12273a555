import {readFile, writeFile} from 'node:fs/promises';
import {setTimeout as wait} from 'node:timers/promises';
import {hasBlocker, type Finding} from '../../src/domain/run/finding.ts';
import {startLab, type Lab} from '../../src/lab/lab.ts';
import {grantOnSource} from '../../src/lab/roles.ts';
import {hasPglogical} from '../../src/lab/cluster/server-programs.ts';
import {longhaul, stateOf} from '../support/longhaul.ts';
import {compare} from './compare.ts';
import {doExtras, makeMembersOnTarget} from './extras.ts';
import {describeHeavy, feed} from './feed.ts';
import type {CaseHeader} from './header.ts';
import {judgeCase, type Seen, type Verdict} from './judge.ts';
import {findOldServer} from '../pairs/old-server.ts';
import {binOf} from './servers.ts';
import {untilReplayed} from '../support/replayed.ts';

/** One file and how it is tried. */
export interface Case {
  readonly name: string;
  readonly path: string;
  readonly header: CaseHeader;
  readonly from: string;
  readonly to: string;
  /** Of which size units are by `auto`; null for pg_dump. */
  readonly unit: string | null;
  /** Also what is large: without it, a file that takes long or fills much is left out. */
  readonly full: boolean;
}

/** How a file came out, or why it was not tried. */
export interface Outcome {
  readonly result: Verdict['result'] | 'skipped' | 'left out';
  readonly words: string;
}

/** How long Phase I of one file may take. */
const RUN_LIMIT_MS = {usual: 240_000, full: 1_800_000};

/** Feeds one file into a fresh source and sends it through check, plan and run, on servers of its own. */
export async function tryCase(one: Case): Promise<Outcome> {
  const {encoding, tablespace} = one.header;
  if ([one.from, one.to].includes('9.6') && findOldServer() === null)
    return {result: 'skipped', words: 'there is no 9.6 here: name the folder of its programs in LONGHAUL_PG96'};
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
    await grantOnSource(lab.source, hasPglogical(lab.source.bin));
    await doExtras(one.name, lab);
    await configure(lab, one);
    await untilReplayed(lab);
    return judgeCase(await sendThrough(lab, one));
  } finally {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  }
}

/** With change capture triggers would come back at cutover; here they are compared. */
async function configure({yamlPath}: Lab, {unit}: Case): Promise<void> {
  const yaml = await readFile(yamlPath, 'utf8');
  const size = unit === null ? '' : `  method: auto\n  unit_size: ${unit}\n`;
  await writeFile(yamlPath, yaml.replace('load:\n', `load:\n  triggers: after-load\n${size}`));
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

/** A run that hangs is ended with its lanes, and has failed. */
async function runWithin(lab: Lab, limitMs: number): Promise<{code: number; stdout: string; stderr: string}> {
  const over = new AbortController();
  const run = longhaul(lab, 'run', '--plain');
  const limit = wait(limitMs, 'over' as const, {signal: over.signal}).catch(() => 'ended' as const);
  const first = await Promise.race([run, limit]);
  over.abort();
  if (typeof first !== 'string') return first;
  await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
  const {stdout} = await run;
  return {code: 1, stdout, stderr: `it had not ended after ${limitMs / 1000} s`};
}

/** The first line and the rest of a file's text, whatever its bytes are. */
export async function readHeaderLine(path: string): Promise<string> {
  return (await readFile(path, 'latin1')).split('\n', 1)[0] ?? '';
}
