import {describe, expect, test} from 'vitest';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import {LonghaulError} from '../../../src/domain/base/longhaul-error.ts';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import {beginCutover} from '../../../src/engine/cutover/by-command.ts';
import {handleCommand, retryFailed} from '../../../src/engine/run/commands.ts';
import type {RunControl} from '../../../src/engine/run/serve/run-control.ts';
import type {Step} from '../../../src/engine/step.ts';
import {rateOf} from '../../../src/domain/run/run-state.ts';
import {contextOf, roomySession} from '../../support/stepping.ts';

const controls = (given: string[]): RunControl => ({
  confirm: (step) => {
    given.push(step);
    return true;
  },
  halt: (reason) => given.push(`halt ${reason}`),
  hurry: () => given.push('hurry'),
  goOn: () => {
    given.push('goOn');
    return true;
  },
  instead: () => {
    given.push('instead');
    return true;
  },
  cutOver: () => {
    given.push('cutOver');
    return true;
  },
  goBack: () => {
    given.push('goBack');
    return true;
  },
  stop: (who) => given.push(`stop ${who ?? 'nobody'}`),
  ended: async () => undefined,
});
const confirm = (typed: string, step: Step['id'] = 'create-slots') => ({
  command: {type: 'confirm-step' as const, step, typed},
  who: 'ana',
});

async function recordOnFullDisk(): Promise<void> {
  throw new LonghaulError({code: 'failed', message: 'the disk is full', remedy: 'make room'});
}

const rate = (bytesPerSecond: number | null) => ({command: {type: 'set-rate' as const, bytesPerSecond}, who: 'ana'});

describe('two orders to cut over at once', () => {
  test('are one cutover: the other one notes nothing', async () => {
    const ctx = contextOf('typed');
    let walking: Promise<void> | null = null;
    const walk = {
      cutOver: (first?: () => Promise<void>): boolean => {
        if (walking !== null) return false;
        walking = first?.() ?? Promise.resolve();
        return true;
      },
      halt: () => undefined,
      ended: async () => undefined,
    };
    const replies = await Promise.all([beginCutover(ctx, walk, 'ana'), beginCutover(ctx, walk, 'eva')]);
    expect(replies.map(({ok}) => ok)).toEqual([true, false]);
    expect(ctx.recorded().filter((type) => type.startsWith('cutover.'))).toEqual(['cutover.begun']);
    expect(ctx.state().cutover?.begun.by).toBe('ana');
  });
});

