import {describe, expect, test} from 'vitest';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import type {Finding} from '../../../src/domain/run/finding.ts';
import {LonghaulError} from '../../../src/domain/base/longhaul-error.ts';
import {ServerFailure} from '../../../src/pg/session/server-error.ts';
import {runSteps} from '../../../src/engine/run/run-steps.ts';
import type {Step} from '../../../src/engine/step.ts';
import {contextOf, stepOf} from '../../support/stepping.ts';

const ALL = {from: null, until: null};

/** The operator says yes at once. */
async function waitForWord(): Promise<void> {}

/** The run is stopped while it waits; or nobody may be asked. */
async function refuse(): Promise<void> {
  throw new Error('stopped');
}

async function fail(): Promise<never> {
  throw new LonghaulError({code: 'unreachable', message: 'db1 is away', remedy: 'wait'});
}

describe('a step that touches production', () => {
  test('waits for the typed word, with the SQL before it, and does nothing until it comes', async () => {
    const did: string[] = [];
    const ctx = contextOf('typed');
    const word = Promise.withResolvers<void>();
    const ended = runSteps(ctx, {steps: [stepOf({did})], ...ALL, waitForWord: async () => word.promise});
    while (!ctx.recorded().includes('step.waiting')) await new Promise(setImmediate);
    expect(did).toEqual([]);
    expect(ctx.entries.at(-1)).toMatchObject({
      question: 'Run create-slots: create the slots?',
      actions: ['source: SELECT 1'],
    });
    word.resolve();
    expect(await ended).toBe('done');
    expect(did).toEqual(['run']);
    expect(ctx.recorded()).toEqual(['step.started', 'step.waiting', 'step.done']);
  });

  test('asks again where what it would do has changed since it was shown, and then does what was shown last', async () => {
    const did: string[] = [];
    const ctx = contextOf('typed');
    const texts = ['SELECT 1', 'SELECT 2', 'SELECT 2'];
    const plan: Step['plan'] = async () => [
      {on: 'source', text: texts.shift() ?? 'SELECT 3', execute: async () => undefined},
    ];
    expect(await runSteps(ctx, {steps: [stepOf({did, plan})], ...ALL, waitForWord})).toBe('done');
    const shown = ctx.entries.flatMap((entry) => (entry.type === 'step.waiting' ? [entry.actions] : []));
    expect(shown).toEqual([['source: SELECT 1'], ['source: SELECT 2']]);
    expect(did).toEqual(['run']);
  });

  test('does nothing where the word never comes because the run is stopped', async () => {
    const did: string[] = [];
    const ctx = contextOf('typed');
    const failed = await runSteps(ctx, {steps: [stepOf({did})], ...ALL, waitForWord: refuse});
    expect([failed, did]).toEqual(['failed', []]);
  });

  test('asks nobody in a rehearsal, but for what only an operator can decide, which the journal then has', async () => {
    const ctx = contextOf('never');
    const question = {done: null, findings: [], question: 'Use the node that is there?'};
    await runSteps(ctx, {
      steps: [stepOf({}), stepOf({id: 'create-node', check: async () => question})],
      ...ALL,
      waitForWord: refuse,
    });
    expect(ctx.recorded()).toEqual([
      'step.started',
      'step.done',
      'step.started',
      'step.waiting',
      'step.confirmed',
      'step.done',
    ]);
  });

  test('which needs no word still asks what only the operator can decide', async () => {
    const did: string[] = [];
    const ctx = contextOf('typed');
    const asked: string[] = [];
    await runSteps(ctx, {
      steps: [stepOf({did, confirm: 'no', check: async () => ({done: null, findings: [], question: 'Use it?'})})],
      ...ALL,
      waitForWord: async (step) => {
        asked.push(step, ...did);
      },
    });
    expect([asked, did]).toEqual([['create-slots'], ['run']]);
  });

  test('is stopped by a blocker before anything is asked or done, with the remedy; a warning stops nothing', async () => {
    const finding: Finding = {
      check: 'x',
      severity: 'blocker',
      subject: 'slot a',
      seen: 'is theirs',
      remedy: 'rename ours',
    };
    const did: string[] = [];
    const ctx = contextOf('typed');
    const blocked = stepOf({did, check: async () => ({done: null, findings: [finding]})});
    expect(await runSteps(ctx, {steps: [blocked, stepOf({did})], ...ALL, waitForWord})).toBe('failed');
    expect([did, ctx.recorded()]).toEqual([[], ['step.started', 'finding.seen', 'step.failed']]);
    expect(ctx.entries.at(-1)).toMatchObject({failure: {message: 'slot a: is theirs', remedy: 'rename ours'}});
    const warned = stepOf({did, check: async () => ({done: null, findings: [{...finding, severity: 'warning'}]})});
    expect(await runSteps(contextOf('never'), {steps: [warned], ...ALL, waitForWord})).toBe('done');
    expect(did).toEqual(['run']);
  });

  test('that is done already is not done again; one whose servers have changed since is', async () => {
    const did: string[] = [];
    const before: RunEvent = {type: 'step.done', step: 'create-slots', evidence: {node: 'six'}, already: false};
    const ctx = contextOf('never', before);
    const there = stepOf({did, check: async () => ({done: {node: 'seven'}, findings: []})});
    await runSteps(ctx, {steps: [there], ...ALL, waitForWord});
    expect([did, ctx.recorded(), ctx.state().evidence['create-slots']]).toEqual([[], [], {node: 'six'}]);
    await runSteps(ctx, {steps: [stepOf({did})], ...ALL, waitForWord});
    expect(did).toEqual(['run']);
    const fresh = contextOf('never');
    await runSteps(fresh, {steps: [there], ...ALL, waitForWord});
    expect(fresh.entries.at(-1)).toMatchObject({type: 'step.done', already: true, evidence: {node: 'seven'}});
  });

  test('ends the walk where it fails, and the steps after it are not tried', async () => {
    const did: string[] = [];
    const ctx = contextOf('never');
    const end = await runSteps(ctx, {
      steps: [stepOf({run: fail}), stepOf({did, id: 'add-tables'})],
      ...ALL,
      waitForWord,
    });
    expect([end, did]).toEqual(['failed', []]);
    expect(ctx.entries.at(-1)).toMatchObject({
      type: 'step.failed',
      failure: {message: 'db1 is away', unreachable: true},
    });
  });

  describe('that loses its server', () => {
    const away = new ServerFailure('target', {code: 'unreachable', message: 'target: lost', remedy: 'see it'});
    const reached = {connectedMs: () => 0, open: async () => ({close: async () => undefined})};
    const timeouts = {outageMs: 60_000};
    /** A walk that is at a step which loses its server once it was agreed to, and what somebody was asked. */
    const walkOver = async (waitsForServers: boolean, texts: string[]) => {
      const plain = contextOf('typed');
      const ctx = {...plain, ...reached, config: {...plain.config, timeouts}} as unknown as typeof plain;
      const did: string[] = [];
      let goes = 0;
      const run: Step['run'] = async () => {
        goes += 1;
        if (goes === 1) throw away;
        did.push('run');
        return {node: 'longhaul'};
      };
      const plan: Step['plan'] = async () =>
        (goes === 0 ? ['SELECT 1', 'SELECT 2'] : texts).map((text) => ({
          on: 'source',
          text,
          execute: async () => undefined,
        }));
      const waits = waitsForServers ? {waitsForServers: true as const} : {};
      const end = await runSteps(ctx, {steps: [stepOf({run, plan})], ...ALL, waitForWord, ...waits});
      return {end, did, happened: ctx.recorded(), entries: ctx.entries};
    };

    test('waits and goes on by itself, and asks nobody once more for what he has agreed to', async () => {
      const {end, did, happened, entries} = await walkOver(true, ['SELECT 2']);
      expect([end, did]).toEqual(['done', ['run']]);
      expect(happened).toEqual(['step.started', 'step.waiting', 'step.progressed', 'step.started', 'step.done']);
      expect(entries.find(({type}) => type === 'step.progressed')).toMatchObject({
        what: expect.stringMatching(/^the target has not answered since/),
      });
    });

    test('asks again where something else would be done by then', async () => {
      const {happened} = await walkOver(true, ['SELECT 2', 'SELECT 3']);
      expect(happened.filter((type) => type === 'step.waiting')).toHaveLength(2);
    });

    test('fails at once where writers wait for the walk', async () => {
      const {end, did, happened} = await walkOver(false, ['SELECT 2']);
      expect([end, did]).toEqual(['failed', []]);
      expect(happened).toEqual(['step.started', 'step.waiting', 'step.failed']);
    });
  });

  test('--from looks at nothing before it, --until runs nothing after it', async () => {
    const ran: string[] = [];
    const one = (id: Step['id']): Step =>
      stepOf({
        id,
        run: async () => {
          ran.push(id);
          return {node: id};
        },
      });
    const steps = [one('create-slots'), one('create-node'), one('add-tables'), one('pause-replay')];
    const ctx = contextOf('never');
    const end = await runSteps(ctx, {
      steps,
      from: 'create-node',
      until: 'add-tables',
      waitForWord,
    });
    expect([end, ran]).toEqual(['stopped', ['create-node', 'add-tables']]);
    expect(ctx.recorded()).toEqual(['step.started', 'step.done', 'step.started', 'step.done']);
  });
});
