import {readFileSync} from 'node:fs';
import {appendFile} from 'node:fs/promises';
import {join} from 'node:path';
import {Client} from 'pg';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {type BenchTerminal, onPty, waitForScreen} from '../../../bench/console/terminal.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {eventually, stateOf} from '../../support/longhaul.ts';
import {untilStopped} from '../../support/stopped-lane.ts';

const BIN = process.env['LONGHAUL_BIN'] ?? join(import.meta.dirname, '../../../bin/longhaul');

function open(lab: Lab, ...args: string[]): BenchTerminal {
  return onPty([BIN, '--config', lab.yamlPath, ...args], {columns: 100, rows: 30});
}

async function see(terminal: BenchTerminal, text: string | RegExp): Promise<void> {
  const isThere = (screen: readonly string[]): boolean =>
    typeof text === 'string' ? screen.join('\n').includes(text) : text.test(screen.join('\n'));
  await waitForScreen(terminal, isThere, 25_000).catch((error: unknown) => {
    throw new Error(`${text} was never seen`, {cause: error});
  });
}

/** Whether the status, every pane to the edge of the screen and the keys are there. */
function isWhole(screen: readonly string[], {columns, rows}: {columns: number; rows: number}): boolean {
  const panes = screen.slice(2, -2);
  const edges = columns >= 120 ? panes : panes.filter((row) => row.startsWith('─'));
  return (
    screen.length === rows &&
    (screen[0] ?? '').includes('rehearsal') &&
    (screen.at(-1) ?? '').includes('q leave') &&
    edges.length >= 3 &&
    edges.every((row) => row.length === columns && /[┐│┘─]$/.test(row))
  );
}

/** The one child of a process. */
function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
}

async function confirm(terminal: BenchTerminal, step: string): Promise<void> {
  await see(terminal, `Run ${step}:`);
  terminal.type('c');
  await see(terminal, "Type the run's name to confirm");
  terminal.type('rehearsal\r');
}

