import {describe, expect, test} from 'vitest';
import {parseRelation} from '../../../../src/domain/pg/relation.ts';
import {whyNoEndOfComparison} from '../../../../src/domain/rules/cutover.ts';
import {comparisonWords, lastComparison, writtenWords} from '../../../../src/domain/run/cutover/last-comparison.ts';
import type {JournalEntry, RunEvent} from '../../../../src/domain/run/event.ts';
import {
  endOfComparison,
  noteEndOfComparison,
  waitTelling,
} from '../../../../src/engine/cutover/final/end-of-comparison.ts';
import type {FinalProgress} from '../../../../src/engine/cutover/final/final.ts';
import {equalMarks, isWrittenTo} from '../../../../src/engine/cutover/final/written-since.ts';
import type {StepContext} from '../../../../src/engine/step.ts';
import {compareFinal} from '../../../../src/engine/steps/cutover/compare-final.ts';
import {formatStatusLine} from '../../../../src/cli/run/status-line.ts';
import {lineFacts} from '../../../../src/domain/reading/line-facts.ts';
import {contextOf} from '../../../support/stepping.ts';

const SINCE = '2026-11-27T05:00:00.000Z';
const minutesLater = (minutes: number): number => Date.parse(SINCE) + minutes * 60_000;

/** A cutover that has handed over, with these tables left to the comparison behind it. */
const handedOver = (left: readonly string[]): RunEvent[] => [
  {type: 'cutover.begun', by: 'ana', steps: ['compare-final', 'hand-over', 'validate-constraints']},
  {
    type: 'step.done',
    step: 'compare-final',
    evidence: {
      byRow: ['public.users'],
      left,
      written: {tables: 3, bytes: 2_000_000, left: left.slice(0, 1)},
      held: {since: SINCE, limitMs: 3_600_000},
      tookMs: 1,
    },
    already: false,
  },
  {type: 'cutover.opening', by: 'ana'},
  {type: 'cutover.handed-over', by: 'run', evidence: {}},
];

const compared = (name: string, mark: string | undefined, more: object = {}): JournalEntry =>
  ({
    seq: 1,
    at: SINCE,
    type: 'again.compared',
    table: parseRelation(name),
    how: 'fence',
    replicaRows: 1,
    targetRows: 1,
    undecided: 0,
    ...(mark === undefined ? {} : {mark}),
    ...more,
  }) as JournalEntry;

const NOT_BEGUN: FinalProgress = {
  compared: [],
  left: [],
  counted: [],
  failed: [],
  written: {tables: [], bytes: 0},
  failure: null,
  ended: null,
};

const equal = (table: string) => ({table, differs: false, sourceRows: 1, targetRows: 1});

const meeting = (left: readonly string[], progress: Partial<FinalProgress>) => {
  const ended: string[] = [];
  const session = {
    run: async ({values}: {values: unknown[]}) => void ended.push(JSON.stringify(values)),
    close: () => undefined,
  };
  const ctx = {
    ...contextOf('never', ...handedOver(left)),
    final: {over: async () => undefined, stop: async () => undefined, progress: () => ({...NOT_BEGUN, ...progress})},
    open: async () => session,
  } as unknown as StepContext;
  return {ctx, ended};
};

test('while the last comparison goes on behind the hand-over, its tables are told', async () => {
  const left = ['public.big', 'public.bigger'];
  const told: unknown[] = [];
  const end = Promise.withResolvers<undefined>();
  const ctx = {
    ...contextOf('never'),
    final: {
      over: async () => end.promise,
      progress: () => ({compared: [{}, {}].slice(left.length), left, failure: null}),
    },
    record: async (event: unknown) => void told.push(event),
    sleep: async () => {
      if (told.length > 0) left.shift();
      if (left.length === 0) end.resolve(undefined);
    },
  } as unknown as StepContext;
  await waitTelling(ctx);
  expect(told).toEqual([
    expect.objectContaining({done: 0, total: 2, what: 'rows as they were at the hand-over: public.big; public.bigger'}),
    expect.objectContaining({done: 1, total: 2, what: 'rows as they were at the hand-over: public.bigger'}),
  ]);
});

/** A comparison while writes are stopped that has come so far. */
async function comparing(progress: Partial<typeof NOT_BEGUN>): Promise<unknown> {
  const ctx = {
    ...contextOf('never'),
    config: {cutover: {compareForMs: 1, compareLimitMs: 1}},
    final: {
      begin: async () => undefined,
      over: async () => undefined,
      progress: () => ({...NOT_BEGUN, ...progress}),
    },
  } as unknown as StepContext;
  return compareFinal.run(ctx);
}

test('whatever fails in it while writes are stopped takes the cutover back, a bug as well: nothing was compared', async () => {
  await expect(comparing({failure: new TypeError('a bug')})).rejects.toThrow('a bug');
});

test('a table that cannot be read while writes are stopped takes the cutover back as well', async () => {
  const error = new Error('relation "public.big" does not exist');
  const failed = [{table: 'public.big', why: error.message, error}];
  await expect(comparing({failed})).rejects.toThrow('does not exist');
});

