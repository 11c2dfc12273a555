import {execFile} from 'node:child_process';
import {chmod, mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {compareFingerprints, fingerprintDatabase} from '../../../src/lab/fingerprint.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {startWriters, type Writers} from '../../handoffs/writers.ts';
import {drained} from '../../support/drained.ts';
import {edit} from '../../support/edit.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';

const NIGHTLY = process.env['LONGHAUL_NIGHTLY'] !== undefined;
const SEED = join(import.meta.dirname, '../../handoffs/seed.sql');
const AWS = join(import.meta.dirname, '../../support/aws-cli.ts');
const SLOTS = ['dms_slot_01', 'dms_slot_02'];
const LIMIT_MS = 120_000;

describe.skipIf(!NIGHTLY)(
  'tasks of DMS by files: somebody else calls AWS, with what Longhaul has written (nightly)',
  () => {
    let lab: Lab;
    let writers: Writers;

    beforeAll(async () => {
      lab = await startLab({seed: SEED, engine: 'dms'});
      await edit(lab, [/^( *)instance:/m, '$1mode: files\n$1instance:'], ['count: 3', 'count: 2']);
      await lab.source.sql(
        'ALTER TABLE public.whole ADD PRIMARY KEY (a); ALTER TABLE public.whole REPLICA IDENTITY DEFAULT',
      );
      const bin = join(lab.folder, 'bin');
      await mkdir(bin);
      const real = process.env['LONGHAUL_AWS'];
      const line =
        real === undefined ? `'${process.execPath}' --disable-warning=ExperimentalWarning '${AWS}'` : `'${real}'`;
      await writeFile(join(bin, 'aws'), `#!/bin/sh\nexec ${line} "$@"\n`);
      await chmod(join(bin, 'aws'), 0o755);
      writers = await startWriters(lab);
    });
    afterAll(async () => {
      await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
      await lab.stop();
    });

    /** Carries something out where `aws` may call DMS. */
    async function where(command: string, ...args: string[]): Promise<string> {
      const env = {
        PATH: `${join(lab.folder, 'bin')}:${process.env['PATH'] ?? ''}`,
        AWS_ACCESS_KEY_ID: 'lab',
        AWS_SECRET_ACCESS_KEY: 'lab',
      };
      return new Promise((resolve, reject) => {
        execFile(command, args, {env}, (error, stdout, stderr) => {
          if (error === null) resolve(stdout);
          else reject(new Error(`${[command, ...args].join(' ')}: ${stderr}`));
        });
      });
    }
    const file = (name: string): string => join(lab.folder, 'run', 'dms', name);
    const kept = async (): Promise<{tasks: {status: string; made: Record<string, string>}[]; endpoints: unknown[]}> =>
      JSON.parse(
        await readFile(join(lab.folder, 'dms-state.json'), 'utf8').catch(() => '{"tasks": [], "endpoints": []}'),
      );
    const isRead = async (slot: string): Promise<boolean> =>
      (await lab.source.sql(`SELECT active FROM pg_replication_slots WHERE slot_name = '${slot}'`))[0]?.[0] === 't';
    const remedyOf = async (...words: string[]): Promise<string> => {
      const {code, stderr, stdout} = await longhaul(lab, ...words);
      expect(code).not.toBe(0);
      const [, line] = /where aws may call DMS: (.*)/.exec(stderr + stdout) ?? [];
      return line ?? '';
    };

    test('the run calls nobody: it writes the calls of the endpoints, loads, and waits until somebody has started the tasks', async () => {
      expect((await longhaul(lab, 'run', '--detach')).code).toBe(0);
      const waits = await eventually(
        'start-cdc to wait',
        async () => {
          const {steps} = await stateOf(lab);
          const {state} = steps.find(({id}) => id === 'start-cdc') ?? {};
          if (steps.some((step) => step.state.status === 'failed')) throw new Error(JSON.stringify(steps));
          return state?.status === 'running' && 'progress' in state ? (state.progress?.what ?? null) : null;
        },
        LIMIT_MS,
      );
      expect(waits).toContain('nobody reads dms_slot_01, dms_slot_02 yet');
      expect(waits).toContain(`run dms_slot_01.sh in ${join(lab.folder, 'run', 'dms')}`);
      expect(await kept()).toMatchObject({tasks: [], endpoints: []});
      for (const slot of SLOTS)
        expect(await readFile(file(`create-replication-task.${slot}.json`), 'utf8')).toContain(
          '"MigrationType": "cdc"',
        );
    });

    test('a supervisor that is killed while it waits is followed by one that waits for the same', async () => {
      const {supervisor} = await stateOf(lab);
      const before = await readFile(file('dms_slot_01.sh'), 'utf8');
      process.kill(supervisor?.pid ?? 0, 'SIGKILL');
      await eventually('another supervisor to wait', async () => {
        await longhaul(lab, 'run', '--detach');
        const now = await stateOf(lab);
        const progress = now.steps.find(({id}) => id === 'start-cdc')?.state;
        return now.supervisor?.pid !== supervisor?.pid && progress?.status === 'running' && progress.progress !== null
          ? true
          : null;
      });
      expect(await readFile(file('dms_slot_01.sh'), 'utf8')).toBe(before);
    });

    test('what it has written is carried out as it is: the tasks begin at P, and every table is equal', async () => {
      await where('sh', file('endpoints.sh'));
      for (const slot of SLOTS) await where('sh', file(`${slot}.sh`));
      await mustEndWell(lab, 'run', '--plain');
      const {boundary, evidence} = await stateOf(lab);
      expect(evidence['start-cdc']).toMatchObject({boundary: boundary?.lsn, tasks: SLOTS});
      expect(
        (await kept()).tasks.map(({status, made}) => [status, made['MigrationType'], made['CdcStartPosition']]),
      ).toEqual(SLOTS.map(() => ['running', 'cdc', boundary?.lsn]));
      await writers.stop();
      await drained(lab);
      expect(compareFingerprints(await fingerprintDatabase(lab.source), await fingerprintDatabase(lab.target))).toEqual(
        [],
      );
    });

    test('pause and resume name the command of AWS, and it does what it says; the slot that nobody reads is told', async () => {
      await where('sh', '-c', await remedyOf('cdc', 'pause', 'dms_slot_01'));
      await eventually('the slot to be let go', async () => ((await isRead('dms_slot_01')) ? null : true));
      writers = await startWriters(lab);
      const alarm = await eventually(
        'the alarm',
        async () => (await stateOf(lab)).alarms.find(({id}) => id === 'cdc.down:dms_slot_01') ?? null,
        LIMIT_MS,
      );
      expect(alarm.remedy).not.toBe('');
      await writers.stop();
      await where('sh', '-c', await remedyOf('cdc', 'resume', 'dms_slot_01'));
      await drained(lab);
      expect(compareFingerprints(await fingerprintDatabase(lab.source), await fingerprintDatabase(lab.target))).toEqual(
        [],
      );
    });

    test('abort says what is to be run where aws may call DMS, and is over once that was', async () => {
      const {code, stdout, stderr} = await longhaul(lab, 'abort', '--yes', 'rehearsal');
      expect(code).not.toBe(0);
      expect(stdout + stderr).toContain(`where aws may call DMS: sh ${file('remove.sh')}`);
      await where('sh', file('remove.sh'));
      expect(await kept()).toMatchObject({tasks: [], endpoints: []});
      await mustEndWell(lab, 'abort', '--yes', 'rehearsal');
      expect(await lab.source.sql("SELECT 1 FROM pg_replication_slots WHERE slot_type = 'logical'")).toEqual([]);
      expect(await lab.source.sql("SELECT to_regnamespace('longhaul_cdc') IS NULL")).toEqual([['t']]);
    });
  },
);
