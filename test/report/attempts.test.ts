import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {parseLsn} from '../../src/domain/pg/lsn.ts';
import type {Reading} from '../../src/domain/reading/reading.ts';
import type {JournalEntry, RunEvent} from '../../src/domain/run/event.ts';
import {readJournal} from '../../src/engine/run/journal.ts';
import {adviseNext} from '../../src/report/attempts/advice.ts';
import {attemptsOf} from '../../src/report/attempts/attempts.ts';
import {formatAttempts} from '../../src/report/attempts/format-attempts.ts';

const GB = 1e9;
const MINUTE = 60_000;
const BEGAN = Date.parse('2026-11-24T04:00:00.000Z');
const isoAt = (minute: number): string => new Date(BEGAN + minute * MINUTE).toISOString();

/** A load: each unit with when it began and ended, in minutes. */
interface Load {
  readonly at: number;
  readonly boundary: string;
  readonly lanes: number;
  readonly units: readonly (readonly [id: string, from: number, to: number, gb: number])[];
  readonly failed?: readonly (readonly [id: string, from: number, to: number])[];
}

function journalOf(...loads: readonly Load[]): JournalEntry[] {
  const timed = loads.flatMap(({at, boundary, lanes, units, failed = []}): [number, RunEvent][] => {
    const all = units.map(([id]) => ({id, kind: 'table' as const, tables: [], bytes: 1}));
    return [
      [at, {type: 'load.planned', boundary: parseLsn(boundary), lanes, units: all}],
      ...[...units, ...failed].map(([unit, from]): [number, RunEvent] => [
        at + from,
        {type: 'unit.started', unit, attempt: 1, lane: 1, folder: 'f'},
      ]),
      ...units.map(([unit, from, to, gb]): [number, RunEvent] => [
        at + to,
        {type: 'unit.committed', unit, attempt: 1, rows: 1, bytes: gb * GB, tookMs: (to - from) * MINUTE},
      ]),
      ...failed.map(([unit, , to]): [number, RunEvent] => [
        at + to,
        {
          type: 'unit.failed',
          unit,
          attempt: 1,
          retryAt: null,
          failure: {cause: 'producer', message: 'm', table: null, sqlstate: null, remedy: 'r', heals: false},
        },
      ]),
    ];
  });
  return timed
    .toSorted(([a], [b]) => a - b)
    .map(([minute, event], seq) => ({...event, seq: seq + 1, at: new Date(BEGAN + minute * MINUTE).toISOString()}));
}

/** Two lanes, and one large unit that runs alone for 50 of 60 minutes. */
const UNEVEN: Load = {
  at: 0,
  boundary: '0/1000',
  lanes: 2,
  units: [
    ['large', 0, 60, 60],
    ['small', 0, 10, 10],
  ],
};
/** Four lanes, evenly. */
const EVEN: Load = {
  at: 100,
  boundary: '0/2000',
  lanes: 4,
  units: ['a', 'b', 'c', 'd'].map((id) => [id, 0, 20, 17.5] as const),
};

const built = (from: number, to: number): readonly (readonly [number, RunEvent])[] => [
  [from, {type: 'step.started', step: 'build-indexes'}],
  [to, {type: 'step.done', step: 'build-indexes', evidence: {}, already: false}],
];

const piece = (name: string) => ({
  name,
  table: '',
  bytes: 1,
  startedAt: isoAt(20),
  elapsedMs: 1,
  share: null,
  phase: null,
});
const work = (minute: number, ...names: string[]): Reading => ({
  at: isoAt(minute),
  probe: 'work',
  work: {
    step: 'build-indexes',
    startedAt: isoAt(20),
    elapsedMs: 1,
    done: 0,
    total: 9,
    bytesDone: 0,
    bytesTotal: 9,
    pieces: names.map((name) => piece(name)),
  },
});

