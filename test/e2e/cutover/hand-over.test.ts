import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {compareFingerprints, fingerprintDatabase} from '../../../src/lab/fingerprint.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';
import {startClients, type Clients} from './clients.ts';

const SEED = join(import.meta.dirname, '../../handoffs/seed.sql');

describe('a cutover under writers', () => {
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

  test('hands over every row that was committed, and no write is taken by the source afterwards', async () => {
    const {stdout} = await mustEndWell(lab, 'cutover', '--yes', 'rehearsal', '--plain');
    console.log(stdout);
    const {cutover} = await stateOf(lab);
    expect(cutover?.status).toBe('handed-over');
    expect(compareFingerprints(await fingerprintDatabase(lab.source), await fingerprintDatabase(lab.target))).toEqual(
      [],
    );
    await clients.stop();
  });
});
