import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {startLab, type Lab} from '../../src/lab/lab.ts';
import {edit} from '../support/edit.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../support/longhaul.ts';
import {otherBuild} from '../support/other-build.ts';
import {carry, failing} from './typed.ts';

/** What is missing, and what another build began, two minutes: `npm run remedies`, nightly. */
const NIGHTLY = process.env['LONGHAUL_NIGHTLY'] !== undefined;
const ROOT = join(import.meta.dirname, '../..');

describe.skipIf(!NIGHTLY)('a remedy against what is missing is carried out as it is written', () => {
  let lab: Lab;
  const inRun = (name: string): string => join(lab.folder, 'run', name);

  beforeAll(async () => {
    lab = await startLab({size: 'tiny'});
    await edit(lab, ['lanes: 4', 'lanes: 1\n  retries: 0']);
    await mustEndWell(lab, 'run', '--plain', '--until', 'prove-boundary');
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  test('a journal that does not say when the last table was added', async () => {
    const path = inRun('journal.jsonl');
    const lines = (await readFile(path, 'utf8')).split('\n');
    expect(lines.some(isIt)).toBe(true);
    await writeFile(path, lines.map((line) => (isIt(line) ? without(line) : line)).join('\n'));
    const [again = ''] = await failing(
      lab,
      'run --plain --from prove-boundary --until prove-boundary',
      /longhaul (run --from add-tables)/,
    );
    await carry(lab, again, '--plain --until prove-boundary');
    expect((await stateOf(lab)).boundaryProved).toBe(true);
  });

  test('a manifest that was written by an earlier version', async () => {
    await mustEndWell(lab, 'run', '--plain', '--until', 'full-load');
    const {checks: _, ...older} = JSON.parse(await readFile(inRun('manifest.json'), 'utf8'));
    await writeFile(inRun('manifest.json'), JSON.stringify(older));
    const before = (await stateOf(lab)).units;
    const [again = ''] = await failing(
      lab,
      'run --plain --from build-indexes --until build-indexes',
      /longhaul (run --from prove-boundary) reads it again, while the replica is at P; what is loaded stays/,
    );
    await carry(lab, again, '--plain --until build-indexes');
    expect((await stateOf(lab)).units).toEqual(before);
  });

  test('a supervisor of another version', async () => {
    const other = await otherBuild(lab);
    await longhaul(lab, 'shutdown');
    expect(await other('run', '--detach', '--until', 'build-indexes')).toBe(0);
    const pid = (await stateOf(lab)).supervisor?.pid ?? Number.NaN;
    expect(pid).toBeGreaterThan(1);
    await failing(
      lab,
      'lanes 2',
      /use the longhaul that started the supervisor[;,] or end that one(?:, kill \d+)?: the lanes go on, and longhaul run starts/,
    );
    expect(await other('lanes', '2')).toBe(0);
    process.kill(pid);
    await eventually('its end', async () => (lives(pid) ? null : true));
    await carry(lab, 'run', '--detach --until build-indexes');
    await expect(mustEndWell(lab, 'lanes', '1')).resolves.toBeDefined();
    await longhaul(lab, 'shutdown');
  });
});

/** Whether a line of the journal says when the last table was added. */
function isIt(line: string): boolean {
  return line.includes('"step.done"') && line.includes('"step":"add-tables"');
}

/** The line as one that says less: each keeps its number. */
function without(line: string): string {
  const {seq, at} = JSON.parse(line);
  return JSON.stringify({seq, at, type: 'step.skipped', step: 'add-tables', reason: 'taken out by a test'});
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!NIGHTLY)('a source that has no table to replicate', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({size: 'tiny', seed: join(ROOT, 'test/support/no-tables.sql')});
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  test('is told before anything is copied, and gets slots by a fresh plan once it has one', async () => {
    const [fresh = '', engine = ''] = await failing(
      lab,
      'run --plain',
      /once it has one: longhaul (plan --fresh); for a plain copy without change capture: (cdc\.engine: none) in longhaul\.yaml/,
    );
    expect(engine).toContain('none');
    await lab.source.sql(
      'CREATE TABLE public.first (id integer PRIMARY KEY); INSERT INTO public.first VALUES (1); GRANT ALL ON public.first TO longhaul',
    );
    await carry(lab, fresh);
    const run = await longhaul(lab, 'run', '--plain');
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(await lab.target.sql('SELECT * FROM public.first')).toEqual([['1']]);
  });
});
