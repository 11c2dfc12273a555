import {expect, test} from 'vitest';
import type {Finding} from '../../../src/domain/run/finding.ts';
import {formatFindings} from '../../../src/engine/preflight/format-findings.ts';

const one = (subject: string, seen: string, remedy = 'mend it'): Finding => ({
  check: `${subject}.x`,
  severity: 'blocker',
  subject,
  seen,
  remedy,
});

test('findings that want the same done are together, with the remedy once', () => {
  expect(
    formatFindings([one('source', 'is off'), one('target', 'is elsewhere', 'move it'), one('replica', 'is off')]),
  ).toBe(
    [
      'BLOCKER  source, replica: is off',
      '         mend it',
      'BLOCKER  target: is elsewhere',
      '         move it',
      '',
      '3 blockers, 0 warnings, 0 notes',
    ].join('\n'),
  );
});

test('of many of one kind ten are shown and the rest is counted', () => {
  const lines = formatFindings(Array.from({length: 12}, (_, i) => one('data', `table t${i} has no key`))).split('\n');
  expect(lines.filter((line) => line.startsWith('BLOCKER'))).toHaveLength(10);
  expect(lines).toContain('         and 2 more of these: longhaul check --json has them all');
  expect(lines.filter((line) => line.trim() === 'mend it')).toHaveLength(1);
});

test('where there are only notes, it says that nothing stops a run', () => {
  expect(formatFindings([{...one('source', 'PostgreSQL 15.6', ''), severity: 'note'}])).toBe(
    'NOTE     source: PostgreSQL 15.6\n\nNothing stops a run.\n0 blockers, 0 warnings, 1 note',
  );
  expect(formatFindings([])).toBe('Nothing stops a run.\n0 blockers, 0 warnings, 0 notes');
});
