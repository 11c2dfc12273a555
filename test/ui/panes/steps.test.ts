import {expect, test} from 'vitest';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import {reduceAll} from '../../../src/domain/run/reduce.ts';
import {stepDialog} from '../../../src/ui/dialogs/step-dialog.ts';
import {drawPane} from '../../../src/ui/draw/pane.ts';
import {EVENTS} from '../../../src/ui/panes/events.ts';
import type {Pane} from '../../../src/ui/panes/pane.ts';
import {STEPS} from '../../../src/ui/panes/steps.ts';
import {symbolsFor} from '../../../src/ui/screen/symbols.ts';
import {lineWidth} from '../../../src/ui/screen/width.ts';
import {createConsoleStore} from '../../../src/ui/store/console-store.ts';
import {hear, type Live, NOTHING_HEARD} from '../../../src/ui/store/live.ts';
import {findingsView} from '../../../src/ui/view-model/findings.ts';
import {DMS_STEPS} from '../../support/dms-steps.ts';
import {FACTS, journal, NOW} from '../fixtures/acme-run.ts';

const BEGUN: readonly RunEvent[] = [
  {type: 'run.started', run: 'acme-prod', version: '0.1.0', steps: DMS_STEPS},
  {type: 'step.started', step: 'preflight'},
  ...(['note', 'warning'] as const).map((severity): RunEvent => ({
    type: 'finding.seen',
    step: 'preflight',
    finding: {check: 'one', severity, subject: 'source', seen: `a ${severity} of it`, remedy: ''},
  })),
  {type: 'step.done', step: 'preflight', evidence: {warnings: 1, databaseBytes: 5 * 1024 ** 3}, already: false},
  {type: 'step.started', step: 'pause-replay'},
];
const WAITING: RunEvent = {
  type: 'step.waiting',
  step: 'pause-replay',
  question: 'Run pause-replay?',
  actions: ['replica: SELECT pg_wal_replay_resume();\nSELECT pg_wal_replay_pause()', 'jump box: note it'],
};

function liveAfter(...events: readonly RunEvent[]): Live {
  const entries = journal(events);
  return [
    {type: 'hello', protocol: 1, pid: 1, facts: FACTS} as const,
    {type: 'snapshot', state: reduceAll(entries), events: entries, readings: []} as const,
  ].reduce(hear, NOTHING_HEARD);
}

/** The rows of a pane of this width as text. */
function drawn(pane: Pane, live: Live, width: number): string[] {
  const first = createConsoleStore({columns: width, rows: 40, readOnly: false, nowMs: NOW}).getState();
  const lines = drawPane({...first, live}, pane, {width, height: 30, boxed: true, symbols: symbolsFor(false)});
  expect(new Set(lines.map(lineWidth))).toEqual(new Set([width]));
  return lines.map((line) => line.map(({text}) => text).join(''));
}

test('a step that waits says so on every screen, and one that is done says only what fits whole', () => {
  for (const width of [47, 52, 66, 80]) {
    const rows = drawn(STEPS, liveAfter(...BEGUN, WAITING), width);
    expect(rows.find((row) => row.includes('pause'))).toMatch(/ waits for you +\d:\d\d ?│$/);
    expect(rows.find((row) => row.includes('preflight'))).toMatch(
      /preflight +(warnings 1, database 5\.0 GB +)?\d:\d\d ?│$/,
    );
  }
  expect(drawn(STEPS, liveAfter(...BEGUN, WAITING), 66).join('\n')).toContain('warnings 1, database 5.0 GB');
});

test('what a question runs has a row for each line of it', () => {
  const dialog = stepDialog(liveAfter(...BEGUN, WAITING), 'pause-replay');
  expect(dialog?.runs).toEqual([
    'replica: SELECT pg_wal_replay_resume();',
    'SELECT pg_wal_replay_pause()',
    'jump box: note it',
  ]);
});

test('the notes of a check do not hide what has happened to the run', () => {
  const rows = drawn(EVENTS, liveAfter(...BEGUN), 80).join('\n');
  expect(rows).toContain('a warning of it');
  expect(rows).not.toContain('a note of it');
  expect(rows).toContain('preflight done');
});

test('f shows a step that has failed before all else, whole and with what to do', () => {
  const failure = {message: 'a long story', remedy: 'do this', unreachable: false};
  const [first, ...rest] = findingsView(liveAfter(...BEGUN, {type: 'step.failed', step: 'pause-replay', failure}));
  expect(first).toMatchObject({kind: 'failed', subject: 'pause-replay', seen: 'a long story', remedy: 'do this'});
  expect(rest.map(({kind}) => kind)).toEqual(['warning', 'note']);
});

test('what a step does now is whole in its detail, where its row has no room for it', () => {
  const what = 'the target has not answered since 03:12:07 UTC: waiting for it, at most 10:00 (timeouts.outage)';
  const live = liveAfter(...BEGUN, {type: 'step.progressed', step: 'pause-replay', done: 0, total: 1, what});
  const {view, ...rest} = createConsoleStore({columns: 80, rows: 24, readOnly: false, nowMs: NOW}).getState();
  expect(STEPS.detail({...rest, view, live}, 'pause-replay').facts).toContainEqual({
    label: 'now',
    text: `0 of 1, ${what}`,
  });
});

function rowOfAgain(live: Live): string {
  return drawn(STEPS, live, 100).find((line) => line.includes('1/67 tables')) ?? '';
}

test('a comparison while changes flow says how far it is, from its first table on', () => {
  const begun = liveAfter(
    {type: 'run.started', run: 'acme-prod', version: '0.1.0', steps: ['compare-again']},
    {type: 'step.started', step: 'compare-again'},
  );
  const again = {
    startedAt: '',
    by: 'compare-again',
    how: 'fence',
    tables: 67,
    done: ['public.a'],
    rows: 5,
    differing: ['public.a'],
    undecided: 0,
    endedAt: null,
    failure: null,
  } as const;
  expect(rowOfAgain({...begun, run: {...begun.run, again}})).toContain('1/67 tables, 1 differ');
  const work = {startedAt: '', elapsedMs: 600_000, done: 1, total: 67, bytesDone: 10, bytesTotal: 40, pieces: []};
  const reading = {at: new Date(NOW).toISOString(), probe: 'work', work: {step: 'compare-again', ...work}} as const;
  const readings = new Map([['work', reading]]);
  expect(rowOfAgain({...begun, readings, run: {...begun.run, again}})).toContain('1/67 tables, 1 differ, 30 min left');
  expect(rowOfAgain({...begun, run: {...begun.run, again: {...again, endedAt: 'then'}}})).toBe('');
});