describe('which tables the last comparison takes first', () => {
  test('are those that the source has counted a write of since they were found equal', () => {
    const marks = equalMarks([compared('public.users', '7 1 0 0'), compared('public.log', '8 1 0 0')]);
    expect([...marks]).toEqual([
      ['public.users', '7 1 0 0'],
      ['public.log', '8 1 0 0'],
    ]);
    expect(isWrittenTo(marks.get('public.users'), '7 1 0 0')).toBe(false);
    expect(isWrittenTo(marks.get('public.users'), '7 2 0 0')).toBe(true);
    // Counters that were reset, and a table that the statistics tell nothing of.
    expect(isWrittenTo(marks.get('public.users'), '7 0 0 0')).toBe(true);
    expect(isWrittenTo('', '')).toBe(true);
  });

  test('and those that were not found equal: never compared, differing, undecided, or before another P', () => {
    expect(isWrittenTo(undefined, '7 1 0 0')).toBe(true);
    const rowsThatDiffer = {total: 1, atLeast: false, first: [], why: null};
    const first = compared('public.users', '7 1 0 0');
    expect(equalMarks([first, compared('public.users', '7 1 0 0', {rowsThatDiffer})]).size).toBe(0);
    expect(equalMarks([first, compared('public.users', '7 1 0 0', {undecided: 2})]).size).toBe(0);
    // Of an earlier version, which asked for none.
    expect(equalMarks([first, compared('public.users', undefined)]).size).toBe(0);
    const newP = {seq: 2, at: SINCE, type: 'boundary.captured', boundary: {}} as unknown as JournalEntry;
    expect(equalMarks([first, newP]).size).toBe(0);
    expect(equalMarks([newP, first]).size).toBe(1);
  });

  test('and how many of them were compared while writes were stopped is said', () => {
    const written = {tables: 37, bytes: 1024 ** 3, left: []};
    expect(writtenWords({written})).toBe('37 tables (1.0 GB) written to since last found equal: all compared');
    expect(writtenWords({written: {...written, left: ['public.a', 'public.b']}})).toBe(
      '37 tables (1.0 GB) written to since last found equal: 35 compared, 2 after the hand-over',
    );
    expect(writtenWords({written: {tables: 0, bytes: 0, left: []}})).toContain('no table was written to');
    expect(writtenWords({})).toBeNull();
    expect(writtenWords({written, left: ['public.c', 'public.d'], counted: ['public.c']})).toBe(
      '37 tables (1.0 GB) written to since last found equal: all compared; of 2 that are left 1 counted, 1 not',
    );
  });
});

describe('the snapshots of the last comparison', () => {
  test('are told with their age and what is left to their limit, as long as they are held', () => {
    const {ctx} = meeting(['public.big', 'public.bigger'], {});
    const last = lastComparison(ctx.state());
    expect(last).toEqual({tables: 2, since: SINCE, limitMs: 3_600_000});
    if (last === null) return;
    expect(comparisonWords(last, minutesLater(42))).toBe(
      '2 tables are compared as they were at the hand-over: snapshots on both sides held for 42:00, at most 18:00 more',
    );
    const line = formatStatusLine(lineFacts(ctx.state(), []), {alive: true, nowMs: minutesLater(42)});
    expect(line).toContain('snapshots 42:00 of 1:00:00');
    expect(whyNoEndOfComparison(ctx.state())).toBeNull();
  });

  test('are over once all is compared, once they were let go, and on the way back', async () => {
    for (const event of [
      {type: 'cutover.comparison-over', by: 'run', why: null, left: []},
      {type: 'back.begun', by: 'ana', steps: []},
    ] as const) {
      const {ctx} = meeting(['public.big'], {});
      await ctx.record(event);
      expect(lastComparison(ctx.state())).toBeNull();
      expect(whyNoEndOfComparison(ctx.state())?.why).toContain('no comparison');
    }
    expect(lastComparison(meeting([], {}).ctx.state())).toBeNull();
    expect(lastComparison(contextOf('never').state())).toBeNull();
  });

  test('that somebody has let go of are in the journal with who it was, and each table that was not compared is told', async () => {
    const why = 'ben has ended it';
    const left = ['public.big', 'public.bigger'];
    const {ctx} = meeting(left, {compared: [equal('public.users')], left, ended: {by: 'ben', why}});
    await noteEndOfComparison(ctx);
    expect(ctx.state().cutover?.comparisonOver).toEqual({why, left});
    const {differing} = await endOfComparison(ctx);
    expect(differing.map(({object, differs, why: said}) => [object, differs, said])).toEqual(
      left.map((table) => [`table ${table}`, 'was not compared at the hand-over', why]),
    );
  });

  test('that came to their end leave nothing to tell', async () => {
    const {ctx} = meeting(['public.big'], {compared: [equal('public.users'), equal('public.big')]});
    await noteEndOfComparison(ctx);
    expect(ctx.state().cutover?.comparisonOver).toEqual({why: null, left: []});
    expect((await endOfComparison(ctx)).differing).toEqual([]);
  });

  test('that could not read a table as it was tell that one, and why', async () => {
    const why = 'target: relation "public.gone" does not exist (SQLSTATE 42P01), in: SELECT count(*)';
    const {ctx} = meeting(['public.big', 'public.gone'], {
      compared: [equal('public.users'), equal('public.big')],
      failed: [{table: 'public.gone', why, error: new Error(why)}],
    });
    await noteEndOfComparison(ctx);
    expect(ctx.state().cutover?.comparisonOver).toEqual({
      why: 'public.gone could not be read as it was at the hand-over: target: relation "public.gone" does not exist (SQLSTATE 42P01)',
      left: ['public.gone'],
    });
    const {differing} = await endOfComparison(ctx);
    expect(differing.map(({object, differs}) => `${object} ${differs}`)).toEqual([
      'table public.gone was not compared at the hand-over',
    ]);
  });

  test('of a supervisor that is gone are ended on both servers, and what it had left was not compared', async () => {
    const {ctx, ended} = meeting(['public.big'], {});
    await noteEndOfComparison(ctx);
    expect(ended).toHaveLength(2);
    expect(ended[0]).toContain('longhaul/acme/final-');
    expect(ctx.state().cutover?.comparisonOver?.left).toEqual(['public.big']);
    const {differing} = await endOfComparison(ctx);
    expect(differing.map(({why}) => why)).toEqual(['the supervisor that was to compare it ended before']);
  });
});
