import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {z} from 'zod';
import type {JournalEntry} from '../../src/domain/run/event.ts';
import {readJournal} from '../../src/engine/run/journal.ts';
import {reportOf} from '../../src/report/report-data.ts';
import {LOADING} from '../ui/fixtures/acme-run.ts';
import {makeRun} from './made-run.ts';
import {REPORT} from './report-schema.ts';

const ROOT = join(import.meta.dirname, '../..');
const FILE = join(ROOT, 'docs/report.schema.json');
const AT = {at: '2026-11-24T05:00:00.000Z', servers: {source: 's', replica: 'r', target: 't'}, readings: []};

/** What a script reads: as it is printed. */
const printed = (journal: readonly JournalEntry[]): unknown => JSON.parse(JSON.stringify(reportOf(journal, AT)));

describe('longhaul report --json', () => {
  test('is documented by docs/report.schema.json (WRITE_DOCS=1 writes it)', () => {
    const text = `${JSON.stringify(z.toJSONSchema(REPORT), null, 1)}\n`;
    if (process.env['WRITE_DOCS'] !== undefined) writeFileSync(FILE, text);
    expect(readFileSync(FILE, 'utf8')).toBe(text);
  });

  test.each(['format-0', 'format-1'])('of a run by the released %s is as the schema says', async (format) => {
    const journal = await readJournal(join(ROOT, 'test/golden', format, 'journal.jsonl'));
    expect(journal.length).toBeGreaterThan(100);
    for (const upTo of [journal.length, Math.floor(journal.length / 2), 20, 1])
      expect(REPORT.safeParse(printed(journal.slice(0, upTo))).error?.issues ?? []).toEqual([]);
  });

  test('of a run that loads, with what failed and alarms, is as the schema says', () => {
    expect(REPORT.safeParse(printed(LOADING)).error?.issues ?? []).toEqual([]);
    expect(REPORT.safeParse(printed([])).error?.issues ?? []).toEqual([]);
  });

  test('of a run of days, with readings, faults and what people did, is as the schema says', () => {
    const {journal, readings, endedAt} = makeRun({hours: 120, tables: 40, lanes: 4, failing: 0.3});
    const drifted: JournalEntry = {
      type: 'schema.drifted',
      total: 1,
      changes: [{object: 'o', change: 'is new', why: '', statement: null, table: null, fills: null}],
      filled: [],
      seq: journal.length + 1,
      at: endedAt,
    };
    const report: unknown = JSON.parse(JSON.stringify(reportOf([...journal, drifted], {...AT, at: endedAt, readings})));
    expect(REPORT.safeParse(report).error?.issues ?? []).toEqual([]);
  });

  test('with a key that the schema has not is noticed', () => {
    const {state, ...report} = REPORT.parse(printed(LOADING));
    expect(REPORT.safeParse({...report, state: {...state, more: 1}}).success).toBe(false);
    expect(REPORT.safeParse({...report}).success).toBe(false);
  });
});
