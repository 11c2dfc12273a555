import {describe, expect, test} from 'vitest';
import type {JournalEntry, RunEvent} from '../../src/domain/run/event.ts';
import {reduceAll} from '../../src/domain/run/reduce.ts';
import {alarmsRaised} from '../../src/report/happened/alarms-raised.ts';
import {faultsOf} from '../../src/report/happened/faults.ts';
import {alarmLines, deedLines, faultLines} from '../../src/report/happened/happened-sections.ts';
import {whoDidWhat} from '../../src/report/happened/who-did-what.ts';
import {proofLines} from '../../src/report/proof-lines.ts';
import {formatReport} from '../../src/report/format-report.ts';
import {reportOf} from '../../src/report/report-data.ts';
import {makeRun} from './made-run.ts';

const BEGUN = Date.parse('2026-11-24T04:00:00.000Z');
const at = (minute: number): string => new Date(BEGUN + minute * 60_000).toISOString();
/** An event each minute. */
const journalOf = (...events: readonly RunEvent[]): JournalEntry[] =>
  events.map((event, n) => ({...event, seq: n + 1, at: at(n)}));

const failure = {message: 'm|x', remedy: 'r', unreachable: false};
const failed = (unit: string, attempt: number): RunEvent => ({
  type: 'unit.failed',
  unit,
  attempt,
  retryAt: null,
  failure: {cause: 'producer', message: 'gone', table: null, sqlstate: null, remedy: 'r', heals: true},
});
const started = (unit: string, attempt: number): RunEvent => ({
  type: 'unit.started',
  unit,
  attempt,
  lane: 1,
  folder: 'f',
});

describe('what went wrong', () => {
  test('is told with when it was tried again and when it went well: each failed attempt, by the unit and the step that it is of', () => {
    const faults = faultsOf(
      journalOf(
        {type: 'step.failed', step: 'build-indexes', failure},
        started('a', 1),
        failed('a', 1),
        started('b', 1),
        started('a', 2),
        failed('a', 2),
        {type: 'unit.committed', unit: 'b', attempt: 1, rows: 1, bytes: 1, tookMs: 1},
        started('a', 3),
        {type: 'unit.committed', unit: 'a', attempt: 3, rows: 1, bytes: 1, tookMs: 1},
      ),
    );
    expect(faults.map((one) => [one.what, one.againAt, one.mendedAt])).toEqual([
      ['step build-indexes', null, null],
      ['unit a, attempt 1', at(4), at(8)],
      ['unit a, attempt 2', at(7), at(8)],
    ]);
    expect(faultLines(faults)).toContain(`| ${at(0)} | step build-indexes | m\\|x |  | NOT YET |`);
  });

  test('has supervisors that died, a P that was lost and proved anew, and cutovers that were taken back', () => {
    const life: RunEvent = {type: 'supervisor.started', pid: 1, bootId: 'b'};
    const faults = faultsOf(
      journalOf(
        life,
        {type: 'supervisor.stopped', reason: 'asked to'},
        life,
        life,
        {type: 'boundary.moved', failure},
        {type: 'boundary.proved', evidence: {}},
        {type: 'cutover.gone-back', by: 'ana', reason: 'lh_01 does not drain'},
        {type: 'again.ended', by: 'ana', failure: null},
      ),
    );
    expect(faults.map((one) => [one.at, one.what, one.mendedAt, one.isOpen])).toEqual([
      [at(3), 'supervisor', null, false],
      [at(4), 'P', at(5), false],
      [at(6), 'cutover', null, false],
    ]);
  });
});

const raised = (seen: string): RunEvent => ({
  type: 'alarm.raised',
  alarm: {id: 'slot.retained:s', severity: 'warning', subject: 'slot s', seen, remedy: 'r'},
});

test('alarms are told with how long they lasted, one that was told anew as another', () => {
  const alarms = alarmsRaised(
    journalOf(raised('200 GB'), raised('300 GB'), {type: 'alarm.cleared', id: 'slot.retained:s'}, raised('400 GB'), {
      type: 'alarm.cleared',
      id: 'another',
    }),
  );
  expect(alarms.map((one) => [one.seen, one.raisedAt, one.clearedAt])).toEqual([
    ['200 GB', at(0), at(1)],
    ['300 GB', at(1), at(2)],
    ['400 GB', at(3), null],
  ]);
  expect(alarmLines(alarms).map((line) => line.split(' | ')[1])).toEqual(['Lasted', '---', '1:00', '1:00', 'goes on']);
});

