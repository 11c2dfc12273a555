import {execFile} from 'node:child_process';
import {cp, mkdir, readFile, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {createWireClient} from '../../src/engine/wire/client.ts';
import {startLab, type Lab} from '../../src/lab/lab.ts';
import {beginLoad, holdOpen, holdTable, untilLaneWaits} from '../support/hold.ts';
import {edit} from '../support/edit.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../support/longhaul.ts';
import {carry, failing, remedyIn} from './typed.ts';

/** What hangs, what is missing, and what another build began, five minutes: `npm run remedies`, nightly. */
const NIGHTLY = process.env['LONGHAUL_NIGHTLY'] !== undefined;
const ROOT = join(import.meta.dirname, '../..');

describe.skipIf(!NIGHTLY)('a remedy against what hangs or is missing is carried out as it is written', () => {
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

  test('the role loses a right on the target while a unit loads', async () => {
    await mustEndWell(lab, 'run', '--plain', '--until', 'strip-target');
    const letGo = await holdTable(lab, 'public.events');
    await beginLoad(lab, 1);
    await untilLaneWaits(lab);
    const later = (await stateOf(lab)).units.filter(({kind}) => kind === 'table').at(-1);
    const [table] = later?.tables ?? [];
    const name = `"${table?.schema}"."${table?.name}"`;
    const [[owner = ''] = []] = await lab.target.sql(
      `SELECT relowner::regrole FROM pg_class WHERE oid = '${name}'::regclass`,
    );
    await lab.target.sql(`ALTER TABLE ${name} OWNER TO postgres; REVOKE ALL ON ${name} FROM longhaul, PUBLIC`);
    await letGo();
    const failure = await eventually('the unit to fail', async () => {
      const state = (await stateOf(lab)).units.find(({id}) => id === later?.id)?.state;
      return state?.status === 'failed' ? state.failure : null;
    });
    const [retry = ''] = remedyIn(
      failure.remedy,
      /^grant the target's role what the message names, then longhaul (retry \S+)/,
    );
    expect(failure.message).toContain(table?.name);
    await lab.target.sql(`GRANT ALL ON ${name} TO longhaul`);
    await carry(lab, retry);
    await eventually('the load', async () =>
      (await stateOf(lab)).units.every(({state}) => state.status === 'committed') ? true : null,
    );
    await lab.target.sql(`ALTER TABLE ${name} OWNER TO ${owner}`);
    await longhaul(lab, 'shutdown');
  });

  test('somebody who is connected to the target keeps it from being taken, and no ledger says who', async () => {
    await lab.target.sql('DELETE FROM longhaul.owner');
    const stray = lab.target
      .sql(
        `SET application_name = 'longhaul/rehearsal/stray'; BEGIN;
         INSERT INTO longhaul.owner (run, boundary) VALUES ('rehearsal', '0/1'); SELECT pg_sleep(600)`,
      )
      .catch(() => []);
    const asleep = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
    await eventually('the stray session', async () => ((await lab.target.sql(asleep)).length > 0 ? true : null));
    const [find = ''] = await failing(
      lab,
      'run --plain --from full-load --until full-load',
      /on the target: (SELECT pid, state, query FROM pg_stat_activity WHERE application_name LIKE 'longhaul\/%'); wait for it or end it, then run again/,
    );
    const found = (await lab.target.sql(find)).find(([, , query = '']) => query.includes('longhaul.owner'));
    await lab.target.sql(`SELECT pg_terminate_backend(${found?.[0]})`);
    await stray;
    await expect(mustEndWell(lab, 'run', '--plain', '--until', 'full-load')).resolves.toBeDefined();
  });

  test('a manifest that was written by an earlier version', async () => {
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
    const {pid = 0} = (await stateOf(lab)).supervisor ?? {};
    await failing(
      lab,
      'lanes 2',
      /use the longhaul that started the supervisor[;,] or end that one(?:, kill \d+)?: the lanes go on, and longhaul run starts/,
    );
    expect(await other('lanes', '2')).toBe(0);
    process.kill(pid);
    await eventually('its end', async () => ((await stateOf(lab)).supervisor === null ? true : null));
    await carry(lab, 'run', '--detach --until build-indexes');
    await expect(mustEndWell(lab, 'lanes', '1')).resolves.toBeDefined();
    await longhaul(lab, 'shutdown');
  });

  test('a lane’s backend that does not end', async () => {
    await mustEndWell(lab, 'run', '--plain', '--from', 'pause-replay', '--until', 'strip-target');
    const letGo = await holdTable(lab, 'public.events');
    await beginLoad(lab, 1);
    await untilLaneWaits(lab);
    const [[pid = ''] = []] = await lab.target.sql(
      "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'longhaul/rehearsal/%' AND wait_event_type = 'Lock'",
    );
    // Nothing that a server can send reaches it.
    process.kill(Number(pid), 'SIGSTOP');
    const [find = ''] = await failing(
      lab,
      'shutdown --lanes --yes rehearsal',
      /on the target: (SELECT pid, state, query FROM pg_stat_activity WHERE application_name LIKE 'longhaul\/rehearsal\/%'); end them, then run the same again/,
    );
    const left = (await lab.target.sql(find)).map(([one]) => one);
    expect(left).toContain(pid);
    process.kill(Number(pid), 'SIGCONT');
    await letGo();
    await carry(lab, 'shutdown --lanes --yes rehearsal');
    expect((await stateOf(lab)).supervisor).toBeNull();
  });

  test('an abort while a step waits for a server that does not answer', async () => {
    await mustEndWell(lab, 'run', '--plain', '--until', 'build-indexes');
    await edit(lab, [/$/, '\ntimeouts:\n  lock: 5min\n  statement: 10min\n']);
    const letGo = await holdOpen(lab, 'LOCK TABLE public.events IN ACCESS EXCLUSIVE MODE');
    await longhaul(lab, 'run', '--detach', '--until', 'compare-rows');
    await untilLaneWaits(lab);
    const client = createWireClient({
      path: inRun('supervisor.sock'),
      who: 'a test',
      readOnly: false,
      now: () => Date.now(),
    });
    const reply = await client.send({type: 'abort', typed: 'rehearsal'});
    client.close();
    const [abort = ''] = remedyIn(
      reply.ok ? '' : reply.remedy,
      /in another window, longhaul (abort --yes rehearsal): it ends the supervisor first, and with it what that waits for/,
    );
    await carry(lab, abort);
    await letGo();
    expect(await lab.source.sql('SELECT 1 FROM pg_replication_slots WHERE plugin IS NOT NULL')).toEqual([]);
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

/** The same longhaul, which speaks another protocol; gives what runs it and says with what it ended. */
async function otherBuild({folder, yamlPath}: Lab): Promise<(...args: string[]) => Promise<number>> {
  const root = join(folder, 'other');
  await mkdir(root);
  await cp(join(ROOT, 'dist'), join(root, 'dist'), {recursive: true});
  for (const one of ['node_modules', 'libexec', 'package.json']) await symlink(join(ROOT, one), join(root, one));
  const path = join(root, 'dist/engine/wire/protocol.js');
  const text = await readFile(path, 'utf8');
  const changed = text.replace(/PROTOCOL = (\d+)/, 'PROTOCOL = 1$1');
  expect(changed).not.toBe(text);
  await writeFile(path, changed);
  const main = join(root, 'dist/cli/main.js');
  return async (...args) =>
    new Promise((resolve) => {
      execFile(process.execPath, [main, '--config', yamlPath, ...args], (error) =>
        resolve(error === null ? 0 : Number(error.code ?? 1)),
      );
    });
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
