import {expect, test} from 'vitest';
import type {Reading} from '../../../src/domain/reading/reading.ts';
import {NOW} from '../fixtures/acme-run.ts';
import {at, BACK, before, BEGUN, STOPPING} from './on-cutover.ts';

const LEFT: Reading = {
  at,
  probe: 'figures',
  of: 'left',
  server: 'source',
  figures: [{name: 'clients', label: 'clients still', value: 3, unit: 'count', of: 'the source, which was left'}],
};
const VISITORS = [
  {role: 'ev\u001B[2Jil', address: '10.0.0.7', applicationName: 'worker-3', sessions: 4, lastAt: at},
  ...Array.from({length: 5}, (_, n) => ({
    role: 'app',
    address: null,
    applicationName: `pool-${n}`,
    sessions: 1,
    lastAt: at,
  })),
];

test('behind the hand-over it names who still comes to the side that was left, and how many are there now', async () => {
  const console = await before();
  console.say({type: 'reading', reading: LEFT});
  console.happen(
    BEGUN,
    STOPPING,
    {type: 'cutover.handed-over', by: 'run', evidence: {}},
    {type: 'cutover.visited', visitors: VISITORS},
  );
  const screen = await console.waitFor('6 clients seen on the source since it was left, 3 sessions now');
  expect(screen).toMatch(/ev.*il from 10\.0\.0\.7, worker-3: 4 sessions, last seen \d\d:\d\d:\d\d UTC/);
  expect(screen).not.toContain('\u001B');
  expect(screen).toContain('and 2 more: longhaul status');
  // Whoever goes back has them come to where production will be.
  console.happen({type: 'back.begun', by: 'ops', steps: BACK}, {type: 'back.opening', by: 'ops'});
  await console.waitFor('The source is being opened');
  expect(await console.waitFor('Way back 1')).not.toContain('since it was left');
});

test('the snapshots of the last comparison are told with their age and limit for as long as they are held, and E ends them', async () => {
  const console = await before({columns: 200, rows: 50});
  console.happen(
    BEGUN,
    STOPPING,
    {
      type: 'step.done',
      step: 'compare-final',
      evidence: {
        byRow: ['public.users'],
        left: ['public.big', 'public.bigger'],
        counted: ['public.big'],
        written: {tables: 3, bytes: 1024 ** 3, left: ['public.big']},
        held: {since: new Date(NOW - 600_000).toISOString(), limitMs: 3_600_000},
        tookMs: 1000,
      },
      already: false,
    },
    {
      type: 'finding.seen',
      step: 'compare-final',
      finding: {
        check: 'cutover.not-counted',
        severity: 'note',
        subject: 'target',
        seen: '1 table was neither compared nor counted: public.bigger',
        remedy: '',
      },
    },
    {type: 'cutover.opening', by: 'ops'},
    {type: 'cutover.handed-over', by: 'run', evidence: {}},
  );
  const screen = await console.waitFor(/snapshots on both sides held for 1[0-2]:\d\d, at most/);
  expect(screen.replaceAll(/\s+/g, ' ')).toContain('2 tables are compared as they were at the hand-over');
  // By its name, what nobody has looked at while writes were stopped.
  expect(screen).toContain('neither compared nor counted: public.bigger');
  // In the lines that are always there as well.
  expect(screen.split('\n')[1]).toMatch(/snapshots 1[0-2]:\d\d of 1:00:00/);
  expect(screen).toMatch(/compare final.*3 tables \(1\.0 GB\) written/);
  console.type('E');
  await console.waitFor('End the last comparison');
  console.type('y');
  await console.waitFor('end-comparison done');
  expect(console.orders).toEqual([{type: 'end-comparison'}]);
  console.happen({type: 'cutover.comparison-over', by: 'ops', why: 'ops has ended it', left: ['public.big']});
  await console.waitForNo('snapshots');
});
