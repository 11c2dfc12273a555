import {rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import type {StepId} from '../../../src/domain/run/step-id.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {drained} from '../../support/drained.ts';
import {edit} from '../../support/edit.ts';
import {holdOpen, type LetGo} from '../../support/hold.ts';
import {eventually, longhaul, mustEndWell, stateOf, type Ended} from '../../support/longhaul.ts';
import {rowsOf, startClients, type Clients} from './clients.ts';

const NIGHTLY = process.env['LONGHAUL_NIGHTLY'] !== undefined;
const SEED = join(import.meta.dirname, 'seed.sql');

let lab: Lab;
let clients: Clients;
let letGo: LetGo | null = null;
const place = (name: string): string => join(lab.folder, name);

/** A command of the operator that waits for as long as its file is there, and one that notes that it was undone. */
const waiting = (name: string): string =>
  `{run: [sh, -c, 'while [ -e ${place(name)} ]; do sleep 0.05; done'], undo: [touch, ${place(`${name}.undone`)}], time_limit: 5min}`;

/** Where a cutover is held, and what holds it there once writes are being stopped: before, the same would keep it from beginning. */
const HOLDS: readonly (readonly [StepId, string | null])[] = [
  ['stop-writes', null],
  ['drain', 'LOCK TABLE longhaul_cdc.lh_01 IN SHARE MODE'],
  // It moves for as long as there are writers.
  ['copy-sequences', 'SET TRANSACTION READ WRITE; ALTER SEQUENCE public.moves_id_seq INCREMENT 1'],
  ['hand-over', null],
];

async function goOn(): Promise<void> {
  await letGo?.();
  letGo = null;
  for (const name of ['stop', 'hand', 'stop.undone', 'hand.undone']) await rm(place(name), {force: true});
}

/** Begins a cutover, holds it in this step, and waits until it is there. */
async function cutOverTo(step: StepId, held: string | null): Promise<{readonly ended: Promise<Ended>}> {
  await writeFile(place('stop'), '');
  if (step === 'hand-over') await writeFile(place('hand'), '');
  const before = (await stateOf(lab)).cutover?.attempt ?? 0;
  const ended = longhaul(lab, 'cutover', '--yes', 'rehearsal', '--plain');
  const isIn = async (id: StepId): Promise<void> => {
    await eventually(`the cutover to be in ${id}`, async () => {
      const {cutover, steps} = await stateOf(lab);
      if (cutover?.attempt === before + 1 && cutover.status === 'gone-back') throw new Error(cutover.goneBack?.reason);
      const isRunning = steps.some((one) => one.id === id && one.state.status === 'running');
      const isStopping = cutover?.stoppingAt != null;
      return cutover?.attempt === before + 1 && isRunning && isStopping ? true : null;
    });
  };
  await isIn('stop-writes');
  if (held !== null) letGo = await holdOpen(lab, held);
  if (step !== 'stop-writes') {
    await rm(place('stop'));
    await isIn(step);
  }
  return {ended};
}

/** The application writes on the source, its rows arrive on the target, and nothing of the cutover is left. */
async function mustBeBack(): Promise<void> {
  const {cutover} = await stateOf(lab);
  expect(cutover?.status).toBe('gone-back');
  const before = clients.committed().length;
  await eventually('the application to write on the source', async () =>
    clients.committed().length > before + 20 ? true : null,
  );
  const [[setting = ''] = []] = await lab.source.sql(
    "SELECT count(*) FROM pg_db_role_setting s, unnest(setconfig) c WHERE c LIKE 'default_transaction_read_only%'",
  );
  expect(setting).toBe('0');
  // A row may be committed behind those that have higher numbers.
  const committed = clients.committed().slice();
  await drained(lab);
  const arrived = new Set(await rowsOf(lab.target));
  expect(committed.filter((id) => !arrived.has(id))).toEqual([]);
}

describe.skipIf(!NIGHTLY)('a cutover that is taken back (nightly)', () => {
  beforeAll(async () => {
    lab = await startLab({seed: SEED, engine: 'native'});
    await edit(
      lab,
      ['caught_up_for: 3s', 'caught_up_for: 1s'],
      ['confirm:', 'timeouts: {lock: 1min}\nconfirm:'],
      ['cutover:\n', `cutover:\n  stop_before:\n    - ${waiting('stop')}\n  hand_over:\n    - ${waiting('hand')}\n`],
    );
    clients = startClients(lab.source, {pauseMs: 5});
    await mustEndWell(lab, 'run', '--plain');
  });
  afterEach(goOn);
  afterAll(async () => {
    await clients.stop();
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  test.each(HOLDS)('in %s is taken back: writes are allowed again, and change capture goes on', async (step, held) => {
    const {ended} = await cutOverTo(step, held);
    const out = await longhaul(lab, 'cutover', '--back-out');
    // What waits for a lock for too long has gone back by itself by then.
    expect(out.code === 0 || out.stderr.includes('no cutover is under way'), out.stderr).toBe(true);
    await letGo?.();
    letGo = null;
    expect((await ended).code).toBe(1);
    await mustBeBack();
  });

  test.each(HOLDS)('in %s, its supervisor killed, is taken back by the next one', async (step, held) => {
    const {ended} = await cutOverTo(step, held);
    process.kill((await stateOf(lab)).supervisor?.pid ?? 0, 'SIGKILL');
    expect((await ended).code).not.toBe(0);
    await goOn();
    await mustEndWell(lab, 'cutover', '--back-out');
    await mustBeBack();
    expect((await stateOf(lab)).cutover?.goneBack?.reason).toContain('its supervisor had ended');
  });

  test('once it opens the target is gone on with by the next supervisor, and neither taken back nor given up', async () => {
    letGo = await holdOpen(lab, "SET TRANSACTION READ WRITE; ALTER DATABASE app SET work_mem = '4MB'");
    const ended = longhaul(lab, 'cutover', '--yes', 'rehearsal', '--plain');
    await eventually('the target to be opened', async () =>
      (await stateOf(lab)).cutover?.status === 'opening' ? true : null,
    );
    process.kill((await stateOf(lab)).supervisor?.pid ?? 0, 'SIGKILL');
    await ended;
    for (const words of [
      ['cutover', '--back-out'],
      ['abort', '--yes', 'rehearsal'],
    ]) {
      const refused = await longhaul(lab, ...words);
      expect(refused.code).not.toBe(0);
      expect(refused.stderr).toMatch(/longhaul --config \S+ back leads back/);
    }
    await letGo();
    letGo = null;
    await mustEndWell(lab, 'cutover', '--yes', 'rehearsal', '--plain');
    await clients.stop();
    expect((await stateOf(lab)).cutover?.status).toBe('handed-over');
    const there = new Set(await rowsOf(lab.target));
    expect(clients.committed().filter((id) => !there.has(id))).toEqual([]);
  });
});
