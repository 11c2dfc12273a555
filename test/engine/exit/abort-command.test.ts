import {describe, expect, test} from 'vitest';
import type {Config} from '../../../src/config/config.ts';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import {goBackPatiently} from '../../../src/engine/cutover/going-back.ts';
import {createFence} from '../../../src/engine/cutover/fence.ts';
import {createFinalComparison} from '../../../src/engine/cutover/final/final-comparison.ts';
import {abortByCommand} from '../../../src/engine/exit/abort-command.ts';
import {LonghaulError} from '../../../src/domain/base/longhaul-error.ts';
import type {StepContext} from '../../../src/engine/step.ts';
import type {Session} from '../../../src/pg/session/session.ts';
import {answeringSession, contextOf} from '../../support/stepping.ts';

const BEGUN: RunEvent = {type: 'cutover.begun', by: 'ana', steps: ['stop-writes', 'hand-over']};
const STOPPING: RunEvent = {
  type: 'cutover.stopping',
  setting: {database: 'app', before: null, since: '2026-11-27T00:00:00Z'},
};
const FIRING: RunEvent = {
  type: 'cutover.triggers-firing',
  triggers: [{schema: 'public', table: 'moves', name: 'counting'}],
};

/** A cutover under way, and a target that is away. */
function withoutTarget(...before: readonly RunEvent[]) {
  const source = answeringSession();
  const open = async (role: string): Promise<Session> => {
    if (role === 'target')
      throw new LonghaulError({code: 'unreachable', message: 'the target is away', remedy: 'wait'});
    return source;
  };
  const cutover = {reverse: false, stop: 'longhaul', stopBefore: [], stopAfter: [], handOver: [], opened: []};
  const known = contextOf('never', BEGUN, STOPPING, ...before);
  const ctx = {
    ...known,
    config: {...known.config, cdc: {engine: 'none'}, cutover} as unknown as Config,
    fence: createFence(),
    final: createFinalComparison(),
    session: open,
    open,
    steady: () => performance.now(),
    sleep: async (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref()),
  } as unknown as StepContext;
  return {ctx, known};
}

/** A walk that goes back once it is halted, as a cutover's does. */
function walkOf(ctx: StepContext) {
  const halting = Promise.withResolvers<string>();
  const hurrying = new AbortController();
  const walked = halting.promise.then(async (reason) => goBackPatiently(ctx, {by: 'run', reason}, hurrying.signal));
  return {
    halt: (reason: string) => halting.resolve(reason),
    hurry: () => hurrying.abort(),
    ended: async () => walked,
  };
}

describe('an abort by command while a cutover is under way', () => {
  test('does not wait for a target that is away, takes the rest back, and says that the cutover was', async () => {
    const {ctx, known} = withoutTarget(FIRING);
    const reply = await abortByCommand(ctx, walkOf(ctx), {type: 'abort', typed: 'acme', who: 'ana'});
    const reasons = known.entries.flatMap((entry) => (entry.type === 'cutover.gone-back' ? [entry.reason] : []));
    expect(reasons).toEqual([expect.stringContaining('the target is away')]);
    expect(reply.message).toMatch(/^the cutover was taken back, and writes are allowed on the source again; /);
  }, 15_000);

  test('tells which of the operator’s commands was not undone by whoever took the cutover back', async () => {
    const {ctx} = withoutTarget();
    const walk = {
      halt: (reason: string) =>
        void ctx.record({
          type: 'cutover.gone-back',
          by: 'run',
          reason: `${reason}; cutover.hand_over.0 was NOT UNDONE`,
        }),
      hurry: () => undefined,
      ended: async () => undefined,
    };
    expect(await abortByCommand(ctx, walk, {type: 'abort', typed: 'acme', who: 'ana'})).toMatchObject({
      ok: false,
      message: expect.stringContaining('cutover.hand_over.0 was NOT UNDONE'),
      remedy: 'do by hand what was not undone',
    });
  });

  test('never says that nothing was taken back where the cutover was, though a step does not end', async () => {
    const {ctx} = withoutTarget();
    const soon = {...ctx, sleep: async () => undefined};
    const away = new Promise<never>(() => undefined);
    const waiting = {halt: () => undefined, hurry: () => undefined, ended: async () => away};
    const order = {type: 'abort', typed: 'acme', who: 'ana'} as const;
    expect((await abortByCommand(soon, waiting, order)).message).toMatch(
      /^the cutover is being taken back, and writes/,
    );
    const goneBack = {
      ...waiting,
      halt: () => void ctx.record({type: 'cutover.gone-back', by: 'run', reason: 'the run is given up'}),
    };
    expect((await abortByCommand(soon, goneBack, order)).message).toMatch(
      /^the cutover was taken back, .* not given up/,
    );
  });
});
