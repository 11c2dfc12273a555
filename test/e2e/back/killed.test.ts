import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {findServerBin} from '../../../src/lab/cluster/server-programs.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {findOldServer} from '../../pairs/old-server.ts';
import {longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';
import type {Clients} from '../cutover/clients.ts';
import {differing, lostOn, startWriters} from './story.ts';

const SEED = join(import.meta.dirname, '../../handoffs/seed.sql');
const NIGHTLY = process.env['LONGHAUL_NIGHTLY'] !== undefined;
const PAIRS: readonly (readonly [string, string | null])[] = [
  ['15 to 15', await findServerBin()],
  ['9.6 to 15 (skipped where there is none: LONGHAUL_PG96)', findOldServer()],
];

/** What the journal says when the supervisor is killed: in the cutover, and in the way back behind it. */
const MOMENTS: readonly (readonly [there: readonly string[], back: readonly string[]])[] = [
  [['"back-pglogical-subscription r_lh_01"', '"back-slot pgl_'], ['"back.stopping"']],
  [['"cutover.stopping"'], ['"back.writes-stopped"']],
  [['"step.started","step":"start-reverse"'], ['"step.started","step":"back-start-forward"']],
  [['"cutover.opening"'], ['"back.opening"']],
  [['"cutover.handed-over"'], ['"back.handed-over"']],
];

type Command = 'cutover' | 'back';

async function journalOf(lab: Lab): Promise<string> {
  return readFile(join(lab.folder, 'run', 'journal.jsonl'), 'utf8');
}

/** Gives the command, kills the supervisor as soon as its journal says one of these after the other, and goes on until the command has led where it leads. */
async function goKilled(lab: Lab, command: Command, words: readonly string[]): Promise<void> {
  for (const word of words) await killAt(lab, command, word);
  await goOn(lab, command);
}

async function killAt(lab: Lab, command: Command, word: string): Promise<void> {
  const under = command === 'cutover' ? (await stateOf(lab)).cutover : (await stateOf(lab)).back;
  if (under?.status === 'under-way') await longhaul(lab, command, '--back-out');
  const before = (await journalOf(lab)).length;
  const walk = {hasEnded: false};
  const ended = longhaul(lab, command, '--yes', 'rehearsal', '--plain').finally(() => (walk.hasEnded = true));
  while (!walk.hasEnded && !(await journalOf(lab)).slice(before).includes(word)) await new Promise(setImmediate);
  const {pid = 0} = (await stateOf(lab)).supervisor ?? {};
  if (!walk.hasEnded) process.kill(pid, 'SIGKILL');
  await ended;
}

/** As the operator would: what is under way is taken back, and what was taken back is begun once more. */
async function goOn(lab: Lab, command: Command): Promise<void> {
  for (let tries = 0; tries < 8; tries += 1) {
    const state = await stateOf(lab);
    const walk = command === 'cutover' ? state.cutover : state.back;
    if (walk?.status === 'handed-over') return;
    await (walk?.status === 'under-way'
      ? longhaul(lab, command, '--back-out')
      : longhaul(lab, command, '--yes', 'rehearsal', '--plain'));
  }
  throw new Error(`longhaul ${command} does not come to its end: ${(await journalOf(lab)).slice(-2000)}`);
}

// npm run cutovers
describe.skipIf(!NIGHTLY).each(PAIRS)('with pglogical, %s, under writers, its supervisor killed', (_, sourceBin) => {
  let lab: Lab;
  let clients: Clients;
  const all: Clients[] = [];
  const start = (on: Lab['source']): void => {
    clients = startWriters(on);
    all.push(clients);
  };
  beforeAll(async () => {
    if (sourceBin === null) return;
    lab = await startLab({seed: SEED, engine: 'pglogical', wayBack: true, sourceBin, targetBin: await findServerBin()});
    const yaml = await readFile(lab.yamlPath, 'utf8');
    await writeFile(lab.yamlPath, yaml.replace('caught_up_for: 3s', 'caught_up_for: 1s'));
    start(lab.source);
    await mustEndWell(lab, 'run', '--plain');
  });
  afterAll(async () => {
    if (sourceBin === null) return;
    await clients.stop();
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  test.skipIf(sourceBin === null).each(MOMENTS)(
    'at %j and at %j, no row is lost and none comes twice',
    async (there, back) => {
      await goKilled(lab, 'cutover', there);
      await clients.stop();
      expect(await differing(lab)).toEqual([]);
      expect(await lostOn(lab.target, all)).toEqual({lost: [], doubled: 0});
      start(lab.target);
      await goKilled(lab, 'back', back);
      await clients.stop();
      expect(await differing(lab)).toEqual([]);
      expect(await lostOn(lab.source, all)).toEqual({lost: [], doubled: 0});
      start(lab.source);
    },
    // Each kill is followed by two or three commands, on a machine that is busy with other tests.
    300_000,
  );
});
