import {execFileSync} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, describe, expect, test} from 'vitest';
import {formatPage} from '../../src/report/html/page.ts';
import {reportOf} from '../../src/report/report-data.ts';
import type {Reading} from '../../src/domain/reading/reading.ts';
import {LOADING} from '../ui/fixtures/acme-run.ts';
import {CUTOVER} from './cutover-journal.ts';

const CHROMIUM = '/usr/bin/chromium';
const nightly = process.env['LONGHAUL_NIGHTLY'] !== undefined && existsSync(CHROMIUM);

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

// `npm run page`: needs Debian's chromium. Its pictures are kept where LONGHAUL_PICTURES says, to be looked at.
describe.skipIf(!nightly)('the page of the report in a browser', () => {
  const kept = process.env['LONGHAUL_PICTURES'];
  const folder = kept ?? mkdtempSync(join(tmpdir(), 'lh-page-'));
  afterAll(() => {
    if (kept === undefined) rmSync(folder, {recursive: true});
  });
  const path = join(folder, 'report.html');
  const servers = {source: 'db1:5432/app', replica: 'db3:5432/app', target: 'rds:5432/app'};
  const journal = [...LOADING, ...CUTOVER.map((entry, at) => ({...entry, seq: LOADING.length + at + 1}))];
  const report = reportOf(journal, {at: '2026-11-25T05:00:00.000Z', servers, readings: lags()});
  writeFileSync(path, formatPage(report, {journal, readings: lags(), complete: (text) => text}));

  const chromium = (...args: string[]): string =>
    execFileSync(
      CHROMIUM,
      ['--headless', '--no-sandbox', '--disable-gpu', '--enable-logging=stderr', ...args, `file://${path}`],
      {encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000},
    );

  test.each([
    [1280, 'light'],
    [1280, 'dark'],
    [400, 'light'],
    [400, 'dark'],
  ])('is drawn at %i points, %s', (width, scheme) => {
    const picture = join(folder, `report-${width}-${scheme}.png`);
    const dark =
      scheme === 'dark' ? ['--blink-settings=preferredColorScheme=0'] : ['--blink-settings=preferredColorScheme=1'];
    chromium(`--screenshot=${picture}`, `--window-size=${width},2400`, ...dark);
    const png = readFileSync(picture);
    expect(sizeOf(png)).toEqual([width, 2400]);
    // An empty page of this size is some 10 kB.
    expect(png.length).toBeGreaterThan(40_000);
  });

  test('is printed on several pages', () => {
    const pdf = join(folder, 'report.pdf');
    chromium(`--print-to-pdf=${pdf}`, '--no-pdf-header-footer');
    expect(readFileSync(pdf, 'latin1').match(/\/Type\s*\/Page\b/g)?.length).toBeGreaterThan(1);
  });

  test('has what it has without any script, and loads nothing', () => {
    const dom = chromium('--dump-dom');
    for (const title of ['Timeline', 'Write stop', 'Change capture behind', 'Cutover'])
      expect(dom).toContain(`<h2>${title}</h2>`);
  });
});
