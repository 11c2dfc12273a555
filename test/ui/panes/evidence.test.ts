import {expect, test} from 'vitest';
import {evidenceFacts, evidenceLine} from '../../../src/ui/panes/steps/evidence.ts';

const EVIDENCE = {
  afterTablesLsn: '16/B374D848',
  retainedBytes: 3_145_728,
  tookMs: 1250,
  walCheckedAt: '2026-11-24T04:31:40.000Z',
  slots: [{name: 'lh_slot_01', lagBytes: 2048, lagSeconds: 0.4}],
  leftOut: [],
  everyRow: true,
};

test('what a step came to is told in words, with units, a row for each member of a list', () => {
  expect(evidenceFacts(EVIDENCE)).toEqual([
    {label: 'after tables LSN', text: '16/B374D848'},
    {label: 'retained', text: '3.0 MB'},
    {label: 'took', text: '1.3 s'},
    {label: 'wal checked at', text: '2026-11-24T04:31:40.000Z'},
    {label: 'slots', text: 'name lh_slot_01, lag 2.0 kB, lag 0.4 s'},
    {label: 'left out', text: 'none'},
    {label: 'every row', text: 'yes'},
  ]);
});

test('a row has its plain figures alone', () => {
  expect(evidenceLine(EVIDENCE)).toBe('after tables LSN 16/B374D848, retained 3.0 MB');
});

test('a list of ten thousand leaves room for the rest', () => {
  const facts = evidenceFacts({tables: Array.from({length: 10_000}, (_, i) => `t${i}`)});
  expect(facts).toHaveLength(201);
  expect(facts.at(-1)?.text).toBe('and 9,800 more: longhaul report --json has all of them');
});
