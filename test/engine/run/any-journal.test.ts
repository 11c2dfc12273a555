import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import * as fc from 'fast-check';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {describeState} from '../../../src/cli/commands/inspect/status.ts';
import {describeEvent} from '../../../src/domain/run/describe-event.ts';
import type {JournalEntry, RunEvent} from '../../../src/domain/run/event.ts';
import {reduce, reduceAll} from '../../../src/domain/run/reduce.ts';
import {NEW_RUN, type RunState} from '../../../src/domain/run/run-state.ts';
import {openJournal, readJournal} from '../../../src/engine/run/journal.ts';
import {judgeEntry} from '../../../src/engine/run/journal-format.ts';
import {formatReport} from '../../../src/report/format-report.ts';
import {reportOf} from '../../../src/report/report-data.ts';
import {anyEvent} from '../../support/any-event.ts';

const WRITER = {now: () => 0, steady: () => 0, version: '0.1.0'};
const SERVERS = {source: 'db1:5432/app as lh', replica: 'db3:5432/app as lh', target: 'rds:5432/app as lh'};
const AT = '1970-01-01T00:00:00.000Z';
const numbered = (events: readonly RunEvent[]): JournalEntry[] =>
  events.map((event, index) => ({seq: index + 1, at: AT, ...event}));
const journals = fc.array(anyEvent, {maxLength: 40});
/** What a journal takes: evidence has the form of its step. */
const writable = anyEvent.filter((event) => judgeEntry(event) === null);
const KEYS = Object.keys(NEW_RUN).toSorted();

/** Every one of these is asked of a state, whatever has come before. */
function isState(state: RunState): void {
  expect(Object.keys(state).toSorted()).toEqual(KEYS);
  // What goes over the socket and into `status --json` comes out of it as it was.
  expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  expect(describeState(state, {alive: false, readings: []}, 0).length).toBeGreaterThan(0);
}

describe('whatever a journal holds', () => {
  test('every prefix of it is a state, and what follows goes on from there as if it had never ended', () => {
    fc.assert(
      fc.property(journals, fc.nat(40), (events, cut) => {
        const entries = numbered(events);
        const before = reduceAll(entries.slice(0, cut));
        isState(before);
        expect(reduceAll(entries.slice(cut), before)).toEqual(reduceAll(entries));
      }),
    );
  });

  test('no event changes a state that somebody holds', () => {
    fc.assert(
      fc.property(journals, anyEvent, (events, next) => {
        const state = reduceAll(numbered(events));
        const held = structuredClone(state);
        reduce(state, {seq: state.seq + 1, at: AT, ...next});
        expect(state).toEqual(held);
      }),
    );
  });

  test('it can be told, event by event and as a report', () => {
    fc.assert(
      fc.property(journals, (events) => {
        const entries = numbered(events);
        for (const entry of entries) expect(describeEvent(entry)).not.toBe('');
        expect(formatReport(reportOf(entries, {at: AT, servers: SERVERS, readings: []}))).toContain('# Longhaul run');
      }),
    );
  });

  describe('on disk', () => {
    let folder: string;
    let path: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'lh-any-'));
      path = join(folder, 'journal.jsonl');
    });
    afterAll(() => rmSync(folder, {recursive: true, force: true}));
    /** Each event gets a later time than the one before. */
    const readTimeless = async (): Promise<JournalEntry[]> =>
      (await readJournal(path)).map((entry) => ({...entry, at: AT}));

    test('comes back as it was written; a file that ends anywhere is a prefix of it, and goes on there', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(writable, {minLength: 1, maxLength: 8}),
          fc.double({min: 0, max: 1, noNaN: true}),
          writable,
          async (events, part, next) => {
            rmSync(path, {force: true});
            const journal = await openJournal(path, WRITER);
            for (const event of events) await journal.append(event);
            await journal.close();
            const entries = numbered(events);
            expect(await readTimeless()).toEqual(entries);
            // A crash leaves any number of its bytes, also a part of a character.
            const bytes = readFileSync(path);
            writeFileSync(path, bytes.subarray(0, Math.floor(bytes.length * part)));
            const left = await readTimeless();
            expect(left).toEqual(entries.slice(0, left.length));
            const again = await openJournal(path, WRITER);
            await again.append(next);
            await again.close();
            expect(await readTimeless()).toEqual([
              ...left,
              ...numbered([next]).map((entry) => ({...entry, seq: left.length + 1})),
            ]);
          },
        ),
        {numRuns: 60},
      );
    });
  });
});
