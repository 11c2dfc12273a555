import {expect, test} from 'vitest';
import {formatReport} from '../../src/cli/format-report.ts';
import {LOADING_STATE} from '../ui/acme-run.ts';

test('the report has P, the steps, every unit, what failed and what stands', () => {
  const lines = formatReport(LOADING_STATE, {at: '2026-11-24T05:00:00.000Z'}).split('\n');
  expect(lines[0]).toBe('# Longhaul run acme-prod');
  expect(lines).toContain('- State: running, begun 2026-11-24T03:44:40.000Z');
  expect(lines).toContain(
    '- P: 35FE3/B63D4718, captured 2026-11-20T02:20:00.000Z, timeline 1, system 7301234567890123456, proved against every slot',
  );
  expect(lines).toContain('| 15-sessions | 60 GB | committed | 81,000,000 | 15:00 | 1 |');
  expect(lines).toContain('| 05-users | 88 GB | failed |  | value too long for type character varying(80) | 1 |');
  expect(lines.filter((line) => line.startsWith('| full-load | running'))).toHaveLength(1);
  expect(lines.filter((line) => line.startsWith('- warning since'))).toHaveLength(1);
  expect(lines.filter((line) => line.startsWith('- warning: source:'))).toHaveLength(1);
});

test('a name from a database cannot break out of its line or its cell', () => {
  const hostile = {...LOADING_STATE.units[0], id: 'x', tables: [{schema: 'public', name: 'a|b\n## \u001b[31mowned'}]};
  const report = formatReport({...LOADING_STATE, units: [hostile as never]}, {at: ''});
  expect(report).not.toMatch(/^## .*owned/m);
  expect(report).not.toContain('\u001b');
  expect(report).toContain('a\\|b');
});
