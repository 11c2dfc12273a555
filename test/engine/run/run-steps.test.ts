import {describe, expect, test} from 'vitest';
import type {Difference} from '../../../src/domain/run/difference.ts';
import type {JournalEntry, RunEvent} from '../../../src/domain/run/event.ts';
import {isStanding, NEW_RUN, type RunState} from '../../../src/domain/run/run-state.ts';
import {lineFacts} from '../../../src/domain/reading/line-facts.ts';
import {reduce} from '../../../src/domain/run/reduce.ts';
import type {StepId} from '../../../src/domain/run/step-id.ts';
import {acceptDifferences} from '../../../src/engine/exit/accept-differences.ts';
import {runSteps, type RunEnd} from '../../../src/engine/run/run-steps.ts';
import {Outcome, type Step, type StepContext} from '../../../src/engine/step.ts';
import {formatReport} from '../../../src/report/format-report.ts';
import {reportOf} from '../../../src/report/report-data.ts';

const gone: Difference = {
  object: 'index public.users_email',
  differs: 'is not there',
  why: 'Key (email)=(u7) is duplicated',
  query: 'SELECT email FROM users',
  remedy: 'delete one of them',
};
const other: Difference = {...gone, object: 'foreign key k of public.t', differs: 'is not validated'};

/** A run of three steps, of which the first finds these differences at each attempt. */
function aRun(found: {now: readonly Difference[]}) {
  const journal: JournalEntry[] = [];
  let state: RunState = NEW_RUN;
  const record = async (event: RunEvent): Promise<void> => {
    const entry = {...event, seq: journal.length + 1, at: new Date(journal.length * 1000).toISOString()};
    journal.push(entry);
    state = reduce(state, entry);
  };
  const steps = [
    step('build-indexes', async () => new Outcome({node: 'built'}, found.now)),
    step('compare-rows', async () => ({node: 'longhaul'})),
    step('resume-replay', async () => ({node: 'longhaul'})),
  ];
  const ctx = {
    config: {run: 'acme', confirm: 'never'},
    state: () => state,
    record,
    signal: new AbortController().signal,
  } as unknown as StepContext;
  const walk = async (until: StepId | null = null): Promise<RunEnd> => {
    await record({type: 'run.started', run: 'acme', version: '1', steps: steps.map(({id}) => id)});
    return runSteps(ctx, {steps, from: null, until, waitForWord: async () => undefined});
  };
  return {ctx, walk, journal, state: () => state};
}

function step(id: StepId, run: Step['run']): Step {
  const words = {phase: 'load', title: id, why: '', source: '', confirm: 'no'} as const;
  return {id, ...words, check: async () => ({done: null, findings: []}), plan: async () => [], run};
}

const statuses = (state: RunState): string[] => state.steps.map((one) => one.state.status);

describe('a step that left differences', () => {
  test('has failed, and the steps after it go on; the walk ends unfinished', async () => {
    const run = aRun({now: [gone, other]});
    expect(await run.walk()).toBe('unfinished');
    expect(statuses(run.state())).toEqual(['failed', 'done', 'done']);
    const [first] = run.state().steps;
    expect(first?.state).toMatchObject({
      failure: {message: expect.stringMatching(/^2 objects .*users_email is not there: Key.*; foreign key k/) as never},
    });
    expect(run.state().differences.map(({object, accepted}) => [object, accepted])).toEqual([
      [gone.object, null],
      [other.object, null],
    ]);
  });

  test('ends a walk to a later step unfinished as well, and keeps nobody from seeing what runs', async () => {
    const run = aRun({now: [gone]});
    expect(await run.walk('compare-rows')).toBe('unfinished');
    await run.ctx.record({type: 'step.started', step: 'resume-replay'});
    expect(lineFacts(run.state(), []).doing).toBe('resume-replay');
    expect(isStanding(run.state())).toBe(false);
  });

  test('is done once what it finds is mended', async () => {
    const found = {now: [gone] as readonly Difference[]};
    const run = aRun(found);
    await run.walk();
    found.now = [];
    expect(await run.walk()).toBe('done');
    expect(statuses(run.state())).toEqual(['done', 'done', 'done']);
    expect(run.state().differences).toEqual([]);
  });

  test('is done once each was accepted by its name, whatever the server says of it then; the report has who and when', async () => {
    const found = {now: [gone, other] as readonly Difference[]};
    const run = aRun(found);
    await run.walk();
    const accept = async (objects: readonly string[], typed = 'acme') =>
      acceptDifferences(run.ctx, {type: 'accept-differences', objects, typed}, 'ana@jump1');
    expect(await accept([gone.object], 'acne')).toMatchObject({ok: false});
    expect(await accept([gone.object, 'index public.nobody'])).toMatchObject({
      ok: false,
      message: 'there is no open difference of index public.nobody',
    });
    expect(run.state().differences.every(({accepted}) => accepted === null)).toBe(true);
    expect(await accept([gone.object])).toMatchObject({ok: true});
    expect(await run.walk()).toBe('unfinished');
    expect(await accept([other.object])).toMatchObject({ok: true});
    found.now = [{...gone, why: 'Key (email)=(u8) is duplicated'}, other];
    expect(await run.walk()).toBe('done');
    const report = formatReport(
      reportOf(run.journal, {at: 'now', servers: {source: 'a', replica: 'b', target: 'c'}, readings: []}),
    );
    expect(report).toContain('accepted by ana@jump1 at 1970-01-01T00:00:');
    expect(report).toContain('ana@jump1 accepts: foreign key k of public.t');
    expect(report).not.toContain('OPEN');
    // What differs in another way was not accepted.
    found.now = [{...gone, differs: 'is there with another definition'}];
    expect(await run.walk()).toBe('unfinished');
    expect(
      formatReport(reportOf(run.journal, {at: 'now', servers: {source: 'a', replica: 'b', target: 'c'}, readings: []})),
    ).toContain('OPEN: delete one of them');
  });

  test('at a new P is asked for again', async () => {
    const run = aRun({now: [gone]});
    await run.walk();
    await acceptDifferences(run.ctx, {type: 'accept-differences', objects: [gone.object], typed: 'acme'}, 'ana');
    const boundary = {lsn: '0/7', postmasterStart: '', timeline: 1, systemIdentifier: '', capturedAt: ''} as never;
    await run.ctx.record({type: 'boundary.captured', boundary});
    expect(await run.walk()).toBe('unfinished');
  });
});
