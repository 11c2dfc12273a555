import {execFileSync} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {formatPage} from '../../src/report/html/page.ts';
import {reportOf} from '../../src/report/report-data.ts';
import type {Reading} from '../../src/domain/reading/reading.ts';
import {LOADING} from '../ui/fixtures/acme-run.ts';
import {CUTOVER} from './cutover-journal.ts';
import {makeRun, type Made} from './made-run.ts';

const CHROMIUM = '/usr/bin/chromium';
const nightly = process.env['LONGHAUL_NIGHTLY'] !== undefined && existsSync(CHROMIUM);

/** As much of a page as has its charts. */
const HEIGHT = 4000;

/** Width and height of a PNG. Source: PNG specification, IHDR. */
const sizeOf = (png: Buffer): [number, number] => [png.readUInt32BE(16), png.readUInt32BE(20)];

/** Change capture that catches up with a morning's writes. */
function lags(): Reading[] {
  const begun = Date.parse('2026-11-25T03:00:00.000Z');
  return Array.from({length: 60}, (_, minute): Reading => ({
    at: new Date(begun + minute * 60_000).toISOString(),
    probe: 'figures',
    of: 'cdc',
    server: 'target',
    figures: ['slot lh_01', 'slot lh_02'].flatMap((of, slot) => {
      const behind = Math.max(0, 3600 - minute * (80 + slot * 40));
      return [
        {name: 'lag_seconds', label: 'cdc behind', value: behind, unit: 'seconds' as const, of},
        {name: 'lag_bytes', label: 'cdc behind', value: behind * 2_000_000, unit: 'bytes' as const, of},
      ];
    }),
  }));
}

/** What is drawn: a run with a cutover, and runs that never were, each with what a page could break at. */
const HOSTILE = [
  '<img src=//evil.example/x onerror=alert(1)>',
  'a|b\n## \u001b[31mowned',
  '"; DROP TABLE x; --',
  'ünïcödé 表 '.repeat(6),
  '`code` **bold** [l](http://x) &amp;',
  '\u202eevil',
];
const MADE: Readonly<Record<string, Made>> = {
  minute: {hours: 1 / 60, tables: 12, lanes: 4},
  days: {hours: 120, tables: 300, lanes: 8, failing: 0.05},
  tables: {hours: 120, tables: 10_000, lanes: 8, failing: 0.02},
  hostile: {hours: 30, tables: 30, lanes: 6, failing: 0.3, nameOf: (n) => `${HOSTILE[n % HOSTILE.length]}${n}`},
};
/** A page of any run is at most so large. */
const MOST_BYTES = 3_000_000;
const SERVERS = {source: 'db1:5432/app', replica: 'db3:5432/app', target: 'rds:5432/app'};

function pageOf(kind: string): string {
  const made = MADE[kind];
  const cutover = [...LOADING, ...CUTOVER.map((entry, at) => ({...entry, seq: LOADING.length + at + 1}))];
  const run =
    made === undefined ? {journal: cutover, readings: lags(), endedAt: '2026-11-25T05:00:00.000Z'} : makeRun(made);
  const report = reportOf(run.journal, {at: run.endedAt, servers: SERVERS, readings: run.readings});
  return formatPage(report, {journal: run.journal, readings: run.readings, complete: (text) => text});
}

const TITLES: Readonly<Record<string, readonly string[]>> = {
  cutover: ['Timeline', 'Write stop', 'Change capture behind', 'Cutover'],
  minute: ['Timeline', 'Free on the disk of the source', 'Time left'],
  days: ['WAL written by the source', 'Free on the disk of the target', 'Faults and retries', 'Who did what'],
  tables: ['Largest tables', 'Slowest tables', 'Tables by size and time'],
  hostile: ['Largest tables', 'Tables by size and time'],
};

// `npm run page`: needs Debian's chromium. Its pictures are kept where LONGHAUL_PICTURES says, to be looked at.
describe.skipIf(!nightly)('the page of the report in a browser', () => {
  const kept = process.env['LONGHAUL_PICTURES'];
  const folder = kept ?? mkdtempSync(join(tmpdir(), 'lh-page-'));
  afterAll(() => {
    if (kept === undefined) rmSync(folder, {recursive: true});
  });

  const chromium = (kind: string, ...args: string[]): string =>
    execFileSync(
      CHROMIUM,
      [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--enable-logging=stderr',
        ...args,
        `file://${join(folder, `${kind}.html`)}`,
      ],
      {encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 120_000, maxBuffer: 64 * 1024 * 1024},
    );

  describe.each(Object.keys(TITLES))('of a run: %s', (kind) => {
    beforeAll(() => writeFileSync(join(folder, `${kind}.html`), pageOf(kind)), 120_000);

    test.each([
      [1280, 'light'],
      [1280, 'dark'],
      [400, 'light'],
      [400, 'dark'],
    ])('is drawn at %i points, %s', (width, scheme) => {
      const picture = join(folder, `${kind}-${width}-${scheme}.png`);
      const dark = `--blink-settings=preferredColorScheme=${scheme === 'dark' ? 0 : 1}`;
      chromium(kind, `--screenshot=${picture}`, `--window-size=${width},${HEIGHT}`, dark);
      const png = readFileSync(picture);
      expect(sizeOf(png)).toEqual([width, HEIGHT]);
      // An empty page of this size is some 10 kB.
      expect(png.length).toBeGreaterThan(40_000);
    });

    test('is printed on several pages', () => {
      const pdf = join(folder, `${kind}.pdf`);
      chromium(kind, `--print-to-pdf=${pdf}`, '--no-pdf-header-footer');
      expect(readFileSync(pdf, 'latin1').match(/\/Type\s*\/Page\b/g)?.length).toBeGreaterThan(1);
    });

    test('has what it has without any script, loads nothing, and is no larger than a mail takes', () => {
      const dom = chromium(kind, '--dump-dom');
      for (const title of TITLES[kind] ?? []) expect(dom).toContain(`<h2>${title}</h2>`);
      expect(dom).not.toMatch(/<img|<script|<a /i);
      expect(statSync(join(folder, `${kind}.html`)).size).toBeLessThan(MOST_BYTES);
    });
  });
});
