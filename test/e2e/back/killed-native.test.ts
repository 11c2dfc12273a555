import {rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {edit} from '../../support/edit.ts';
import {eventually, longhaul, mustEndWell, stateOf, type Ended} from '../../support/longhaul.ts';
import type {Clients} from '../cutover/clients.ts';
import {differing, lostOn, startWriters} from './story.ts';

const SEED = join(import.meta.dirname, '../../handoffs/seed.sql');
const NIGHTLY = process.env['LONGHAUL_NIGHTLY'] !== undefined;

// npm run cutovers
describe.skipIf(!NIGHTLY)('a way back whose supervisor is killed once nobody writes any more', () => {
  let lab: Lab;
  /** While it is there, the operator's command that leads to the source does not end. */
  const held = (): string => join(lab.folder, 'held');
  const all: Clients[] = [];
  const start = (on: Lab['source']): void => void all.push(startWriters(on));
  const stop = async (): Promise<void> => all.at(-1)?.stop();

  /** Goes back, and kills the supervisor while the writes are stopped. */
  async function killed(): Promise<Ended> {
    await writeFile(held(), '');
    const attempt = (await stateOf(lab)).back?.attempt ?? 0;
    const ended = longhaul(lab, 'back', '--yes', 'rehearsal', '--plain');
    await eventually('nobody to write on the target', async () => {
      const {back} = await stateOf(lab);
      return (back?.attempt ?? 0) > attempt && back?.status === 'under-way' && back.stopped !== null ? true : null;
    });
    process.kill((await stateOf(lab)).supervisor?.pid ?? 0, 'SIGKILL');
    const said = await ended;
    await rm(held());
    return said;
  }

  /** Gives a command as it was printed. */
  async function asPrinted(text: string, command: RegExp): Promise<Ended> {
    const [, words = ''] = command.exec(text) ?? [];
    expect(words, text).not.toBe('');
    return longhaul(lab, ...words.split(' '));
  }

  /** The application writes on the target, as if nobody had wanted to go back. */
  async function mustWriteOnTarget(): Promise<void> {
    const before = all.at(-1)?.committed().length ?? 0;
    await eventually('the application to write on the target', async () =>
      (all.at(-1)?.committed().length ?? 0) > before + 20 ? true : null,
    );
    expect((await stateOf(lab)).back?.status).toBe('gone-back');
  }

  beforeAll(async () => {
    lab = await startLab({seed: SEED, engine: 'native', wayBack: true});
    const leads = `{run: ['true'], undo: [sh, -c, 'while [ -e ${held()} ]; do sleep 0.05; done'], time_limit: 5min}`;
    await edit(
      lab,
      ['caught_up_for: 3s', 'caught_up_for: 1s'],
      ['cutover:\n', `cutover:\n  hand_over:\n    - ${leads}\n`],
    );
    start(lab.source);
    await mustEndWell(lab, 'run', '--plain');
    await mustEndWell(lab, 'cutover', '--yes', 'rehearsal', '--plain');
    await stop();
    start(lab.target);
  });
  afterAll(async () => {
    await stop();
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  test('is taken back by the command that the screen names, and the target takes writes again', async () => {
    const {code, stderr} = await killed();
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/the supervisor is gone, and writes may be stopped/);
    const out = await asPrinted(stderr, /longhaul --config \S+ (back --back-out)/);
    expect(out.code, out.stderr).toBe(0);
    await mustWriteOnTarget();
  });

  test('is not begun a second time: who tries is told to take it back, and then goes back as the status says', async () => {
    await killed();
    const refused = await longhaul(lab, 'back', '--yes', 'rehearsal', '--plain');
    expect(refused.code).not.toBe(0);
    const {stdout} = await longhaul(lab, 'status');
    expect(stdout).toMatch(/A way back is under way: longhaul --config \S+ back --back-out/);
    const out = await asPrinted(refused.stderr, /longhaul --config \S+ (back --back-out)/);
    expect(out.code, out.stderr).toBe(0);
    await mustWriteOnTarget();
    const status = (await longhaul(lab, 'status')).stdout;
    const back = await asPrinted(status, /Production is on the target; .*longhaul --config \S+ (back --yes rehearsal)/);
    expect(back.code, back.stderr).toBe(0);
    await stop();
    expect(await differing(lab)).toEqual([]);
    expect(await lostOn(lab.source, all)).toEqual({lost: [], doubled: 0});
    start(lab.source);
    await eventually('the application to write on the source', async () =>
      (all.at(-1)?.committed().length ?? 0) > 20 ? true : null,
    );
  });
});
