import {execFileSync} from 'node:child_process';
import {appendFile, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {StepId} from '../../../src/domain/run/step-id.ts';
import type {LabServer} from '../../../src/lab/cluster/lab-server.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {edit} from '../../support/edit.ts';
import {eventually, journalOf, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';

/** It hangs for longer than a statement may take, and comes back slowly. */
const LIMIT_MS = 600_000;
const NIGHTLY = process.env['LONGHAUL_NIGHTLY'] !== undefined;
const WAITS =
  /^the target has not answered since \d\d:\d\d:\d\d UTC: waiting for it, at most 3:00 \(timeouts\.outage\)/;
const QUICK = ['load:\n', 'probes: {interval: 500ms}\ntimeouts: {outage: 3min}\nload:\n'] as const;

/** Waits until a step's progress says this. */
async function untilSaid(lab: Lab, step: StepId, words: RegExp, limitMs?: number): Promise<void> {
  const said = async (): Promise<true | null> => {
    const state = (await stateOf(lab)).steps.find(({id}) => id === step)?.state;
    return state?.status === 'running' && words.test(state.progress?.what ?? '') ? true : null;
  };
  await eventually(`${step} to say ${words.source}`, said, limitMs);
}

async function untilDone(lab: Lab, limitMs?: number): Promise<void> {
  await eventually(
    'the end of the run',
    async () => ((await stateOf(lab)).status === 'running' ? null : true),
    limitMs,
  );
}

/** What has failed, and what has waited, in the journal. */
async function told(lab: Lab): Promise<{failed: unknown[]; waited: Set<string>}> {
  const journal = await journalOf(lab);
  return {
    failed: journal.filter(({type}) => type === 'step.failed'),
    waited: new Set(
      journal.flatMap((entry) => (entry.type === 'step.progressed' && WAITS.test(entry.what) ? [entry.step] : [])),
    ),
  };
}

/** All processes of a server are stopped, as those of a machine that hangs; gives what lets them go on. */
async function hang({dataDir}: LabServer): Promise<() => void> {
  const [postmaster = ''] = (await readFile(join(dataDir, 'postmaster.pid'), 'utf8')).split('\n');
  const children = execFileSync('ps', ['--ppid', postmaster, '-o', 'pid='], {encoding: 'utf8'}).split('\n');
  const all = [postmaster, ...children].map(Number).filter((pid) => pid > 0);
  const signal = (name: 'SIGSTOP' | 'SIGCONT'): void => {
    for (const pid of all) {
      try {
        process.kill(pid, name);
      } catch {
        // A worker that has ended meanwhile.
      }
    }
  };
  signal('SIGSTOP');
  return () => signal('SIGCONT');
}

describe('a target that goes away while rows are compared', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await startLab({seed: join(import.meta.dirname, '../../support/two-tables.sql')});
    await edit(lab, QUICK);
    await mustEndWell(lab, 'run', '--plain', '--until', 'build-indexes');
    await mustEndWell(lab, 'shutdown');
    const seq = ((await journalOf(lab)).at(-1)?.seq ?? 0) + 1;
    const held = {seq, at: new Date().toISOString(), type: 'load.held', by: 'ana'};
    await appendFile(join(lab.folder, 'run', 'journal.jsonl'), `${JSON.stringify(held)}\n`);
    await mustEndWell(lab, 'run', '--detach', '--until', 'compare-objects');
    const scans = "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'longhaul/rehearsal/compare-%'";
    await eventually('a session', async () => ((await lab.target.sql(scans)).length > 0 ? true : null));
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  test('is waited for in plain words, and the step goes on by itself once it is back', async () => {
    await lab.target.stop('immediate');
    await mustEndWell(lab, 'resume', '--start');
    await untilSaid(lab, 'compare-rows', WAITS);
    const now = await eventually('what now to say it', async () => {
      const {stdout} = await longhaul(lab, 'status');
      return stdout.includes('what now: Nothing') ? null : stdout;
    });
    expect(now).toMatch(/what now: The target has not answered for \d+ s: .* goes on by itself once it answers\./);
    expect(now).not.toMatch(/ends in/);
    await lab.target.start();
    await untilDone(lab);
    expect(await told(lab)).toEqual({failed: [], waited: new Set(['compare-rows'])});
    const {rowsCompared, steps, units} = await stateOf(lab);
    expect(steps.find(({id}) => id === 'compare-rows')?.state.status).toBe('done');
    expect(rowsCompared).toMatchObject({tables: units.flatMap(({tables}) => tables).length, differing: []});
  });
});

describe.skipIf(!NIGHTLY)('a target that goes away while scans wait for their turn (nightly)', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await startLab({seed: join(import.meta.dirname, '../../support/two-tables.sql')});
    // The second scan of a server would begin in a day.
    await edit(lab, ['load:\n', 'probes: {interval: 500ms}\ntimeouts: {outage: 3min}\ncompare: {rate: 1B}\nload:\n']);
    await mustEndWell(lab, 'run', '--detach', '--until', 'compare-objects');
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  test('is told at once, and not when the turn of one would have come', async () => {
    const isSlow = async (): Promise<true | null> =>
      /rate limit/.test((await longhaul(lab, 'status', '--json')).stdout) ? true : null;
    await eventually('a scan to wait for its turn', isSlow, 120_000);
    await lab.target.stop('immediate');
    await untilSaid(lab, 'compare-rows', WAITS);
    expect(await told(lab)).toEqual({failed: [], waited: new Set(['compare-rows'])});
    await lab.target.start();
  });
});

describe.skipIf(!NIGHTLY)('a target that hangs (nightly)', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await startLab({seed: join(import.meta.dirname, '../../handoffs/seed.sql'), engine: 'native'});
    await edit(lab, ['caught_up_for: 3s', 'caught_up_for: 15s'], QUICK);
    await mustEndWell(lab, 'run', '--detach');
    const isThere = async (): Promise<true | null> => {
      const step = (await stateOf(lab)).steps.find(({id}) => id === 'wait-for-catch-up');
      return step?.state.status === 'running' ? true : null;
    };
    await eventually('the wait', isThere, 300_000);
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  test(
    'for a minute and more ends neither the wait for change capture nor the comparison after it',
    async () => {
      const goOn = await hang(lab.target);
      try {
        await untilSaid(lab, 'wait-for-catch-up', WAITS, 120_000);
        await new Promise((resolve) => setTimeout(resolve, 60_000));
      } finally {
        goOn();
      }
      // What is to be compared begins held: no fence is up when its target goes.
      await mustEndWell(lab, 'pause', '--start');
      const begun = async (): Promise<true | null> => ((await stateOf(lab)).again === null ? null : true);
      await eventually('the comparison', begun, 300_000);
      await lab.target.stop('immediate');
      await mustEndWell(lab, 'resume', '--start');
      await untilSaid(lab, 'compare-again', WAITS);
      await lab.target.start();
      await untilDone(lab, 300_000);
      expect(await told(lab)).toEqual({failed: [], waited: new Set(['wait-for-catch-up', 'compare-again'])});
      const journal = await journalOf(lab);
      expect(journal.filter(({type}) => type === 'again.ended')).toMatchObject([{failure: null}]);
      expect((await stateOf(lab)).again).toMatchObject({differing: [], undecided: 0});
    },
    LIMIT_MS,
  );
});
