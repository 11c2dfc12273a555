import {expect, test} from 'vitest';
import {formatReport} from '../../src/report/format-report.ts';
import {reportOf} from '../../src/report/report-data.ts';
import type {JournalEntry, RunEvent} from '../../src/domain/run/event.ts';
import {journal, LOADING} from '../ui/fixtures/acme-run.ts';

const AT = {
  at: '2026-11-24T05:00:00.000Z',
  servers: {source: 'db1:5432/app as lh', replica: 'db3:5432/app as lh', target: 'rds:5432/app as lh'},
  readings: [],
};
const server = (role: 'source' | 'target', seen: string): RunEvent => ({
  type: 'finding.seen',
  step: 'preflight',
  finding: {check: `${role}.server`, severity: 'note', subject: role, seen, remedy: ''},
});
const minute = (of: number): string => new Date(Date.parse(AT.at) + of * 60_000).toISOString();
const written = (entries: readonly JournalEntry[]): string => formatReport(reportOf(entries, AT));

test('the report has P, the steps, every unit, what failed, the alarms and what happened', () => {
  const lines = written(LOADING).split('\n');
  expect(lines[0]).toBe('# Longhaul run acme-prod');
  expect(lines).toContain('- State: running, begun 2026-11-24T03:43:40.000Z, 1:16:20');
  const proved = LOADING.find(({type}) => type === 'boundary.proved')?.at;
  expect(lines).toContain(
    `- P: 35FE3/B63D4718, proved at ${proved}; captured 2026-11-20T02:20:00.000Z, timeline 1, system 7301234567890123456`,
  );
  expect(lines).toContain('| 15-sessions | 60 GB | committed | 81,000,000 | 15:00 | 1 |');
  expect(lines).toContain('| 05-users | 88 GB | failed |  | value too long for type character varying(80) | 1 |');
  expect(lines.filter((line) => line.startsWith('| full-load | running'))).toHaveLength(1);
  expect(lines.filter((line) => line.startsWith('- warning since'))).toHaveLength(1);
  expect(lines.filter((line) => line.startsWith('- warning: source:'))).toHaveLength(1);
  expect(lines.filter((line) => line.endsWith('unit 03-audit_log paused by ana@jump1 (console)'))).toHaveLength(1);
});

test('a step that was tried more than once has its first beginning and all of its time', () => {
  const failure = {message: 'no route', remedy: 'see the net', unreachable: true};
  const tried = journal(
    [
      {type: 'replay.paused', by: 'ana'},
      {type: 'step.failed', step: 'full-load', failure},
      {type: 'step.started', step: 'full-load'},
      {type: 'step.done', step: 'full-load', evidence: {tables: 17}, already: false},
      {type: 'replay.resumed', by: 'ana'},
    ],
    LOADING.length + 1,
  );
  const report = written([...LOADING, ...tried]);
  const began = LOADING.find((entry) => entry.type === 'step.started' && entry.step === 'full-load')?.at ?? '';
  const [first, failed, again, done, resumed] = tried.map(({at}) => at);
  const spent = Date.parse(failed ?? '') - Date.parse(began) + Date.parse(done ?? '') - Date.parse(again ?? '');
  expect(report).toContain(`| full-load | done | ${began} | ${spent / 60_000}:00 | tables 17 |`);
  expect(report).toContain(`- Replay of the replica: paused at ${first}, resumed at ${resumed}`);
});

test('waiting for a word is no work, and what lanes did while no supervisor lived is', () => {
  const events: RunEvent[] = [
    {type: 'run.started', run: 'acme', version: '0.1.0', steps: ['create-slots', 'full-load']},
    {type: 'step.started', step: 'create-slots'},
    {type: 'step.waiting', step: 'create-slots', question: 'q', actions: []},
    {type: 'step.confirmed', step: 'create-slots', by: 'ana'},
    {type: 'step.done', step: 'create-slots', evidence: {}, already: false},
    {type: 'step.started', step: 'full-load'},
    {type: 'supervisor.started', pid: 2, bootId: 'b'},
    {type: 'step.started', step: 'full-load'},
    {type: 'step.done', step: 'full-load', evidence: {}, already: false},
  ];
  const minutes = [0, 0, 1, 601, 602, 610, 1810, 1810, 1870];
  const entries = events.map((event, i) => ({...event, seq: i + 1, at: minute(minutes[i] ?? 0)}));
  const report = written(entries);
  expect(report).toContain(`| create-slots | done | ${minute(0)} | 2:00 |`);
  expect(report).toContain(`| full-load | done | ${minute(610)} | 21:00:00 |`);
});

test('a name from a database cannot break out of its line or its cell', () => {
  const units = [
    {id: 'x', kind: 'table' as const, bytes: 1, tables: [{schema: 'public', name: 'a|b\n## \u001b[31mowned'}]},
  ];
  const planned = journal([{type: 'load.planned', boundary: '0/1' as never, units, lanes: 1}], LOADING.length + 1);
  const report = written([...LOADING, ...planned]);
  expect(report).not.toMatch(/^## .*owned/m);
  expect(report).not.toContain('\u001b');
  expect(report).toContain('a\\|b');
});

test('figures come first: servers and their versions, P, rows, bytes, time and rate; then what to do', () => {
  const seen = journal(
    [server('source', 'PostgreSQL 9.6.24'), server('target', 'PostgreSQL 15.6')],
    LOADING.length + 1,
  );
  const lines = written([...LOADING, ...seen]).split('\n');
  expect(lines).toContain('- Source: db1:5432/app as lh, PostgreSQL 9.6.24');
  expect(lines).toContain('- Target: rds:5432/app as lh, PostgreSQL 15.6');
  expect(
    lines.filter((line) => /^- Loaded: 2 of 17 units, 1 FAILED, 90,100,000 rows, 80 GB in .*MB\/s$/.test(line)),
  ).toHaveLength(1);
  expect(lines).toContain('- Write stop: none; it comes with the cutover');
  const now = lines.indexOf('## What now');
  expect(now).toBeLessThan(lines.indexOf('## Steps'));
  expect(lines[now + 2]).toBe(
    '- Unit 05-users has failed: compare the column types of public.users on both sides, then R',
  );
});

test('what a step left out is there by name, the short in the row and the long below', () => {
  const leftOut = Array.from({length: 8}, (_, i) => `extension e${i}: the target does not offer it|`);
  const done = journal(
    [{type: 'step.done', step: 'copy-schema', evidence: {tables: 3, refused: ['a', 'b'], leftOut}, already: false}],
    LOADING.length + 1,
  );
  const report = written([...LOADING, ...done]);
  expect(report).toContain('| tables 3, refused a, b, left out 8, listed below |');
  expect(report).toContain(
    '### copy-schema: left out (8)\n\n- extension e0: the target does not offer it\\|\n- extension e1',
  );
  expect(report).not.toContain('entries');
});

test('JSON has what Markdown shows', () => {
  const report = reportOf(LOADING, AT);
  const text = formatReport(report);
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  for (const words of report.whatNow) expect(text).toContain(words);
  for (const {id} of report.steps) expect(text).toContain(`| ${id} | `);
  for (const {id} of report.state.units) expect(text).toContain(`| ${id} | `);
  expect(report.summary).toMatchObject({
    run: 'acme-prod',
    status: 'running',
    load: {units: 17, committed: 2, failed: 1, rows: 90_100_000},
  });
});