test('who did what has each command once, and nothing that the run does by itself', () => {
  const by = 'ana@jump1 (console)';
  const deeds = whoDidWhat(
    journalOf(
      {type: 'replay.paused', by: 'run'},
      {type: 'command.received', by, command: {type: 'pause-unit', unit: 'a'}},
      {type: 'unit.paused', unit: 'a', by},
      {type: 'command.received', by: 'supervisor', command: {type: 'kick-cdc', slot: 's'}},
      {type: 'differences.accepted', by: 'bo@jump1 (command line)', objects: ['index i']},
      {type: 'run.aborted', by: 'ana@jump1 (abort)', evidence: {}},
    ),
  );
  expect(deeds.map((one) => [one.at, one.by.split('@')[0]])).toEqual([
    [at(1), 'ana'],
    [at(4), 'bo'],
    [at(5), 'ana'],
  ]);
  expect(deedLines(deeds).at(-1)).toContain('the run was given up by ana@jump1 (abort)');
  const many = Array.from({length: 250}, () => ({at: at(0), by, what: 'x'}));
  expect(deedLines(many).at(-1)).toBe('And 50 more: longhaul report --json has all of them.');
});

describe('a run with faults, from its beginning to its end', () => {
  const {journal, readings, endedAt} = makeRun({hours: 120, tables: 40, lanes: 4, failing: 0.3});
  const servers = {source: 's', replica: 'r', target: 't'};
  const report = reportOf(journal, {at: endedAt, servers, readings});
  const text = formatReport(report);

  test('has the proof of P: how far before P each slot begins', () => {
    expect(text).toContain('## The proof of P');
    expect(text).toContain('- Holds: 3 conditions checked; proved last at');
    expect(text).toContain('| dms_slot_01 | 35FE2/FFFFDCD8 | 8.8 kB | 35FE2/FFFFDC74 |');
    expect(text).toContain('- The last table was added at 35FE2/FFFFFCE0, 800 B before P');
    const state = reduceAll(journal);
    expect(proofLines({...state, boundaryDisproved: failure})[0]).toContain('NO LONGER HOLDS');
    expect(proofLines({...state, lastProof: null})).toEqual([]);
  });

  test('has every fault, alarm and deed, and what was forecast', () => {
    expect(report.faults.filter(({what}) => what.startsWith('unit ')).length).toBeGreaterThan(5);
    expect(report.faults.every(({what, mendedAt}) => what === 'supervisor' || mendedAt !== null)).toBe(true);
    expect(report.alarmsRaised).toHaveLength(1);
    expect(report.whoDidWhat).toHaveLength(1);
    expect(report.forecasts.disks.map(({server}) => server)).toEqual(['source', 'replica', 'target']);
    expect(report.forecasts.load).toHaveLength(5);
    for (const title of [
      'Faults and retries',
      'Alarms that were raised',
      'Who did what',
      'Tables by size and time',
      'What was forecast, and what came',
    ])
      expect(text).toContain(`\n## ${title}\n`);
  });

  test('has what the schema of the source has changed to since, and whose rows that has written', () => {
    const table = {schema: 'public', name: 't'};
    const change = {object: 'column public.t.x', change: 'is new', why: '', statement: null, table, fills: null};
    const drifted: RunEvent = {
      type: 'schema.drifted',
      total: 3,
      changes: [change],
      filled: [{table, how: 'written anew', mark: 'f'}],
    };
    const entries = [...journal, {...drifted, seq: journal.length + 1, at: endedAt}];
    const told = formatReport(reportOf(entries, {at: endedAt, servers, readings: []}));
    expect(told).toContain(
      '## Changed on the source since P\n\n- not followed: column public.t.x is new\n- and 2 more that are not followed\n- rows were written: public.t: written anew',
    );
  });
});
