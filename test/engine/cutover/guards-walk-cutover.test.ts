import {describe, expect, test} from 'vitest';
import {LonghaulError} from '../../../src/domain/base/longhaul-error.ts';
import type {Config} from '../../../src/config/config.ts';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import type {StepId} from '../../../src/domain/run/step-id.ts';
import {backOut} from '../../../src/engine/cutover/by-command.ts';
import {goBack} from '../../../src/engine/cutover/going-back.ts';
import {createFence} from '../../../src/engine/cutover/fence.ts';
import {createFinalComparison} from '../../../src/engine/cutover/final/final-comparison.ts';
import {walkCutover} from '../../../src/engine/cutover/walk-cutover.ts';
import {cutOffWalk} from '../../../src/engine/run/own-statements.ts';
import type {StepContext} from '../../../src/engine/step.ts';
import type {Session} from '../../../src/pg/session/session.ts';
import {answeringSession, contextOf, stepOf} from '../../support/stepping.ts';

const BEGUN: RunEvent = {type: 'cutover.begun', by: 'ana', steps: ['stop-writes', 'hand-over']};
const OPENING: RunEvent = {type: 'cutover.opening', by: 'ana'};
const HANDED_OVER: RunEvent = {type: 'cutover.handed-over', by: 'run', evidence: {}};
const STOPPING: RunEvent = {
  type: 'cutover.stopping',
  setting: {database: 'app', before: null, since: '2026-11-27T00:00:00Z'},
};

const NO_COMMANDS = {reverse: false, stop: 'longhaul', stopBefore: [], stopAfter: [], handOver: [], opened: []};

interface Walked {
  readonly ran: readonly StepId[];
  readonly told: readonly string[];
  readonly reason: string;
  /** What the source was told to do. */
  readonly said: readonly string[];
}

/** How a walk meets the servers. */
interface Meeting {
  readonly before: readonly RunEvent[];
  readonly isOurs: boolean;
  readonly isClosed?: boolean;
  /** Whether anything is halted while this step runs. */
  readonly halted?: StepId;
  /** How often this step fails before it works. */
  readonly fails?: readonly [StepId, number];
}

async function walk({
  before,
  isOurs,
  isClosed = true,
  halted,
  fails: [failing, times] = ['drain', 0],
}: Meeting): Promise<Walked> {
  const said: string[] = [];
  const answer = {isReadOnly: isClosed, clock: '2026-11-27T00:00:01Z', database: 'app', before: null};
  const session = {
    version: 150_000,
    lost: false,
    one: async () => answer,
    run: async ({text}: {text: string}) => {
      said.push(text);
      return [];
    },
    close: async () => undefined,
  } as unknown as Session;
  const halting = new AbortController();
  const ctx = {
    ...contextOf('never', BEGUN, ...before),
    config: {
      run: 'acme',
      confirm: 'never',
      cdc: {engine: 'none'},
      cutover: {
        reverse: false,
        stop: 'longhaul',
        writeStopLimitMs: 1e9,
        stopBefore: [],
        stopAfter: [],
        handOver: [],
        opened: [],
      },
    } as unknown as Config,
    fence: createFence(),
    final: createFinalComparison(),
    session: async () => session,
    open: async () => session,
    sleep: async () => new Promise<void>((resolve) => setTimeout(resolve, 1)),
    steady: () => performance.now(),
  } as unknown as StepContext & ReturnType<typeof contextOf>;
  const ran: StepId[] = [];
  let failed = 0;
  const step = (id: StepId, then: readonly RunEvent[]) =>
    stepOf({
      id,
      confirm: 'no',
      run: async () => {
        ran.push(id);
        if (halted === id) halting.abort('ben has taken it back');
        halting.signal.throwIfAborted();
        if (failing === id && failed++ < times)
          throw new LonghaulError({code: 'failed', message: 'it is broken', remedy: 'mend it'});
        for (const event of then)
          if (event !== OPENING || ctx.state().cutover?.status !== 'opening') await ctx.record(event);
        return {node: 'x'};
      },
    });
  await walkCutover({
    steps: [step('stop-writes', [STOPPING]), step('hand-over', [OPENING, HANDED_OVER])],
    ctx,
    walker: {...ctx, signal: halting.signal},
    isOurs,
    halt: (why) => halting.abort(why),
    hurried: new AbortController().signal,
    waitForWord: async () => undefined,
    inPassing: {begin: () => undefined},
  });
  const {cutover} = ctx.state();
  return {ran, told: [cutover?.status ?? ''], reason: cutover?.goneBack?.reason ?? '', said};
}

const allowsWrites = (said: readonly string[]): boolean =>
  said.some((text) => text.includes('RESET default_transaction_read_only'));

