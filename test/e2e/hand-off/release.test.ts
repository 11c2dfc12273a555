import {execFileSync, spawn} from 'node:child_process';
import {appendFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {findClientBin} from '../../../src/lab/cluster/server-programs.ts';
import {mayMount} from '../../probes/watched/wal-volume.ts';
import {eventually, journalOf, longhaul, stateOf} from '../../support/longhaul.ts';

let lab: Lab;
const ours = async (): Promise<string[]> =>
  (await lab.source.sql("SELECT slot_name FROM pg_replication_slots WHERE slot_name LIKE 'dms%' ORDER BY 1")).flat();

beforeAll(async () => {
  lab = await startLab({size: 'tiny'});
  if (mayMount()) execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m,mode=0700', 'tmpfs', join(lab.folder, 'run')]);
  await lab.source.sql("SELECT pg_create_logical_replication_slot('warehouse', 'test_decoding')");
  const ran = await longhaul(lab, 'run', '--plain', '--until', 'prove-boundary');
  if (ran.code !== 0) throw new Error(`the run failed: ${ran.stdout}${ran.stderr}`);
  await longhaul(lab, 'shutdown');
});
afterAll(async () => {
  await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
  if (mayMount()) execFileSync('umount', [join(lab.folder, 'run')]);
  await lab.stop();
});

describe('release', () => {
  test('shows what would go and what that frees, and drops nothing without the run’s name', async () => {
    const slots = await ours();
    expect(slots.length).toBeGreaterThan(0);
    const shown = await longhaul(lab, 'release');
    expect(shown.code).toBe(2);
    expect(shown.stderr).toContain(`--config ${lab.yamlPath} release --yes rehearsal`);
    for (const slot of slots) expect(shown.stdout).toContain(`SELECT pg_drop_replication_slot('${slot}')`);
    expect(shown.stdout).toMatch(/^frees {4}about .* of WAL/m);
    // The other slot was made before ours: our WAL is held by it as well.
    expect(shown.stdout).toMatch(/^stays .* held by slot warehouse, which is not this run's/m);
    expect((await longhaul(lab, 'release', '--yes', 'another')).code).toBe(2);
    expect(await ours()).toEqual(slots);
  });

  test('keeps a slot that somebody reads, and says so', async () => {
    const [read = ''] = await ours();
    const reader = await startReader(read);
    const released = await longhaul(lab, 'release', '--yes', 'rehearsal', '--resume-replay');
    expect(released.code).toBe(1);
    expect(released.stdout).toContain(`KEPT ${read}: `);
    expect(await ours()).toEqual([read]);
    // P still stands for that slot.
    expect(await lab.replica.sql('SELECT pg_is_wal_replay_paused()')).toEqual([['t']]);
    const ended = await longhaul(lab, 'release', '--yes', 'rehearsal', '--end-readers', '--resume-replay');
    expect(ended).toMatchObject({code: 0, stdout: expect.stringContaining(`dropped ${read}`)});
    expect(ended.stdout).toContain('resumed replay on the replica');
    expect(await ours()).toEqual([]);
    reader.kill('SIGKILL');
  });

  test('never touches a slot of others', async () => {
    expect(await lab.source.sql('SELECT slot_name FROM pg_replication_slots ORDER BY 1')).toEqual([
      ['maintenance'],
      ['warehouse'],
    ]);
  });

  test('tells the journal that P is lost, and the next run takes new slots and a new P by itself', async () => {
    const lost = await stateOf(lab);
    expect(lost.boundaryMoved?.message).toMatch(/dropped the slots that P begins with/);
    expect(lost.claimed.filter((object) => object.startsWith('slot '))).toEqual([]);
    expect(await lab.replica.sql('SELECT pg_is_wal_replay_paused()')).toEqual([['f']]);
    const again = await longhaul(lab, 'run', '--plain', '--until', 'prove-boundary');
    expect(again, again.stdout + again.stderr).toMatchObject({code: 0});
    const state = await stateOf(lab);
    expect([state.boundaryProved, state.boundaryMoved]).toEqual([true, null]);
    expect(state.boundary?.lsn).not.toBe(lost.boundary?.lsn);
    expect((await ours()).length).toBeGreaterThan(0);
  });

  test('a supervisor that lives does it itself: walk and lanes end, no slot is missed, the run goes on with new slots', async () => {
    const running = await longhaul(lab, 'run', '--detach');
    expect(running.code).toBe(0);
    await eventually('the load', async () => ((await stateOf(lab)).units.length > 0 ? true : null));
    const before = await stateOf(lab);
    const released = await longhaul(lab, 'release', '--yes', 'rehearsal');
    expect(released, released.stderr).toMatchObject({code: 0});
    expect(released.stdout).toContain('a checkpoint was written, which freed their WAL');
    expect(await ours()).toEqual([]);
    const state = await eventually('the walk to end', async () => {
      const now = await stateOf(lab);
      return now.status === 'stopped' ? now : null;
    });
    expect(state.units.filter((unit) => unit.state.status === 'running')).toEqual([]);
    expect(JSON.stringify(state.units)).not.toContain('the replica left P');
    expect(state.boundaryMoved?.message).toContain('dropped the slots');
    expect(state.steps.find(({id}) => id === 'create-slots')?.state.status).toBe('pending');
    // Once more: there is nothing left, and nothing is said to be lost twice.
    expect(await longhaul(lab, 'release', '--yes', 'rehearsal')).toMatchObject({code: 0});
    // The replica still stands at the old P, before the slots to come: it goes on until then.
    const done = await longhaul(lab, 'run', '--plain');
    expect(done, done.stdout + done.stderr).toMatchObject({code: 0});
    const after = await stateOf(lab);
    expect(after.status).toBe('done');
    expect(after.boundary?.lsn).not.toBe(before.boundary?.lsn);
    expect(after.alarms.filter(({id}) => id.startsWith('slot.gone'))).toEqual([]);
  });

  test('after a run that was done it begins again, from new slots to the comparison', async () => {
    const before = await stateOf(lab);
    await longhaul(lab, 'shutdown');
    expect(await longhaul(lab, 'release', '--yes', 'rehearsal')).toMatchObject({code: 0});
    const again = await longhaul(lab, 'run', '--plain');
    expect(again, again.stdout + again.stderr).toMatchObject({code: 0});
    const after = await stateOf(lab);
    expect(after.status).toBe('done');
    expect(after.boundary?.lsn).not.toBe(before.boundary?.lsn);
    expect(after.rowsCompared.differing).toEqual([]);
    expect(after.rowsCompared.tables).toBe(before.rowsCompared.tables);
    await longhaul(lab, 'shutdown');
  });

  test('a slot that somebody else dropped is an alarm, and release takes note of it', async () => {
    const [gone = '', ...others] = await ours();
    await lab.source.sql(`SELECT pg_drop_replication_slot('${gone}')`);
    expect((await longhaul(lab, 'run', '--detach')).code).toBe(0);
    const alarm = await eventually(
      'the alarm',
      async () => (await stateOf(lab)).alarms.find(({id}) => id === `slot.gone:${gone}`) ?? null,
    );
    expect(alarm).toMatchObject({severity: 'critical', seen: expect.stringContaining('no longer on the primary')});
    // The quick entry and the whole program say the same.
    const line = await eventually('the line', async () => {
      const said = (await longhaul(lab, 'status', '--line')).stdout;
      return said.includes('CRITICAL') && said.includes('P LOST') ? said : null;
    });
    expect(line).toMatch(/^P LOST \| 1 CRITICAL \| /);
    const launcher = join(import.meta.dirname, '../../../bin/longhaul');
    const quick = await eventually('the same by the quick entry', async () => {
      const said = execFileSync(launcher, ['-c', lab.yamlPath, 'status', '--line']).toString();
      return said.startsWith('P LOST | 1 CRITICAL | ') ? said : null;
    });
    expect(quick.length).toBeLessThanOrEqual(61);
    await longhaul(lab, 'shutdown');
    expect((await longhaul(lab, 'status', '--line')).stdout).toContain('NO SUPERVISOR');
    const released = await longhaul(lab, 'release', '--yes', 'rehearsal');
    expect(released.stdout).toContain(`gone     ${gone} is no longer on the primary, and P is lost with it`);
    expect(released.stdout).toContain(`dropped ${others.join(', ')}`);
    expect((await stateOf(lab)).claimed.filter((object) => object.startsWith('slot '))).toEqual([]);
    expect(await longhaul(lab, 'run', '--plain', '--until', 'prove-boundary')).toMatchObject({code: 0});
    await longhaul(lab, 'shutdown');
    expect((await ours()).length).toBeGreaterThan(0);
  });

  test('a supervisor that hangs keeps nobody from it', async () => {
    await longhaul(lab, 'run', '--detach', '--until', 'prove-boundary');
    const {supervisor} = await stateOf(lab);
    if (supervisor === null) throw new Error('no supervisor');
    process.kill(supervisor.pid, 'SIGSTOP');
    const released = await longhaul(lab, 'release', '--yes', 'rehearsal');
    process.kill(supervisor.pid, 'SIGKILL');
    expect(released.stderr).toContain('The supervisor does not answer');
    expect(released.stderr).toContain('A supervisor has the run and does not answer');
    expect(released.stdout).toContain('dropped dms_slot_01');
    expect(await ours()).toEqual([]);
    expect(await longhaul(lab, 'abort', '--yes', 'rehearsal')).toMatchObject({code: 0});
    expect(await longhaul(lab, 'run', '--plain', '--until', 'prove-boundary')).toMatchObject({code: 0});
    await longhaul(lab, 'shutdown');
  });

  test('without the right to a checkpoint says that nothing is freed yet', async () => {
    await lab.source.sql('REVOKE pg_checkpoint FROM longhaul');
    const released = await longhaul(lab, 'release', '--yes', 'rehearsal');
    expect(released.code).toBe(1);
    expect(released.stdout).toContain('NOT FREED YET: their WAL goes at the next checkpoint');
    expect(await ours()).toEqual([]);
    await lab.source.sql('GRANT pg_checkpoint TO longhaul');
    expect(await longhaul(lab, 'run', '--plain', '--until', 'prove-boundary')).toMatchObject({code: 0});
    await longhaul(lab, 'shutdown');
  });

  test.skipIf(!mayMount())('works when the jump box’s own disk is full', async () => {
    const filler = join(lab.folder, 'run', 'filler');
    // The journal's last page would take one more event: empty lines, which mean nothing, take it up.
    const journal = join(lab.folder, 'run', 'journal.jsonl');
    appendFileSync(journal, '\n'.repeat(4096 - (statSync(journal).size % 4096)));
    fill(filler);
    const before = (await journalOf(lab)).length;
    const released = await longhaul(lab, 'release', '--yes', 'rehearsal');
    expect(released.stdout).toContain('The journal could not be written');
    expect(released.code).toBe(0);
    expect(await ours()).toEqual([]);
    rmSync(filler);
    expect((await journalOf(lab)).length).toBe(before);
  });

  test('without a journal asks for the prefix, explicitly', async () => {
    await lab.source.sql("SELECT pg_create_logical_replication_slot('dms_slot_77', 'pglogical')");
    rmSync(join(lab.folder, 'run', 'journal.jsonl'));
    const refused = await longhaul(lab, 'release', '--yes', 'rehearsal');
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`--config ${lab.yamlPath} release --by-prefix`),
    });
    expect(await ours()).toEqual(['dms_slot_77']);
    expect(await longhaul(lab, 'release', '--yes', 'rehearsal', '--by-prefix')).toMatchObject({code: 0});
    expect(await ours()).toEqual([]);
  });
});

/** Somebody reads the slot, as change capture does. */
async function startReader(slot: string) {
  const {port, bin} = lab.source;
  const conninfo = `host=127.0.0.1 port=${port} dbname=app user=longhaul passfile=${lab.folder}/pgpass`;
  const program = join(await findClientBin(bin, 'pg_recvlogical'), 'pg_recvlogical');
  const options = [
    '-o',
    'expected_encoding=UTF8',
    '-o',
    'min_proto_version=1',
    '-o',
    'max_proto_version=1',
    '-o',
    'startup_params_format=1',
  ];
  const reader = spawn(program, ['-d', conninfo, '-S', slot, '--start', '-f', '/dev/null', ...options], {
    stdio: 'ignore',
  });
  await eventually('the slot to be read', async () => {
    const rows = await lab.source.sql(`SELECT active FROM pg_replication_slots WHERE slot_name = '${slot}'`);
    return rows[0]?.[0] === 't' ? true : null;
  });
  return reader;
}

/** Takes every byte that is left on the file's disk. */
function fill(path: string): void {
  for (const size of [1024 * 1024, 4096, 1]) {
    try {
      for (;;) writeFileSync(path, Buffer.alloc(size), {flag: 'a'});
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    }
  }
}
