import {existsSync, mkdtempSync, readFileSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {LonghaulError} from '../../../src/domain/base/longhaul-error.ts';
import {tellOperator} from '../../../src/probes/judge/alarm-command.ts';
import {runCommand} from '../../../src/probes/watch/run-command.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lh-probes-'));
});
afterEach(() => {
  rmSync(folder, {recursive: true});
});

/** Outlives the command, longer than its output is read for, and is ended by its own output where nobody reads that. */
const CHILD = '(sleep 1; echo more && touch "$0"; exec sleep 6) &';

const leaving = (after: string) => ['sh', '-c', `echo began; ${CHILD} ${after}`, join(folder, 'wrote')];

describe('an operator’s command', () => {
  const env = {PATH: process.env['PATH'], LONGHAUL_REPLICA_PASSWORD: 'geheim'};
  const options = {what: 'disks.source.command', timeoutMs: 5000, env};

  test('gets its words as they are, and no shell sees them', async () => {
    expect(await runCommand(['printf', '%s|', '$(id)', '; rm -rf /', "'"], options)).toBe("$(id)|; rm -rf /|'|");
  });

  test('is not told passwords', async () => {
    expect(await runCommand(['env'], options)).not.toContain('geheim');
  });

  test('is ended with its children when the time is up', async () => {
    const marker = `17${process.pid}`;
    const slow = runCommand(['sh', '-c', `sleep ${marker} & sleep ${marker}`], {...options, timeoutMs: 200});
    await expect(slow).rejects.toThrow('disks.source.command: it did not end in time');
    // They are killed; that they are gone shows a moment later.
    await expect.poll(() => running(`sleep\0${marker}\0`), {timeout: 10_000}).toBe(0);
  });

  describe.each([{}, {endsWithUs: true}] as const)('that leaves a child behind which holds its output open', (how) => {
    test('is over at its own end, and its child goes on', async () => {
      expect(await runCommand(leaving(''), {...options, ...how})).toBe('began\n');
      await expect.poll(() => existsSync(join(folder, 'wrote')), {timeout: 10_000}).toBe(true);
    });

    test('has failed where it says so', async () => {
      const failed = runCommand(leaving('exit 3'), {...options, ...how});
      await expect(failed).rejects.toThrow('disks.source.command: it ended with 3');
      // The folder is removed after it.
      await expect.poll(() => existsSync(join(folder, 'wrote')), {timeout: 10_000}).toBe(true);
    });
  });

  test('that fails is told with its last words', async () => {
    await expect(runCommand(['sh', '-c', 'echo no route >&2; exit 255'], options)).rejects.toThrow(
      'it ended with 255: no route',
    );
    await expect(runCommand(['/nonexistent/pager'], options)).rejects.toBeInstanceOf(LonghaulError);
  });

  test('for alarms finds the alarm in its environment, on one line each', async () => {
    const alarm = {
      id: 'slot.lost:x',
      severity: 'critical',
      subject: 'slot x\ny',
      seen: '$(reboot)',
      remedy: '`id`',
    } as const;
    await tellOperator(
      ['sh', '-c', `env | grep LONGHAUL_ALARM | sort > "$0"`, join(folder, 'told')],
      {run: 'acme', state: 'raised', alarm},
      env,
    );
    expect(readFileSync(join(folder, 'told'), 'utf8').split('\n')).toEqual([
      'LONGHAUL_ALARM_ID=slot.lost:x',
      'LONGHAUL_ALARM_REMEDY=`id`',
      'LONGHAUL_ALARM_RUN=acme',
      'LONGHAUL_ALARM_SEEN=$(reboot)',
      'LONGHAUL_ALARM_SEVERITY=critical',
      String.raw`LONGHAUL_ALARM_STATE=raised`,
      String.raw`LONGHAUL_ALARM_SUBJECT=slot x\ny`,
      '',
    ]);
  });
});

/** How many processes have this command line. */
function running(commandLine: string): number {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => commandLineOf(pid) === commandLine).length;
}

function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
