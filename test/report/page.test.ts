import {describe, expect, test} from 'vitest';
import type {Reading} from '../../src/domain/reading/reading.ts';
import type {RunEvent} from '../../src/domain/run/event.ts';
import {parseLsn} from '../../src/domain/pg/lsn.ts';
import {barsOf, joinBars, type Bar} from '../../src/report/html/bars.ts';
import {loadedCurves} from '../../src/report/measured/curves.ts';
import {formatPage} from '../../src/report/html/page.ts';
import {reportOf} from '../../src/report/report-data.ts';
import {journal, LOADING} from '../ui/fixtures/acme-run.ts';
import {makeRun} from './made-run.ts';

const FACTS = {
  at: '2026-11-24T05:00:00.000Z',
  servers: {source: 'db1:5432/app as lh', replica: 'db3:5432/app as lh', target: 'rds:5432/app as lh'},
  readings: [],
};
const HOSTILE = '<img src=//evil.example/x onerror=alert(1)>';
const LOADED: RunEvent[] = [
  {type: 'run.started', run: HOSTILE, version: '0.1.0', steps: ['create-slots', 'full-load']},
  {type: 'step.started', step: 'create-slots'},
  {type: 'step.waiting', step: 'create-slots', question: HOSTILE, actions: []},
  {type: 'step.confirmed', step: 'create-slots', by: 'ana'},
  {type: 'step.done', step: 'create-slots', evidence: {}, already: false},
  {type: 'step.started', step: 'full-load'},
  {type: 'unit.started', unit: HOSTILE, attempt: 1, lane: 2, folder: 'x'},
  {type: 'supervisor.started', pid: 7, bootId: 'b'},
  {type: 'step.started', step: 'full-load'},
  {type: 'unit.committed', unit: HOSTILE, attempt: 1, rows: 5, bytes: 500, tookMs: 180_000},
];

describe('the page', () => {
  const readings: Reading[] = [0, 1, 2].map((n) => ({
    at: new Date(Date.parse(FACTS.at) - (3 - n) * 60_000).toISOString(),
    probe: 'disk',
    server: 'source',
    disk: {totalBytes: 1e12, freeBytes: 5e11 - n * 1e9, from: 'command'},
  }));
  const entries = journal(LOADED, 1);
  const page = formatPage(reportOf(entries, FACTS), {
    journal: entries,
    readings,
    complete: (text) => text.replaceAll('longhaul ', 'longhaul --config x.yaml '),
  });

  test('has charts of what was read and what was done, and the report itself', () => {
    for (const title of ['Timeline', 'Free on the disk of the source', 'Steps', 'What happened'])
      expect(page).toContain(`<h2>${title}</h2>`);
    expect(page.match(/<svg /g)).toHaveLength(2);
    expect(page).not.toContain('WAL kept by the slots');
    expect(page).toContain('<th>Step</th>');
  });

  test('asks nobody for anything and runs nothing, whatever a name says', () => {
    expect(page).not.toMatch(/<img|<script|<a |<link|url\((?!#)|@import/i);
    expect(page).toContain('&lt;img src=//evil.example/x onerror=alert(1)&gt;');
    expect(page.match(/(?:src|href)\s*=\s*["']/g)).toBeNull();
  });

  test('shows no colour of its own beside those of the style, so that it is dark where the reader is', () => {
    // What is in a clip path is a shape and not seen.
    const drawn = page.slice(page.indexOf('<svg ')).replaceAll(/<clipPath.*?<\/clipPath>/gs, '');
    expect(drawn.match(/<[^>]*(?:fill|stroke)="(?!none|transparent|var\()[^"]*"[^>]*>/g)).toBeNull();
  });
});

test('a step that waits has a stretch for it, one that a dead supervisor left goes on as one, lanes come behind', () => {
  const entries = journal(LOADED, 1);
  const at = (n: number): number => Date.parse(entries[n]?.at ?? '');
  const endMs = Date.parse(FACTS.at);
  expect(barsOf(entries, endMs).map(({row, end, fromMs, toMs}) => [row, end, fromMs, toMs])).toEqual([
    ['create-slots', 'done', at(1), at(2)],
    ['create-slots', 'waited', at(2), at(3)],
    ['create-slots', 'done', at(3), at(4)],
    ['full-load', 'goes on', at(5), endMs],
    ['lane 2', 'done', at(6), at(9)],
  ]);
});

const committed = (unit: string): RunEvent => ({
  type: 'unit.committed',
  unit,
  attempt: 1,
  rows: 1,
  bytes: 10,
  tookMs: 1,
});

test('what is loaded begins anew with a new plan', () => {
  const planned: RunEvent = {type: 'load.planned', boundary: parseLsn('0/1'), units: [], lanes: 2};
  const entries = journal([planned, committed('a'), planned, committed('a'), committed('b')], 1);
  const [curve, ...more] = loadedCurves(entries, []);
  expect(more).toEqual([]);
  expect(curve?.points.map(([, bytes]) => bytes)).toEqual([0, 10, 0, 10, 20]);
});

const bar = (fromMs: number, toMs: number, end: Bar['end'] = 'done'): Bar => ({
  row: 'lane 1',
  name: 'u',
  fromMs,
  toMs,
  end,
});

test('bars that nobody could tell apart are one; a failure among them, and what can be seen by itself, stay', () => {
  const short = Array.from({length: 1000}, (_, n) => bar(n * 10, n * 10 + 9));
  const joined = joinBars([...short, bar(10_000, 900_000), bar(900_001, 900_005, 'failed'), bar(900_006, 900_010)]);
  expect(joined.map(({name, fromMs, toMs, end}) => [name, fromMs, toMs, end])).toEqual([
    ['', 0, 9999, 'done'],
    ['u', 10_000, 900_000, 'done'],
    ['', 900_001, 900_005, 'failed'],
    ['', 900_006, 900_010, 'done'],
  ]);
});

test('the whole fixture is drawn', () => {
  const page = formatPage(reportOf(LOADING, FACTS), {journal: LOADING, readings: [], complete: (text) => text});
  for (const title of ['Largest tables', 'Slowest tables']) expect(page).toContain(`<h2>${title}</h2>`);
  expect(page).toContain('>public.sessions<');
  // Its rate is behind its size, and its name in its bar.
  expect(page).toContain('>60 GB, 68 MB/s<');
});

test('a page of five days and of thousands of tables is no larger than a mail takes, and tells what has failed among them', () => {
  const {journal: entries, readings, endedAt} = makeRun({hours: 120, tables: 2000, lanes: 8, failing: 0.01});
  const report = reportOf(entries, {...FACTS, at: endedAt, readings});
  const page = formatPage(report, {journal: entries, readings, complete: (text) => text});
  expect(page.length).toBeLessThan(1_000_000);
  expect(page).toContain('And 1,500 smaller ones: longhaul report --json has all of them.');
  expect(page).toContain('and 2,000 units that came in: longhaul report --json has when');
  expect(page.match(/SSL connection has been closed unexpectedly/g)?.length).toBeGreaterThan(10);
  expect(report.tables).toHaveLength(2000);
  expect(report.events.filter(({type}) => type === 'unit.committed')).toHaveLength(2000);
});
