import {expect, test} from 'vitest';
import {formatReport} from '../../src/report/format-report.ts';
import type {RunEvent} from '../../src/domain/run/event.ts';
import {journal, LOADING} from '../ui/fixtures/acme-run.ts';

const AT = {at: '2026-11-24T05:00:00.000Z'};

test('the report has P, the steps, every unit, what failed, what stands and what happened', () => {
  const lines = formatReport(LOADING, AT).split('\n');
  expect(lines[0]).toBe('# Longhaul run acme-prod');
  expect(lines).toContain('- State: running, begun 2026-11-24T03:43:40.000Z');
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
  const report = formatReport([...LOADING, ...tried], AT);
  const began = LOADING.find((entry) => entry.type === 'step.started' && entry.step === 'full-load')?.at ?? '';
  const [first, failed, again, done, resumed] = tried.map(({at}) => at);
  const spent = Date.parse(failed ?? '') - Date.parse(began) + Date.parse(done ?? '') - Date.parse(again ?? '');
  expect(report).toContain(`| full-load | done | ${began} | ${spent / 60_000}:00 | tables 17 |`);
  expect(report).toContain(`- Replay of the replica: paused at ${first}, resumed at ${resumed}`);
});

test('waiting for a word is no work, and what lanes did while no supervisor lived is', () => {
  const at = (minute: number): string => new Date(Date.parse(AT.at) + minute * 60_000).toISOString();
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
  const entries = events.map((event, i) => ({...event, seq: i + 1, at: at(minutes[i] ?? 0)}));
  const report = formatReport(entries, AT);
  expect(report).toContain(`| create-slots | done | ${at(0)} | 2:00 |`);
  expect(report).toContain(`| full-load | done | ${at(610)} | 21:00:00 |`);
});

test('a name from a database cannot break out of its line or its cell', () => {
  const units = [
    {id: 'x', kind: 'table' as const, bytes: 1, tables: [{schema: 'public', name: 'a|b\n## \u001b[31mowned'}]},
  ];
  const planned = journal([{type: 'load.planned', boundary: '0/1' as never, units, lanes: 1}], LOADING.length + 1);
  const report = formatReport([...LOADING, ...planned], AT);
  expect(report).not.toMatch(/^## .*owned/m);
  expect(report).not.toContain('\u001b');
  expect(report).toContain('a\\|b');
});
