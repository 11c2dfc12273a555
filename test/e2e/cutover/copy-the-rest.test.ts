import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {drained} from '../../support/drained.ts';
import {longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';
import {rowsOf, startClients, type Clients} from './clients.ts';

const SEED = join(import.meta.dirname, 'rest.sql');
/** What an application does after P that no change capture brings. */
const WRITES = [
  "UPDATE public.log SET amount = amount + 1 WHERE words IN ('line 3', 'line 7')",
  "DELETE FROM public.log WHERE words = 'line 11' AND ctid IN (SELECT ctid FROM public.log WHERE words = 'line 11' LIMIT 5)",
  "INSERT INTO public.log VALUES ('infinity', NULL, 'NaN'), ('infinity', NULL, 'NaN')",
  "DELETE FROM public.tags WHERE code = 'code 50'",
  "UPDATE public.tags SET words = 'others' WHERE code < 'code 2'",
  "UPDATE public.lines SET words = 'changed' WHERE n IN (17, 49999)",
  'DELETE FROM public.lines WHERE ctid IN (SELECT ctid FROM public.lines WHERE n = 5 LIMIT 1)',
  "UPDATE public.sessions SET words = words || '!' WHERE id < 10",
  "SELECT lo_put(70001, 300100, 'abc'), lo_put(70002, 3, 'abc'), lo_unlink(70003), lo_from_bytea(80001, decode(repeat('07', 600000), 'hex')), lo_create(80002)",
  'ALTER LARGE OBJECT 80001 OWNER TO app_owner',
  'GRANT SELECT ON LARGE OBJECT 70004 TO app',
];
/** What both sides have to have alike then. */
const SAME = [
  'SELECT * FROM public.log ORDER BY 1, 2, 3',
  'SELECT * FROM public.quiet ORDER BY 1',
  'SELECT * FROM public.tags ORDER BY 1',
  'SELECT * FROM public.tagged ORDER BY 1',
  'SELECT * FROM public.counted ORDER BY 1',
  'SELECT n, words, count(*) FROM public.lines GROUP BY 1, 2 ORDER BY 1, 2',
  'SELECT * FROM public.sessions ORDER BY 1',
  'SELECT oid, md5(lo_get(oid)), pg_get_userbyid(lomowner), lomacl FROM pg_largeobject_metadata ORDER BY 1',
];

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
    expect(await lab.target.sql(SAME[0] ?? '')).not.toEqual(await lab.source.sql(SAME[0] ?? ''));
    await mustEndWell(lab, 'cutover', '--yes', 'rehearsal', '--plain');
    await clients.stop();
    const {cutover, evidence} = await stateOf(lab);
    expect(cutover?.status).toBe('handed-over');
    for (const query of SAME) expect(await lab.target.sql(query), query).toEqual(await lab.source.sql(query));
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