describe('the walk of a cutover', () => {
  test('leads to the hand-over', async () => {
    const {ran, told} = await walk({before: [], isOurs: true});
    expect([ran, told]).toEqual([['stop-writes', 'hand-over'], ['handed-over']]);
  });

  test('takes back what another supervisor has left: its locks are gone, and none of it is gone on with', async () => {
    const {ran, told, reason, said} = await walk({before: [STOPPING], isOurs: false});
    expect([ran, told]).toEqual([[], ['gone-back']]);
    expect(reason).toContain('its supervisor had ended');
    expect(allowsWrites(said)).toBe(true);
  });

  test('takes it back where a step fails, with what it said', async () => {
    const {told, reason, said} = await walk({before: [], isOurs: true, fails: ['hand-over', 1]});
    expect(told).toEqual(['gone-back']);
    expect(reason).toBe('hand-over: it is broken');
    expect(allowsWrites(said)).toBe(true);
  });

  test('takes it back at somebody’s word, and says whose', async () => {
    const {told, reason, said} = await walk({before: [], isOurs: true, halted: 'hand-over'});
    expect(told).toEqual(['gone-back']);
    expect(reason).toBe('ben has taken it back');
    expect(allowsWrites(said)).toBe(true);
  });

  test('goes on with a target that is still closed by stopping the writes again, until it has worked', async () => {
    const {ran, told} = await walk({before: [STOPPING, OPENING], isOurs: false, fails: ['hand-over', 2]});
    expect(told).toEqual(['handed-over']);
    expect(ran).toEqual(['stop-writes', 'hand-over', 'stop-writes', 'hand-over', 'stop-writes', 'hand-over']);
  });

  test('copies nothing any more to a target that may have been written to', async () => {
    const {ran, told} = await walk({before: [STOPPING, OPENING], isOurs: false, isClosed: false});
    expect([ran, told]).toEqual([['hand-over'], ['handed-over']]);
  });
});

const ended = async (...before: readonly RunEvent[]): Promise<string> => {
  const said: string[] = [];
  const session = {
    run: async ({values}: {values: unknown[]}) => void said.push(JSON.stringify(values)),
    close: () => undefined,
  };
  const ctx = {...contextOf('never', BEGUN, ...before), open: async () => session} as unknown as StepContext;
  await cutOffWalk(ctx);
  return said.join(' ');
};

describe('a walk that was halted and waits for a server', () => {
  test('is cut off, what waits for the locks as well as long as the target is not opened', async () => {
    const cutOff = await ended(STOPPING);
    expect(cutOff).toContain('longhaul/acme/fence');
    expect(cutOff).toContain('longhaul/acme/final-%');
  });

  test('keeps the locks once it is: they are all that keeps writers out', async () => {
    expect(await ended(STOPPING, OPENING)).not.toContain('fence');
    expect(await ended(STOPPING, OPENING, HANDED_OVER)).not.toContain('fence');
  });
});

describe('a cutover that is taken back', () => {
  test('has change capture go on though what cuts off its walk ends the session under that as well', async () => {
    const said: string[] = [];
    const ends = Object.assign(new Error('terminating connection'), {code: '57P01', severity: 'FATAL'});
    const session = {
      version: 150_000,
      lost: false,
      run: async ({text}: {text: string}) => {
        said.push(text);
        if (text.startsWith('ALTER TABLE') && said.filter((one) => one === text).length === 1) throw ends;
        return [];
      },
      one: async () => ({clock: '2026-11-27T00:00:01Z'}),
      close: async () => undefined,
    } as unknown as Session;
    const firing = {schema: 'public', table: 'moves', name: 'counting'};
    const ctx = {
      ...contextOf('never', BEGUN, STOPPING, {type: 'cutover.triggers-firing', triggers: [firing]}),
      config: {run: 'acme', cdc: {engine: 'none'}, cutover: {reverse: false, stop: 'longhaul'}} as unknown as Config,
      fence: createFence(),
      final: createFinalComparison(),
      session: async () => session,
      open: async () => session,
      sleep: async (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
    } as unknown as StepContext;
    await goBack(ctx, {by: 'ana', reason: 'enough'});
    expect(ctx.state().cutover?.goneBack?.reason).toBe('enough');
  });
});

describe('a cutover that is taken back with a target that does not answer', () => {
  test('has the operator’s commands undone before anything is asked of that', async () => {
    const asked: string[] = [];
    const session = answeringSession();
    const undo = {words: ['true'], limitMs: 5_000, masked: false};
    const known = contextOf('never', BEGUN, STOPPING, {
      type: 'cutover.command',
      command: 'hand_over.0',
      moment: 'started',
      output: '',
      undo,
    });
    const ctx = {
      ...known,
      config: {run: 'acme', cdc: {engine: 'none'}, servers: {}, cutover: NO_COMMANDS} as unknown as Config,
      env: {PATH: process.env['PATH']},
      fence: createFence(),
      final: {...createFinalComparison(), stop: async () => void asked.push('the comparison ends')},
      session: async () => session,
      open: async (role: string) => {
        if (role === 'target') asked.push('target');
        return session;
      },
      record: async (event: RunEvent) => {
        if (event.type === 'cutover.command') asked.push(event.moment);
        await known.record(event);
      },
    } as unknown as StepContext;
    await goBack(ctx, {by: 'ana', reason: 'enough'});
    expect(asked).toEqual(['undone', 'the comparison ends', 'target']);
    expect(ctx.state().cutover?.goneBack?.reason).toBe('enough');
  });
});

describe('an order to take a cutover back', () => {
  test('is answered once writes are allowed again, though whoever walked it waits for a target that is away', async () => {
    const session = {run: async () => [], close: () => undefined};
    const ctx = {
      ...contextOf('never', BEGUN, STOPPING),
      open: async () => session,
      sleep: async (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, Math.min(ms, 5))),
    } as unknown as StepContext;
    const reason =
      'ana has taken it back; change capture does NOT go on at once, and is tried again for 5 min: it is away';
    const waiting = {
      halt: () => void ctx.record({type: 'cutover.gone-back', by: 'ana', reason}),
      ended: async () => new Promise<void>(() => undefined),
    };
    expect(await backOut(ctx, waiting, 'ana')).toMatchObject({
      ok: false,
      message: expect.stringContaining('writes are allowed on the source again'),
    });
  }, 5_000);
});
