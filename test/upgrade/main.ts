import {execFile} from 'node:child_process';
import {cp, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {formatBytes, formatDuration} from '../../src/domain/base/units.ts';
import type {JournalEntry} from '../../src/domain/run/event.ts';
import {startLab, type Lab} from '../../src/lab/lab.ts';
import {verifyLab} from '../../src/lab/verify-lab.ts';
import {startWriteLoad} from '../../src/lab/write-load.ts';
import {holdTable, untilLaneWaits} from '../support/hold.ts';
import {eventually, journalOf, longhaul, mustEndWell, stateOf, type Ended} from '../support/longhaul.ts';
import {buildCommit} from './old-build.ts';

/** What a run has to be continued from: the last build whose journals have no header. Raised with each release. */
const LAST_RELEASE = '62baffe';
const HELD = 'public.events';
const GOLDEN = join(import.meta.dirname, '../golden/format-1/journal.jsonl');

type Longhaul = (lab: Pick<Lab, 'yamlPath'>, ...args: string[]) => Promise<Ended>;

/**
 * `npm run upgrade [-- --from COMMIT]`: a run that an earlier build has begun, whose supervisor is killed in the middle of the load, goes on under
 * this one to its end. Exit 1 where anything is lost, doubled, loaded twice or left undone.
 */
async function main(): Promise<void> {
  const {values} = parseArgs({options: {from: {type: 'string', default: LAST_RELEASE}}});
  const begun = Date.now();
  const old = await buildCommit(values.from);
  const lab = await startLab({size: 'small'});
  try {
    await edit(lab, 'lanes: 4', 'lanes: 2');
    await startWriteLoad(lab, 50);
    const byOld = await beginWith(lab, builtAt(old.main));
    const wrong = await goOn(lab, byOld);
    const {units, rowsCompared} = await stateOf(lab);
    const problems = [...wrong, ...(await readBack(lab, builtAt(old.main)))];
    for (const problem of problems) console.log(`  ${problem}`);
    console.log(
      `${units.length} units (${formatBytes(units.reduce((sum, unit) => sum + unit.bytes, 0))}), ${byOld.committed} in and ${byOld.running} running when ${values.from} was killed, ${units.length - byOld.committed} ended under this build; ${rowsCompared.tables} tables compared, ${rowsCompared.differing.length} differ; ${problems.length} problems in ${formatDuration(Date.now() - begun)}`,
    );
    process.exitCode = problems.length === 0 ? 0 : 1;
  } finally {
    await longhaul(lab, 'shutdown', '--lanes');
    await lab.stop();
    await old.remove();
  }
}

async function edit(lab: Lab, from: string, to: string): Promise<void> {
  await writeFile(lab.yamlPath, (await readFile(lab.yamlPath, 'utf8')).replace(from, to));
}

function builtAt(program: string): Longhaul {
  return async (lab, ...args) =>
    new Promise((resolve) => {
      execFile(process.execPath, [program, '--config', lab.yamlPath, ...args], (error, stdout, stderr) => {
        resolve({code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr});
      });
    });
}

interface Begun {
  readonly committed: number;
  readonly running: number;
  readonly seq: number;
  readonly letGo: () => Promise<void>;
}

/** The old build loads, with one lane held in the middle of its table, until some units are in; then its supervisor is killed. */
async function beginWith(lab: Lab, old: Longhaul): Promise<Begun> {
  const ready = await old(lab, 'run', '--plain', '--until', 'strip-target');
  if (ready.code !== 0) throw new Error(ready.stdout + ready.stderr);
  await old(lab, 'shutdown');
  const letGo = await holdTable(lab, HELD);
  await old(lab, 'run', '--detach', '--from', 'full-load');
  await untilLaneWaits(lab);
  const state = await eventually('a unit that is in beside one that is held', async () => {
    const now = await stateOf(lab);
    return now.units.some((unit) => unit.state.status === 'committed') ? now : null;
  });
  process.kill(state.supervisor?.pid ?? 0, 'SIGKILL');
  const {units, seq} = await stateOf(lab);
  const count = (status: string): number => units.filter((unit) => unit.state.status === status).length;
  return {committed: count('committed'), running: count('running'), seq, letGo};
}

/** This build takes the lanes over, and compares while the replica is at P. What is wrong, in words. */
async function goOn(lab: Lab, {seq, letGo}: Begun): Promise<string[]> {
  await mustEndWell(lab, 'run', '--detach', '--until', 'compare-rows');
  await letGo();
  await mustEndWell(lab, 'run', '--plain', '--until', 'compare-rows');
  const {problems, notes} = await verifyLab(lab);
  await mustEndWell(lab, 'run', '--plain');
  const state = await stateOf(lab);
  const journal = await journalOf(lab);
  const again = new Set(journal.slice(seq).flatMap((entry) => startedBefore(journal.slice(0, seq), entry)));
  return [
    ...problems,
    ...notes.filter((note) => note.startsWith('replay goes on')),
    ...(state.rowsCompared.tables > 0 ? [] : ['nothing was compared']),
    ...[...again].map((unit) => `unit ${unit} was started again`),
    ...(state.status === 'done' ? [] : [`the run is ${state.status}`]),
    ...((await longhaul(lab, 'report')).code === 0 ? [] : ['there is no report']),
  ];
}

function startedBefore(before: readonly JournalEntry[], entry: JournalEntry): string[] {
  if (entry.type !== 'unit.started') return [];
  return before.some((one) => one.type === 'unit.started' && one.unit === entry.unit) ? [entry.unit] : [];
}

/** The other way round: the old build goes on reading its own journal, and refuses one with a header without touching it. */
async function readBack(lab: Lab, old: Longhaul): Promise<string[]> {
  const own = await old(lab, 'status');
  const journal = join(lab.folder, 'run', 'journal.jsonl');
  await longhaul(lab, 'shutdown');
  await cp(GOLDEN, journal);
  const newer = await old(lab, 'status');
  const asked = await old(lab, 'run', '--detach');
  const untouched = (await readFile(journal, 'utf8')) === (await readFile(GOLDEN, 'utf8'));
  return [
    ...(own.code === 0 ? [] : [`the old build does not read the journal any more: ${own.stderr}`]),
    ...(newer.code !== 0 && asked.code !== 0 ? [] : ['the old build takes a journal with a header for one of its own']),
    ...(untouched ? [] : ['the old build has written into a journal with a header']),
  ];
}

await main();