describe('the operator’s word', () => {
  const waiting: RunEvent = {type: 'step.waiting', step: 'create-slots', question: '?', actions: []};
  test('is the run’s name, to the letter', async () => {
    const given: string[] = [];
    const ctx = contextOf('typed', waiting);
    for (const typed of ['', 'Acme', 'acme ', 'y'])
      expect(await handleCommand(ctx, controls(given), confirm(typed))).toMatchObject({ok: false, remedy: 'type acme'});
    expect(given).toEqual([]);
    expect(ctx.recorded()).not.toContain('step.confirmed');
    expect(await handleCommand(ctx, controls(given), confirm('acme'))).toMatchObject({ok: true});
    expect(given).toEqual(['create-slots']);
    expect(ctx.entries.at(-1)).toMatchObject({type: 'step.confirmed', by: 'ana'});
  });

  test('is for the step that waits, and for no other', async () => {
    const given: string[] = [];
    const ctx = contextOf('typed', waiting);
    expect(await handleCommand(ctx, controls(given), confirm('acme', 'add-tables'))).toMatchObject({ok: false});
    expect(given).toEqual([]);
  });

  test('that ends a lane, or the run, is in the journal before it is obeyed', async () => {
    const given: string[] = [];
    const ctx = contextOf('typed');
    await handleCommand(ctx, controls(given), {command: {type: 'shutdown', lanes: true}, who: 'ana'});
    await handleCommand(ctx, controls(given), {command: {type: 'shutdown', lanes: false}, who: 'bob'});
    expect(given).toEqual(['stop ana', 'stop nobody']);
    expect(ctx.recorded()).toEqual(['command.received', 'command.received']);
    await handleCommand(ctx, controls(given), {command: {type: 'hold'}, who: 'ana'});
    expect(ctx.state().held).toBe(true);
  });

  test('which the journal does not take is not obeyed; leaving and releasing work on a full disk', async () => {
    const given: string[] = [];
    const ctx = {...contextOf('typed', waiting), record: recordOnFullDisk};
    expect(await handleCommand(ctx, controls(given), confirm('acme'))).toMatchObject({
      ok: false,
      message: 'the disk is full',
    });
    expect(given).toEqual([]);
    // No server is asked for anything.
    const resumed = await handleCommand(ctx, controls(given), {command: {type: 'resume-replay'}, who: 'ana'});
    expect(resumed).toMatchObject({ok: false, message: 'the disk is full'});
    await handleCommand(ctx, controls(given), {command: {type: 'shutdown', lanes: false}, who: 'ana'});
    expect(given).toEqual(['stop nobody']);
    // Nor is a paused lane kept from going on: what is said of it is of the lane.
    const lane = {type: 'resume-unit', unit: '01-a'} as const;
    expect(await handleCommand(ctx, controls(given), {command: lane, who: 'ana'})).toMatchObject({
      ok: false,
      message: expect.stringContaining('01-a'),
    });
    const paused = {type: 'pause-unit', unit: '01-a'} as const;
    expect(await handleCommand(ctx, controls(given), {command: paused, who: 'ana'})).toMatchObject({
      message: 'the disk is full',
    });
    const release = {type: 'release', typed: 'other', endReaders: false, resumeReplay: false} as const;
    expect(await handleCommand(ctx, controls(given), {command: release, who: 'ana'})).toMatchObject({
      ok: false,
      remedy: 'type acme',
    });
  });

  const failure = {cause: 'lost', message: 'm', table: null, sqlstate: null, remedy: 'r', heals: true} as const;
  const P = parseLsn('0/500');
  const boundary = {lsn: P, postmasterStart: 'then', timeline: 1, systemIdentifier: '7', capturedAt: ''};
  const loading: RunEvent[] = [
    {type: 'boundary.captured', boundary},
    {
      type: 'load.planned',
      boundary: P,
      units: ['a', 'b', 'c'].map((id) => ({id, kind: 'table', tables: [], bytes: 1})),
      lanes: 2,
    },
    ...['a', 'b', 'c'].map((unit): RunEvent => ({type: 'unit.started', unit, attempt: 1, lane: 1, folder: '/f'})),
    {type: 'unit.failed', unit: 'a', attempt: 1, failure, retryAt: null},
    {type: 'unit.failed', unit: 'b', attempt: 1, failure: {...failure, cause: 'cancelled'}, retryAt: null},
    {type: 'unit.failed', unit: 'c', attempt: 1, failure, retryAt: '2026-11-24T00:05:00.000Z'},
  ];
  const lost: RunEvent = {type: 'boundary.moved', failure: {message: 'gone', remedy: 'r', unreachable: false}};

  test('to try a unit again is refused once P is lost: it could not commit', async () => {
    const given: string[] = [];
    const retry = {command: {type: 'retry-unit' as const, unit: 'a'}, who: 'ana'};
    expect(await handleCommand(contextOf('typed', ...loading, lost), controls(given), retry)).toMatchObject({
      ok: false,
      message: expect.stringContaining('P is lost'),
    });
    expect(given).toEqual([]);
    const ctx = contextOf('typed', ...loading);
    expect(await handleCommand(ctx, controls(given), retry)).toMatchObject({ok: true});
    expect([given, ctx.recorded()]).toEqual([['goOn'], ['command.received', 'unit.retried']]);
  });

  test.each([{type: 'retry-unit' as const, unit: 'a'}, {type: 'retry-all' as const}])(
    'to try again while the load is held says that nothing is started yet: $type',
    async (command) => {
      const held = contextOf('typed', ...loading, {type: 'load.held', by: 'ana'});
      const {message} = await handleCommand(held, controls([]), {command, who: 'ana'});
      expect(message).toMatch(/tried again once units are started again: longhaul resume --start \(H\)$/);
      const free = await handleCommand(contextOf('typed', ...loading), controls([]), {command, who: 'ana'});
      expect(free.message).toMatch(/tried again$/);
    },
  );

  test('to go on tries what failed, and leaves what was cancelled and what comes by itself', async () => {
    const ctx = contextOf('typed', ...loading);
    await retryFailed(ctx, 'run');
    expect(ctx.entries.filter(({type}) => type === 'unit.retried')).toMatchObject([{unit: 'a'}]);
  });

  test('to cancel all starts nothing new before the first is ended, and calls off what would come by itself', async () => {
    const ctx = contextOf('typed', ...loading);
    const reply = await handleCommand(ctx, controls([]), {command: {type: 'cancel-all'}, who: 'ana'});
    expect(reply.message).toContain('nothing new is started until');
    expect(ctx.recorded().slice(0, 2)).toEqual(['command.received', 'load.held']);
    expect(
      ctx.state().units.map(({state}) => state.status === 'failed' && [state.failure.cause, state.retryAt]),
    ).toEqual(['cancelled', 'cancelled', 'cancelled'].map((cause) => [cause, null]));
  });

  test('for another number of lanes is in the journal, and says when fewer are to be than run', async () => {
    const few = {command: {type: 'set-lanes' as const, lanes: 9}, who: 'ana'};
    expect(await handleCommand(contextOf('typed'), controls([]), few)).toMatchObject({ok: false});
    const ctx = {...contextOf('typed', ...loading), session: async () => roomySession()};
    expect(await handleCommand(ctx, controls([]), few)).toEqual({ok: true, message: '9 lanes from now on'});
    expect(ctx.state().lanes).toBe(9);
    expect(ctx.entries.at(-1)).toMatchObject({
      type: 'load.resized',
      lanes: 9,
      instead: ctx.config.load.lanes,
      by: 'ana',
    });
    for (const lanes of [0, 65, 2.5, 9])
      expect(await handleCommand(ctx, controls([]), {command: {type: 'set-lanes', lanes}, who: 'ana'})).toMatchObject({
        ok: false,
      });
    const begun = {type: 'unit.started', attempt: 2, lane: 1, folder: '/nowhere'} as const;
    const busy = contextOf('typed', ...loading, {...begun, unit: 'a'}, {...begun, unit: 'b'});
    const one = await handleCommand(busy, controls([]), {command: {type: 'set-lanes', lanes: 1}, who: 'ana'});
    expect(one.message).toBe('1 lane from now on; 2 run, and none begins before fewer than 1 do');
  });

  test('for another rate is in the journal, and refused where there is no pv: fewer lanes are not', async () => {
    const bare = contextOf('typed', ...loading);
    const without = {...bare, tools: {...bare.tools, pv: null}};
    const refused = await handleCommand(without, controls([]), rate(1024));
    expect(refused).toMatchObject({ok: false, message: expect.stringContaining('pv is not installed') as string});
    expect(bare.recorded()).not.toContain('load.throttled');
    expect(
      await handleCommand(without, controls([]), {command: {type: 'set-lanes', lanes: 1}, who: 'ana'}),
    ).toMatchObject({
      ok: true,
    });
    const loaded = contextOf('typed', ...loading, {type: 'load.planned', boundary: P, units: [], lanes: 2});
    expect(await handleCommand({...loaded, tools: {...loaded.tools, pv: null}}, controls([]), rate(1024))).toEqual({
      ok: true,
      message: 'at most 1.0 kB/s for what a comparison reads of each server',
    });
    const ctx = {...bare, tools: {...bare.tools, pv: {path: '/usr/bin/pv', version: '1.8.5'}}};
    expect(await handleCommand(ctx, controls([]), rate(50 * 1024 ** 2))).toEqual({
      ok: true,
      message: 'at most 50 MB/s for all lanes together from now on, and for what a comparison reads of each server',
    });
    expect(rateOf(ctx.state(), null)).toBe(50 * 1024 ** 2);
    // Somebody has written another into longhaul.yaml since.
    expect(rateOf(ctx.state(), 7)).toBe(7);
    for (const wrong of [0, -1, 1.5])
      expect(await handleCommand(ctx, controls([]), rate(wrong))).toMatchObject({ok: false});
    expect(await handleCommand(ctx, controls([]), rate(null))).toMatchObject({ok: true});
    expect(rateOf(ctx.state(), null)).toBeNull();
    const old = {...busyLane(), tools: {...bare.tools, pv: {path: '/usr/bin/pv', version: '1.6.20'}}};
    expect(await handleCommand(old, controls([]), rate(1024))).toMatchObject({
      message: expect.stringContaining('lets a lane that runs first use up') as string,
    });
  });

  function busyLane(): ReturnType<typeof contextOf> {
    const begun = {type: 'unit.started', attempt: 2, lane: 1, folder: '/nowhere'} as const;
    return contextOf('typed', ...loading, {...begun, unit: 'a'});
  }

  test('about replay is refused while something needs P', async () => {
    const resume = {command: {type: 'resume-replay' as const}, who: 'ana'};
    expect(await handleCommand(contextOf('typed', ...loading), controls([]), resume)).toMatchObject({
      ok: false,
      message: 'P would be lost: 3 units are not loaded yet',
    });
  });
});
