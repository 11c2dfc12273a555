import {readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {drained} from '../../support/drained.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';
import {rowsOf, startClients, type Clients} from './clients.ts';
import {LOG, mustBeTheSame, WRITES} from './rest.ts';

const SEED = join(import.meta.dirname, 'rest.sql');
/** Large objects are many enough to be told by their count. */
const LEFT_BY_TRYING = `SELECT count(*), (SELECT count(*) FROM pg_class WHERE relname ~ '^tried') FROM pg_largeobject_metadata`;

describe('a cutover of what change capture does not carry', () => {
  let lab: Lab;
  let clients: Clients;
  /** The command that leads the application over waits for as long as it is there. */
  const hand = (): string => join(lab.folder, 'hand');
  beforeAll(async () => {
    lab = await startLab({seed: SEED, engine: 'native'});
    const yaml = await readFile(lab.yamlPath, 'utf8');
    const waits = `[{run: [sh, -c, 'while [ -e ${hand()} ]; do sleep 0.05; done'], time_limit: 5min}]`;
    const more = yaml.replace('caught_up_for: 3s', 'caught_up_for: 1s');
    await writeFile(lab.yamlPath, more.replace('cutover:\n', `cutover:\n  hand_over: ${waits}\n`));
    clients = startClients(lab.source);
    await mustEndWell(lab, 'run', '--plain');
  });
  afterAll(async () => {
    await clients.stop();
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  test('copies again what differs, and nothing else', async () => {
    for (const write of WRITES) await lab.source.sql(write);
    await drained(lab);
    expect(await lab.target.sql(LOG)).not.toEqual(await lab.source.sql(LOG));
    // Left out where all are compared; whoever asks for one is told, and the cutover is not refused for it.
    await mustEndWell(lab, 'compare', '--again');
    expect((await longhaul(lab, 'compare', '--again', 'public.log')).code).toBe(1);
    // What the estimate tries is rolled back.
    const was = await lab.target.sql(LEFT_BY_TRYING);
    const {stdout: checked} = await longhaul(lab, 'cutover', '--check');
    expect(checked).toMatch(
      /copied again where they differ, in about [\d.]+ s \([\d.]+ s to [\d.]+ s\): 41 large objects/,
    );
    expect(checked).not.toContain('could not be tried');
    expect(await lab.target.sql(LEFT_BY_TRYING)).toEqual(was);
    await writeFile(hand(), '');
    const refused = longhaul(lab, 'cutover', '--yes', 'rehearsal', '--plain');
    await eventually('the application to be led over', async () => {
      const {cutover, evidence} = await stateOf(lab);
      if (cutover?.status === 'gone-back') throw new Error(cutover.goneBack?.reason);
      return evidence['copy-the-rest'] !== undefined && cutover?.commands.length === 1 ? true : null;
    });
    // No lock keeps a session that comes back from it, and nothing but the objects themselves tells.
    await lab.source.sql("BEGIN READ WRITE; SELECT lo_put(70001, 7, 'late'); COMMIT");
    await rm(hand());
    expect((await refused).code).toBe(1);
    const {cutover: first, evidence: then} = await stateOf(lab);
    expect(first?.goneBack?.reason).toMatch(/^hand-over: large objects of the source were made, written or removed/);
    const {'copy-the-rest': rest} = then;
    expect(rest?.equal).toEqual(['public.quiet']);
    expect(rest?.copied?.map(({table, how}) => `${table} ${how}`).toSorted()).toEqual([
      'public.lines difference',
      'public.log whole',
      'public.sessions whole',
      'public.tags whole',
    ]);
    expect(rest?.objects).toMatchObject({compared: 41, copied: 4, removed: 1});

    await mustEndWell(lab, 'cutover', '--yes', 'rehearsal', '--plain');
    await clients.stop();
    const {cutover, evidence} = await stateOf(lab);
    expect(cutover?.status).toBe('handed-over');
    await mustBeTheSame(lab);
    const arrived = new Set(await rowsOf(lab.target));
    expect(clients.committed().filter((id) => !arrived.has(id))).toEqual([]);
    // What was copied before it was taken back is there; the object that was written since is copied once more.
    expect(evidence['copy-the-rest']?.objects).toMatchObject({compared: 41, copied: 1, removed: 0});
    // Each was compared once: by the one step or by the other.
    expect(evidence['compare-final']?.byRow?.filter((table) => table === 'public.lines')).toEqual(['public.lines']);
  });
});
