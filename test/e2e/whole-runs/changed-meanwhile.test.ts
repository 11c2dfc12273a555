import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {longhaul, stateOf} from '../../support/longhaul.ts';

const statusOf = async (lab: Lab, id: string) =>
  (await stateOf(lab)).steps.find((step) => step.id === id)?.state.status;

describe('a source that changes while the move is prepared', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await startLab({size: 'tiny'});
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  test('a step that was asked for too early is refused, and nothing counts as done by it', async () => {
    expect(await longhaul(lab, 'run', '--plain', '--from', 'resume-replay')).toMatchObject({code: 1});
    expect(await longhaul(lab, 'run', '--plain', '--until', 'copy-schema')).toMatchObject({code: 0});
    expect(await statusOf(lab, 'create-slots')).toBe('pending');
    expect(await lab.target.sql("SELECT to_regclass('public.accounts') IS NOT NULL")).toEqual([['t']]);
  });

  test('an index that came since is on the target in the end; an altered table is named before anything is made on the source', async () => {
    await lab.source.sql(
      'CREATE UNIQUE INDEX came_later ON public.lookup_1 (code, label); ALTER TABLE public.lookup_9 ALTER COLUMN code TYPE bigint',
    );
    const stopped = await longhaul(lab, 'run', '--plain');
    expect(stopped.code).toBe(1);
    expect(stopped.stdout).toContain('columns of other types, than on the source: public.lookup_9');
    expect(await statusOf(lab, 'create-slots')).toBe('pending');
    await lab.target.sql('ALTER TABLE public.lookup_9 ALTER COLUMN code TYPE bigint');
    const run = await longhaul(lab, 'run', '--plain');
    expect(run.code).toBe(0);
    expect(await lab.target.sql("SELECT to_regclass('public.came_later') IS NOT NULL")).toEqual([['t']]);
  });

  test('another cdc.engine is refused while slots of the one before are there, and abort drops those', async () => {
    await withoutCapture(lab);
    const refused = await longhaul(lab, 'check');
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain('cdc.engine: it is none, and this run has made slot dms_slot_01');
    expect(await longhaul(lab, 'abort', '--yes', 'rehearsal')).toMatchObject({code: 0});
    expect(await lab.source.sql('SELECT count(*) FROM pg_replication_slots WHERE plugin IS NOT NULL')).toEqual([['0']]);
    expect(await lab.source.sql('SELECT count(*) FROM pglogical.node')).toEqual([['0']]);
    expect((await longhaul(lab, 'check')).stdout).not.toContain('cdc.engine');
  });
});

async function withoutCapture(lab: Lab): Promise<void> {
  const yaml = await readFile(lab.yamlPath, 'utf8');
  await writeFile(lab.yamlPath, yaml.replace('engine: dms', 'engine: none'));
}

test('a database without a table gets its functions and types all the same', async () => {
  const lab = await startLab({size: 'tiny', seed: join(import.meta.dirname, '../../support/no-tables.sql')});
  try {
    await withoutCapture(lab);
    const run = await longhaul(lab, 'run', '--plain');
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(await lab.target.sql("SELECT public.one(), to_regtype('public.mood') IS NOT NULL")).toEqual([['1', 't']]);
  } finally {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  }
});
