import {describe, expect, test} from 'vitest';
import type {JournalEntry, RunEvent} from '../../src/domain/run/event.ts';
import {parseLsn} from '../../src/domain/pg/lsn.ts';
import {captureLines} from '../../src/report/cutover/capture-lines.ts';
import {cutoverSections} from '../../src/report/cutover/cutover-lines.ts';
import {writeStopsOf} from '../../src/report/cutover/write-stops.ts';
import {stopBars} from '../../src/report/html/stop-bars.ts';
import {formatReport} from '../../src/report/format-report.ts';
import {formatPage} from '../../src/report/html/page.ts';
import {reportOf} from '../../src/report/report-data.ts';
import {NEW_RUN} from '../../src/domain/run/run-state.ts';
import {CUTOVER, cutoverJournal} from './cutover-journal.ts';

const NOW = Date.parse('2026-11-25T05:00:00.000Z');
const FACTS = {at: new Date(NOW).toISOString(), servers: {source: 's', replica: 'r', target: 't'}, readings: []};

describe('a write stop', () => {
  test('lasts from the first refused write to the first that is taken, as the servers measured it, and every part has its place in it', () => {
    const [stop, ...others] = writeStopsOf(CUTOVER, NOW);
    expect(others).toEqual([]);
    expect(stop).toMatchObject({what: 'cutover', by: 'ana', end: 'handed over', stoppedMs: 1180, reason: null});
    expect(stop?.parts.map(({name, fromMs, tookMs}) => [name, fromMs, tookMs])).toEqual([
      ['prepare-reverse', -900, 800],
      ['command stop.0', 10, 190],
      ['stop-writes', -20, 340],
      ['drain', 330, 500],
      ['slot lh_01', 330, 320],
      ['slot lh_02', 330, 490],
      ['copy-sequences', 840, 60],
      ['compare-final', 910, 150],
      ['hand-over', 1070, 130],
      ['validate-constraints', 1300, 4000],
    ]);
  });

  test('is drawn with what filled it, and without what came before and behind', () => {
    const bars = writeStopsOf(CUTOVER, NOW).flatMap((stop) => stopBars(stop));
    expect(bars.map(({row}) => row)).toEqual([
      'no writes',
      'command stop.0',
      'stop-writes',
      'drain',
      'slot lh_01',
      'slot lh_02',
      'copy-sequences',
      'compare-final',
      'hand-over',
    ]);
    expect(bars[0]).toMatchObject({fromMs: 0, toMs: 1180});
  });

  test('is followed by who still comes to the side that was left', () => {
    expect(cutoverSections(writeStopsOf(CUTOVER, NOW)).join('')).toContain(
      '- Seen on the source since then: app from 10.0.0.7, worker\\|3: 4 sessions, last seen 2026-11-25T04:00:02.195Z',
    );
  });

  test('that was taken back says why, ends when writes are allowed again, and what has failed is marked', () => {
    const taken = cutoverJournal([
      [0, {type: 'cutover.begun', by: 'ana', steps: ['stop-writes', 'drain']}],
      [10, {type: 'step.started', step: 'stop-writes'}],
      [20, {type: 'cutover.stopping', setting: null}],
      [100, {type: 'step.done', step: 'stop-writes', evidence: {}, already: false}],
      [110, {type: 'step.started', step: 'drain'}],
      [5000, {type: 'step.failed', step: 'drain', failure: {message: 'm', remedy: 'r', unreachable: false}}],
      [5400, {type: 'cutover.gone-back', by: 'ana', reason: 'slot lh_01 does not drain'}],
    ]);
    const [stop] = writeStopsOf(taken, NOW);
    expect(stop).toMatchObject({end: 'taken back', stoppedMs: 5380, reason: 'slot lh_01 does not drain'});
    expect(cutoverSections(writeStopsOf(taken, NOW)).join('')).toContain('| drain | 0.09 s | 4.89 s, FAILED |');
  });

  test('that goes on is counted until now, and nothing is one that was taken back before anything was refused', () => {
    const begun: (readonly [number, RunEvent])[] = [[0, {type: 'cutover.begun', by: 'ana', steps: ['stop-writes']}]];
    const stopping: readonly [number, RunEvent] = [1000, {type: 'cutover.stopping', setting: null}];
    const at = Date.parse(cutoverJournal(begun)[0]?.at ?? '');
    expect(writeStopsOf(cutoverJournal([...begun, stopping]), at + 3500)).toMatchObject([
      {end: 'goes on', stoppedMs: 2500, allowedAt: null},
    ]);
    const nothing = cutoverJournal([...begun, [2000, {type: 'cutover.gone-back', by: 'ana', reason: 'no'}]]);
    expect(writeStopsOf(nothing, NOW)).toMatchObject([{end: 'taken back', stoppedMs: null}]);
    expect(writeStopsOf(nothing, NOW).flatMap((stop) => stopBars(stop))).toEqual([]);
  });
});