describe('an operator at the console of a real run', () => {
  let lab: Lab;
  let console: BenchTerminal;

  beforeAll(async () => {
    lab = await startLab({size: 'tiny', confirm: 'typed'});
    await appendFile(lab.yamlPath, 'alarms: {long_transaction: 2s}\n');
  });
  afterAll(async () => {
    const ending = onPty([BIN, '--config', lab.yamlPath, 'shutdown', '--lanes', '--yes', 'rehearsal'], {
      columns: 80,
      rows: 24,
    });
    await see(ending, 'the supervisor ends').catch(() => undefined);
    await lab.stop();
  });

  test('starts the run, watches the steps and confirms the slots and the pause', async () => {
    console = open(lab, 'run');
    await confirm(console, 'create-slots');
    await confirm(console, 'add-tables');
    await see(console, 'Run pause-replay');
    console.type('c');
    await see(console, 'pg_wal_replay_pause');
    console.type('\u001b');
    await see(console, '2 Lanes');
    expect((await stateOf(lab)).replayPaused).toBe(false);
  });

  test('gives the screen to one pane and back', async () => {
    console.type('3');
    await see(console, '▶ 3 Slots');
    console.type('z');
    const zoomed = waitForScreen(
      console,
      (screen) => !screen.join('').includes('2 Lanes') && screen.join('').includes('3 Slots'),
      5_000,
    );
    expect(await zoomed).toBeGreaterThanOrEqual(0);
    console.type('z');
    await see(console, '2 Lanes');
  });

  test('has whole frames at every size that it is made for', async () => {
    for (const [columns, rows] of [
      [80, 24],
      [120, 40],
      [200, 50],
      [100, 30],
    ] as const) {
      console.resize(columns, rows);
      const whole = waitForScreen(console, (screen) => isWhole(screen, {columns, rows}), 5_000);
      expect(await whole).toBeGreaterThanOrEqual(0);
    }
  });

  test('takes nothing that is pasted for keys', async () => {
    console.type('\u001b[200~qPK\r\u001b[201~');
    await see(console, 'what is pasted is not a key');
    expect(console.terminal.buffer.active.type).toBe('alternate');
  });

  test('sees an alarm come, with what to do', async () => {
    const old = new Client({host: lab.source.socketDir, port: lab.source.port, user: 'postgres', database: 'app'});
    await old.connect();
    await old.query('BEGIN; SELECT pg_current_xact_id()');
    await see(console, '⚠ 1 alarm');
    console.type('5');
    await see(console, /ALARM transactions/);
    expect((await stateOf(lab)).alarms.map(({id}) => id)).toContain('transaction.long:source');
    await old.query('COMMIT');
    await old.end();
  });

  test('pauses a lane and sees what stays held, resumes it, cancels it by its name and retries it', async () => {
    // A lock that lets others read keeps the lane's COPY waiting for as long as the story wants.
    const lock = new Client({host: lab.target.socketDir, port: lab.target.port, user: 'postgres', database: 'app'});
    await lock.connect();
    try {
      await lock.query('BEGIN; LOCK TABLE public.events IN SHARE MODE');
      await confirm(console, 'pause-replay');
      await see(console, /▶ events/);
      console.type('2/events\r');
      await see(console, /▌▶ events/);
      console.type(' ');
      await see(console, '1 marked');
      console.type(' ');
      await see(console, /Lanes[ ─]+filter events · queue/);
      console.type('p');
      await see(console, /▌‖ events.*paused 0:0\d {2}xmin held/);
      console.type('r');
      await see(console, /▌▶ events/);
      const waits = "SELECT 1 FROM pg_stat_activity WHERE application_name LIKE '%events' AND wait_event_type = 'Lock'";
      await eventually('the lane before the lock', async () =>
        (await lock.query(waits)).rowCount === 0 ? null : true,
      );
      console.type('p');
      await see(console, /▌‖ events/);
      for (const {state} of (await stateOf(lab)).units)
        if (state.status === 'running' && state.paused !== null) await untilStopped(state.folder);
      await lock.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE '%events'");
      await see(console, /▌‖ events.*paused 0:\d\d {2}CUT OFF: r/);
      console.type('r');
      await see(console, /▌✗ events +failed/);
      console.type('R');
      await see(console, /▌▶ events/);
      console.type('K');
      await see(console, 'Cancel the lane of events');
      console.type('events\r');
      await see(console, /▌✗ events +failed \(R retries\)/);
      console.type('l');
      await see(console, 'Log of events');
      console.type('w');
      await see(console, 'following · wrapped');
      console.type('/BEGIN\r');
      await see(console, /not following, F follows · wrapped · searched: BEGIN/);
      console.type('F');
      await see(console, /─ following · wrapped/);
      console.type('v');
      await see(console, '(END)');
      console.type('q');
      await see(console, 'Log of events');
      console.type('\u001b');
      await see(console, /▌✗ events/);
      console.type('R');
      await see(console, /▌▶ events/);
      // An error that time does not heal: the lane waits for the operator.
      await lock.query('ALTER TABLE public.events ADD CONSTRAINT nothing_fits CHECK (id < 0) NOT VALID; COMMIT');
      await see(console, /▌✗ events +failed/);
      console.type('\r');
      await see(console, 'nothing_fits');
      console.type('\u001b');
      await see(console, '2 Lanes');
      await lock.query('ALTER TABLE public.events DROP CONSTRAINT nothing_fits');
      console.type('R');
    } finally {
      await lock.end();
    }
    await see(console, 'Run resume-replay');
    const {units} = await stateOf(lab);
    expect(units.every((unit) => unit.state.status === 'committed')).toBe(true);
  });

  test('leaves the console while the run goes on, and attaches again, also read-only', async () => {
    console.type('q');
    await see(console, 'run rehearsal goes on without it');
    console = open(lab, 'attach');
    await see(console, 'Run resume-replay');
    const second = open(lab, 'attach', '--read-only');
    await see(second, ' RO ');
    second.type('c');
    await see(second, 'confirm: this console was attached read-only');
    console.kill();
    second.type('5');
    await see(second, '▶ 5 Events');
    second.type('q');
    await see(second, 'run rehearsal goes on without it');
    expect((await stateOf(lab)).steps.at(-1)?.state.status).toBe('waiting');
  });

  test('is blind while the supervisor hangs, and sees again when it goes on', async () => {
    console = open(lab, 'attach');
    await see(console, 'Run resume-replay');
    const {supervisor} = await stateOf(lab);
    if (supervisor === null) throw new Error('no supervisor');
    process.kill(supervisor.pid, 'SIGSTOP');
    await see(console, /BLIND since \d\d:\d\d:\d\d/);
    await see(console, /BLIND: longhaul --config \S+ status names its pid/);
    process.kill(supervisor.pid, 'SIGCONT');
    await waitForScreen(console, (screen) => !screen.join('').includes('BLIND'), 25_000);
    expect((await stateOf(lab)).supervisor?.pid).toBe(supervisor.pid);
  });

  test('is blind while the supervisor is dead, says since when, and sees again when it is back', async () => {
    const {supervisor} = await stateOf(lab);
    if (supervisor === null) throw new Error('no supervisor');
    process.kill(supervisor.pid, 'SIGKILL');
    await see(console, /BLIND since \d\d:\d\d:\d\d/);
    console.type('c');
    await see(console, 'confirm: no connection to the supervisor');
    const starting = open(lab, 'run', '--detach');
    await waitForScreen(
      console,
      (screen) => !screen.join('').includes('BLIND') && screen.join('').includes('Run resume-replay'),
      25_000,
    );
    starting.kill();
    expect((await stateOf(lab)).supervisor?.pid).not.toBe(supervisor.pid);
  });

  test('sees the alarm go, once its cause has been gone for a minute', async () => {
    console.type('5/transaction\r');
    await waitForScreen(console, (screen) => /alarm over: transaction/.test(screen.join('\n')), 90_000);
    expect((await stateOf(lab)).alarms.map(({id}) => id)).not.toContain('transaction.long:source');
    console.type('\u001b2');
  });

  test('leaves the terminal clean, also when it is killed with -9', async () => {
    expect(console.terminal.buffer.active.type).toBe('alternate');
    process.kill(console.innerPid(), 'SIGKILL');
    await waitForScreen(console, () => console.terminal.buffer.active.type === 'normal', 10_000);
    expect(console.terminal.modes.bracketedPasteMode).toBe(false);
    // What the next prompt would find: a shell that starts the console and then asks the terminal.
    const shell = onPty(
      ['sh', '-c', `'${BIN}' --config '${lab.yamlPath}' attach; stty -a; printf 'tell \\033[6n'; sleep 20`],
      {columns: 100, rows: 30},
    );
    await see(shell, 'Run resume-replay');
    process.kill(childOf(shell.innerPid()), 'SIGKILL');
    const asked = /(?<!-)icanon[^]* echo /;
    await see(shell, asked);
    shell.kill();
  });

  test('resumes replay by the name of the run, and the run is done', async () => {
    console = open(lab, 'attach');
    await see(console, 'Run resume-replay');
    await confirm(console, 'resume-replay');
    await see(console, /DONE .*proved/);
    console.type('q');
    expect((await stateOf(lab)).status).toBe('done');
  });
});
