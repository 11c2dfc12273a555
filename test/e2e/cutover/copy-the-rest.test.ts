import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {drained} from '../../support/drained.ts';
import {longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';
import {rowsOf, startClients, type Clients} from './clients.ts';
import {LOG, mustBeTheSame, WRITES} from './rest.ts';

const SEED = join(import.meta.dirname, 'rest.sql');
describe('a cutover of what change capture does not carry', () => {
  let lab: Lab;
  let clients: Clients;
  beforeAll(async () => {
    lab = await startLab({seed: SEED, engine: 'native'});
    const yaml = await readFile(lab.yamlPath, 'utf8');
    await writeFile(lab.yamlPath, yaml.replace('caught_up_for: 3s', 'caught_up_for: 1s'));
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
    await mustEndWell(lab, 'cutover', '--yes', 'rehearsal', '--plain');
    await clients.stop();
    const {cutover, evidence} = await stateOf(lab);
    expect(cutover?.status).toBe('handed-over');
    await mustBeTheSame(lab);
    const arrived = new Set(await rowsOf(lab.target));
    expect(clients.committed().filter((id) => !arrived.has(id))).toEqual([]);
    const rest = evidence['copy-the-rest'];
    expect(rest?.equal).toEqual(['public.quiet']);
    expect(rest?.copied?.map(({table, how}) => `${table} ${how}`).toSorted()).toEqual([
      'public.lines difference',
      'public.log whole',
      'public.sessions whole',
      'public.tags whole',
    ]);
    expect(rest?.objects).toEqual({compared: 41, copied: 4, removed: 1});
    // Each was compared once: by the one step or by the other.
    expect(evidence['compare-final']?.byRow).toContain('public.lines');
  });
});