describe('the report', () => {
  const report = reportOf(CUTOVER, FACTS);

  test('counts what production could not write for in all cutovers and ways back, and begins their steps anew with each', () => {
    const back: JournalEntry[] = cutoverJournal([
      [100_000, {type: 'back.begun', by: 'bo', steps: ['back-stop-writes']}],
      [100_100, {type: 'back.stopping', setting: null}],
      [100_920, {type: 'back.handed-over', by: 'bo', evidence: {}}],
    ]);
    const both = reportOf([...CUTOVER, ...back], FACTS);
    expect(both.cutovers.map(({what, stoppedMs}) => [what, stoppedMs])).toEqual([
      ['cutover', 1180],
      ['back', 820],
    ]);
    expect(both.summary.writeStopMs).toBe(2000);
    expect(formatReport(both)).toContain('- Write stop: 2.00 s in all: 1.18 s, way back 0.82 s');
    expect(formatReport(report)).toContain('- Write stop: 1.18 s\n');
    const again = reportOf(
      cutoverJournal([
        [0, {type: 'cutover.begun', by: 'ana', steps: ['drain']}],
        [100, {type: 'step.started', step: 'drain'}],
        [400, {type: 'step.failed', step: 'drain', failure: {message: 'm', remedy: 'r', unreachable: false}}],
        [9000, {type: 'cutover.begun', by: 'ana', steps: ['drain']}],
        [9100, {type: 'step.started', step: 'drain'}],
        [9150, {type: 'step.done', step: 'drain', evidence: {}, already: false}],
      ]),
      FACTS,
    ).steps.find(({id}) => id === 'drain');
    expect(again).toMatchObject({spentMs: 50});
    expect(reportOf(CUTOVER.slice(0, 3), FACTS).summary.writeStopMs).toBeNull();
  });

  test('has the picture of the write stop and its parts on the page', () => {
    const page = formatPage(report, {journal: CUTOVER, readings: [], complete: (text) => text});
    expect(page).toContain('<h2>Write stop</h2>');
    expect(page).toContain('>slot lh_02<');
    expect(page).toContain('<h2>Cutover</h2>');
    expect(page).toContain('1.18 s');
  });

  test('tells change capture: since when, how far it had caught up, what was compared again, and what is owed', () => {
    const table = {schema: 'public', name: 'users'};
    const lines = captureLines({
      ...NEW_RUN,
      cdcStarted: {at: FACTS.at, by: 'start-cdc'},
      evidence: {
        'wait-for-catch-up': {
          boundary: parseLsn('0/1'),
          slots: [{name: 'lh_01', lagBytes: 2048, lagSeconds: 0.4, sentinels: 12}],
          tookMs: 1,
        },
      },
      again: {
        startedAt: FACTS.at,
        by: 'ana',
        how: 'fence',
        tables: 2,
        leftOut: ['public.log'],
        done: ['public.users', 'public.events'],
        rows: 1000,
        differing: ['public.users'],
        undecided: 0,
        endedAt: FACTS.at,
        failure: null,
      },
      capture: {...NEW_RUN.capture, owed: [{table, since: FACTS.at, why: 'transaction 7 was skipped'}]},
    }).join('\n');
    expect(lines).toContain('lh_01: caught up, 2.0 kB and 0.40 s behind; 12 sentinels, each once');
    expect(lines).toContain('2 of 2 tables, 1,000 rows, replica and target held at one commit, 1 DIFFER');
    expect(lines).toContain(
      '- NOT WHOLE: public.users has to be compared: transaction 7 was skipped. longhaul compare --again public.users',
    );
    expect(lines).toContain('- left out of it: public.log, which change capture does not bring whole');
    expect(captureLines(NEW_RUN)).toEqual([]);
  });
});
