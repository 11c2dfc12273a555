import {describe, expect, test} from 'vitest';
import {LonghaulError} from '../../../src/domain/base/longhaul-error.ts';
import type {Command} from '../../../src/domain/run/command.ts';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import {answerPlan} from '../../../src/engine/run/planned.ts';
import type {StepContext} from '../../../src/engine/step.ts';
import {contextOf, stepOf} from '../../support/stepping.ts';

const away = new LonghaulError({code: 'unreachable', message: 'the replica does not answer: no route', remedy: ''});
const unreachable = {session: async () => Promise.reject(away), open: async () => Promise.reject(away)};

const failure = {message: 'the replica was restarted', remedy: '', unreachable: false};
const BOUNDARY = {lsn: '0/7', postmasterStart: '', timeline: 1, systemIdentifier: '', capturedAt: ''} as never;

function on(...before: RunEvent[]): StepContext {
  return {...contextOf('typed', ...before), ...unreachable};
}

const STEPS = (['pause-replay', 'full-load', 'build-indexes'] as const).map((id) =>
  stepOf({id, plan: async () => [{on: 'target', text: `what ${id} does`, execute: async () => undefined}]}),
);

const planned = async (ctx: StepContext, command: Command) => answerPlan(ctx, STEPS, command);

async function textsOfContinue(ctx: StepContext): Promise<string[]> {
  const answer = await planned(ctx, {type: 'continue'});
  return answer.ok ? answer.actions.map(({text}) => text) : [];
}

describe('what a command would do', () => {
  test.each<Command>([
    {type: 'pause-replay'},
    {type: 'resume-replay'},
    {type: 'release', typed: '', endReaders: false, resumeReplay: false},
  ])('$type cannot be told while its server is away, and why is the answer', async (command) => {
    expect(await planned(on(), command)).toEqual({ok: false, why: away.message});
  });

  test('of giving a run up is the end of what it has made, also with an engine that longhaul.yaml has no more', async () => {
    const ctx = on({type: 'objects.claimed', objects: ['slot dms_slot_01']});
    const config = {
      ...ctx.config,
      cdc: {...ctx.config.cdc, engine: 'none'},
    } as const;
    expect(await planned({...ctx, config}, {type: 'abort', typed: 'acme'})).toEqual({
      ok: true,
      actions: [{on: 'source', text: "SELECT pg_drop_replication_slot('dms_slot_01')"}],
    });
  });

  test('of a step that waits is what its question has shown', async () => {
    const actions = ["source: SELECT 'a: b'", 'jump box: pg_dump -d x'];
    const ctx = on(
      {type: 'step.started', step: 'pause-replay'},
      {type: 'step.waiting', step: 'pause-replay', question: '?', actions},
    );
    expect(await planned(ctx, {type: 'confirm-step', step: 'pause-replay', typed: 'acme'})).toEqual({
      ok: true,
      actions: [
        {on: 'source', text: "SELECT 'a: b'"},
        {on: 'jump box', text: 'pg_dump -d x'},
      ],
    });
    expect(await planned(ctx, {type: 'confirm-step', step: 'full-load', typed: 'acme'})).toEqual({
      ok: true,
      actions: [],
    });
  });

  test('of going on is the next step; of going on without P, all that is taken again', async () => {
    const done = {type: 'step.done', step: 'pause-replay', evidence: {}, already: false} as const;
    expect(await textsOfContinue(on(done))).toEqual(['what full-load does']);
    const lost = on({type: 'boundary.captured', boundary: BOUNDARY}, done, {type: 'boundary.moved', failure});
    expect(await textsOfContinue(lost)).toEqual(['what pause-replay does', 'what full-load does']);
  });

  test('of the supervisor’s end names the backends that it ends, and the lanes only where they end with it', async () => {
    const ctx = on(
      {
        type: 'load.planned',
        boundary: '0/7' as never,
        units: [{id: '01-a', kind: 'table', tables: [], bytes: 1}],
        lanes: 1,
      },
      {type: 'unit.started', unit: '01-a', attempt: 1, lane: 1, folder: '/nowhere/01-a.1'},
    );
    const texts = async (lanes: boolean): Promise<string> => {
      const answer = await planned(ctx, {type: 'shutdown', lanes});
      return answer.ok ? answer.actions.map((one) => `${one.on}: ${one.text}`).join('\n') : answer.why;
    };
    expect(await texts(false)).toContain('source: SELECT pid, pg_terminate_backend(pid)');
    expect(await texts(false)).not.toContain('01-a');
    expect(await texts(true)).toContain('jump box: kill -TERM -- -<pid>   # both ends of the lane of 01-a');
  });
});