describe('attempts of a run beside each other', () => {
  test('are one for each P, with what was loaded, how fast, and how long lanes had nothing to do', () => {
    const [first, second, ...more] = attemptsOf(journalOf(UNEVEN, EVEN));
    expect(more).toEqual([]);
    expect(first).toMatchObject({lanes: 2, bytes: 70 * GB, loadMs: 60 * MINUTE, workMs: 70 * MINUTE, isWhole: true});
    expect(first?.tail).toMatchObject({unit: 'large', ms: 50 * MINUTE});
    expect(second).toMatchObject({lanes: 4, bytes: 70 * GB, loadMs: 20 * MINUTE, tail: {ms: 0}});
  });

  test('a large unit that ran alone is to be cut, with what that gains by the measured rate', () => {
    const [advice] = adviseNext(attemptsOf(journalOf(UNEVEN)));
    // 70 minutes of work on two lanes are 35; the load took 60.
    expect(advice).toMatchObject({key: 'load.unit_size', gainMs: 25 * MINUTE});
    expect(advice?.words).toContain('unit large ran for 1:00:00');
  });

  test('lanes that scaled are advised with what more would bring; those that did not are not', () => {
    const two: Load = {
      ...EVEN,
      at: 0,
      boundary: '0/1000',
      lanes: 2,
      units: EVEN.units.map(([id, , , gb], at) => [id, at < 2 ? 0 : 20, at < 2 ? 20 : 40, gb]),
    };
    const scaled = adviseNext(attemptsOf(journalOf(two, EVEN))).find(({key}) => key === 'load.lanes');
    expect(scaled?.words).toContain('they still scale; 6 would bring about');
    expect(scaled?.gainMs).toBeGreaterThan(5 * MINUTE);
    const slower: Load = {...EVEN, units: EVEN.units.map(([id, , , gb]) => [id, 0, 40, gb])};
    const flat = adviseNext(attemptsOf(journalOf(two, slower))).find(({key}) => key === 'load.lanes');
    expect(flat).toMatchObject({gainMs: null});
    expect(flat?.words).toContain('2 are enough');
  });

  test('what was begun in vain costs lanes, and is said', () => {
    const failing: Load = {
      ...EVEN,
      failed: [
        ['e', 0, 20],
        ['e', 0, 20],
      ],
    };
    const advice = adviseNext(attemptsOf(journalOf(failing))).find(({words}) => words.includes('in vain'));
    expect(advice).toMatchObject({gainMs: 10 * MINUTE});
  });

  test('slots are advised by how soon change capture had caught up, where that was measured', () => {
    const [first, last] = attemptsOf(journalOf(UNEVEN, EVEN));
    if (first === undefined || last === undefined) throw new Error('bug: two loads');
    const advised = (before: number, now: number, beforeMs: number | null, nowMs: number | null) =>
      adviseNext([
        {...first, slots: before, catchUpMs: beforeMs},
        {...last, slots: now, catchUpMs: nowMs},
      ]).filter(({key}) => key === 'slots.count');
    expect(advised(2, 6, 10 * MINUTE, 30 * MINUTE)).toMatchObject([{gainMs: 20 * MINUTE}]);
    expect(advised(2, 6, 10 * MINUTE, 30 * MINUTE)[0]?.words).toContain('with 6 in 30:00: 2 again');
    expect(advised(2, 6, 10 * MINUTE, 10 * MINUTE)[0]?.words).toContain('2 are enough');
    expect(advised(6, 2, 10 * MINUTE, 10 * MINUTE)).toEqual([]);
    expect(advised(2, 6, 30 * MINUTE, 10 * MINUTE)).toEqual([]);
    expect(advised(2, 6, null, 10 * MINUTE)).toMatchObject([{gainMs: null}]);
    expect(advised(4, 4, 1, 2)).toEqual([]);
  });

  test('memory is advised where one index kept all others waiting, builders where all were at work, with what was measured', () => {
    const load = journalOf({...EVEN, at: 0});
    const journal = [
      ...load,
      ...built(20, 60).map(([minute, event], n): JournalEntry => ({
        ...event,
        seq: load.length + n + 1,
        at: isoAt(minute),
      })),
    ];
    const advised = (...readings: Reading[]) =>
      adviseNext(attemptsOf(journal, readings)).filter(({key}) => key.includes('maintenance') || key.includes('index'));
    expect(advised(work(20, 'a', 'b'), work(30, 'a', 'b'), work(31, 'a'), work(60, 'a'))).toMatchObject([
      {key: 'load.maintenance_work_mem', gainMs: null},
    ]);
    expect(advised(work(20, 'a', 'b'), work(30, 'a', 'b'), work(60, 'a'))[0]?.words).toContain('30:00, which a took');
    expect(advised(work(20, 'a', 'b'), work(50, 'a', 'b'), work(60, 'a'))).toMatchObject([
      {key: 'load.index_jobs', gainMs: 15 * MINUTE},
    ]);
    // Of another attempt, or of the load.
    expect(advised(work(5000, 'a', 'b'))).toMatchObject([
      {key: 'load.maintenance_work_mem, load.index_jobs', gainMs: null},
    ]);
    const [slow] = attemptsOf(journal);
    const quick = slow === undefined ? [] : [{...slow, indexMs: 10 * MINUTE}, slow];
    expect(adviseNext(quick).find(({key}) => key.includes('index'))).toMatchObject({gainMs: 30 * MINUTE});
  });

  test('the time of the last one went where steps worked, where somebody was waited for, and where nothing was at work', () => {
    const events: readonly (readonly [minute: number, event: RunEvent])[] = [
      [30, {type: 'step.done', step: 'full-load', evidence: {}, already: false}],
      [30, {type: 'step.started', step: 'build-indexes'}],
      [40, {type: 'step.failed', step: 'build-indexes', failure: {message: 'm', remedy: 'r', unreachable: false}}],
      [60, {type: 'step.started', step: 'build-indexes'}],
      [70, {type: 'step.done', step: 'build-indexes', evidence: {}, already: false}],
      [70, {type: 'step.waiting', step: 'compare-rows', question: 'q', actions: []}],
      [85, {type: 'step.confirmed', step: 'compare-rows', by: 'ana'}],
      [100, {type: 'step.done', step: 'compare-rows', evidence: {}, already: false}],
      [900, {type: 'step.started', step: 'start-cdc'}],
    ];
    const load = journalOf({...EVEN, at: 0});
    const after = events.map(([minute, event], n): JournalEntry => ({
      ...event,
      seq: load.length + n + 1,
      at: new Date(BEGAN + minute * MINUTE).toISOString(),
    }));
    const [attempt] = attemptsOf([...load, ...after]);
    expect(attempt?.spent).toEqual({
      wholeMs: 100 * MINUTE,
      steps: [
        {step: 'full-load', ms: 30 * MINUTE},
        {step: 'build-indexes', ms: 20 * MINUTE},
        {step: 'compare-rows', ms: 15 * MINUTE},
      ],
      waitedMs: 15 * MINUTE,
      idleMs: 20 * MINUTE,
    });
    const text = formatAttempts(attempt === undefined ? [] : [attempt]);
    expect(text).toContain('- full-load: 30:00, 30 %');
    expect(text).toContain('- nothing at work: stopped, failed or without a supervisor: 20:00, 20 %');
  });

  test('the report has a row for each, what got faster, and what to change next', () => {
    const text = formatAttempts(attemptsOf(journalOf(UNEVEN, EVEN)));
    expect(text).toContain('- load: 1:00:00 before, 20:00 now, 67 % faster');
    expect(text).toContain('- rate of the load: 19 MB/s before, 56 MB/s now, 200 % faster');
    expect(text.split('\n').filter((line) => line.startsWith('| P '))).toHaveLength(2);
    expect(formatAttempts([])).toContain('No load was planned yet.');
  });

  test('those of a released run are read from its journal', async () => {
    const journal = await readJournal(join(import.meta.dirname, '../golden/format-1/journal.jsonl'));
    const attempts = attemptsOf(journal);
    expect(attempts.length).toBeGreaterThan(0);
    for (const {loadMs, workMs, bytes} of attempts) expect(Math.min(loadMs, workMs, bytes)).toBeGreaterThanOrEqual(0);
  });
});
