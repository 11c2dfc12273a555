import {describe, expect, test} from 'vitest';
import {LonghaulError} from '../../../src/domain/base/longhaul-error.ts';
import type {ServerRole} from '../../../src/domain/pg/server-role.ts';
import type {StepContext} from '../../../src/engine/step.ts';
import {throughOutages} from '../../../src/engine/waiting/outage.ts';
import {ServerFailure, serverAway} from '../../../src/pg/session/server-error.ts';

/** What a server said, or null where the connection to it was lost. */
function failureOf(server: ServerRole, state: string | null): ServerFailure {
  const cause = Object.assign(new Error('said'), state === null ? {} : {code: state, severity: 'FATAL'});
  const code = state === null ? 'unreachable' : 'failed';
  return new ServerFailure(server, {
    code,
    message: `${server}: the connection to it was lost`,
    remedy: 'see it',
    cause,
  });
}

interface Story {
  /** What is thrown by each go of the work, after so many seconds; null is that it is done. */
  readonly goes: readonly (readonly [seconds: number, failure: Error | null])[];
  /** What each try to connect comes to. */
  readonly connects?: readonly (Error | null)[];
  /** Those that this process has connected to. */
  readonly known?: readonly ServerRole[];
  readonly outageMs?: number;
  readonly isBack?: true;
}

/** Work that goes as the story has it, by a clock that only its waits and its goes move. */
async function tell({goes, connects = [], known = ['target'], outageMs = 600_000, isBack}: Story) {
  let nowMs = 0;
  const left = {goes: [...goes], connects: [...connects]};
  const opened: ServerRole[] = [];
  const said: string[] = [];
  const ctx = {
    config: {timeouts: {outageMs}},
    ...(isBack === undefined ? {} : {isBack}),
    signal: new AbortController().signal,
    now: () => nowMs,
    steady: () => nowMs,
    connectedMs: (role: ServerRole) => (known.includes(role) ? 0 : null),
    sleep: async (ms: number) => void (nowMs += ms),
    open: async (role: ServerRole) => {
      opened.push(role);
      const failure = left.connects.shift() ?? null;
      if (failure !== null) throw failure;
      return {close: async () => undefined};
    },
  } as unknown as StepContext;
  const work = async (): Promise<string> => {
    const [seconds, failure] = left.goes.shift() ?? [0, null];
    nowMs += seconds * 1000;
    if (failure !== null) throw failure;
    return 'done';
  };
  const end = await throughOutages(ctx, async (what) => void said.push(what), work).catch((error: unknown) => error);
  return {end, opened, said, took: nowMs / 1000};
}

const lost = failureOf('target', null);

describe('work whose server goes away', () => {
  test('waits, says for whom and how long at most, and is done anew once that answers', async () => {
    const {end, opened, said} = await tell({goes: [[5, lost]], connects: [lost, lost]});
    expect(end).toBe('done');
    expect(opened).toEqual(['target', 'target', 'target']);
    expect(said[0]).toBe(
      'the target has not answered since 00:00:05 UTC: waiting for it, at most 10:00 (timeouts.outage): target: the connection to it was lost',
    );
    expect(new Set(said).size).toBe(1);
  });

  test('ends with what it failed with, and how long it was waited for, once the time is over; no longer time is waited', async () => {
    const {end, took} = await tell({goes: [[0, lost]], connects: Array.from({length: 99}, () => lost)});
    expect(end).toBeInstanceOf(LonghaulError);
    expect(end).toMatchObject({
      code: 'unreachable',
      message: 'target: the connection to it was lost; it was waited for 10:00, timeouts.outage',
      remedy: 'see it',
    });
    // Whoever stands around it does not wait once more.
    expect(serverAway(end)).toBeNull();
    expect(took).toBe(600);
  });

  test('asks seldom: each connection that hangs may stay on the server', async () => {
    const {opened} = await tell({goes: [[0, lost]], connects: Array.from({length: 99}, () => lost)});
    expect(opened.length).toBeLessThan(16);
  });

  test('is told at once of a server that was never reached, for whoever has begun it sits there', async () => {
    const {end, said} = await tell({goes: [[0, lost]], known: ['source', 'replica']});
    expect([end, said]).toEqual([lost, []]);
  });

  test('waits for nobody where a server refuses, and ends where one that was away refuses by now', async () => {
    const refused = failureOf('target', '42501');
    expect(await tell({goes: [[0, refused]]})).toMatchObject({end: refused, said: []});
    const password = failureOf('target', '28P01');
    expect(await tell({goes: [[0, lost]], connects: [lost, password]})).toMatchObject({end: password});
    expect(await tell({goes: [[0, new Error('bug: ours')]]})).toMatchObject({end: new Error('bug: ours'), said: []});
  });

  test('is brought down by its own work no oftener than the time of one outage: what comes back for a moment was not back', async () => {
    const {end, took} = await tell({goes: Array.from({length: 999}, () => [30, lost] as const)});
    expect(end).toMatchObject({message: expect.stringContaining('timeouts.outage')});
    expect(took).toBeLessThan(700);
  });

  test('waits anew where it has worked for as long as it may wait, and not for ever', async () => {
    const long = [700, lost] as const;
    expect(await tell({goes: [long, long, long]})).toMatchObject({end: 'done'});
    expect(await tell({goes: Array.from({length: 999}, () => long)})).toMatchObject({end: lost});
  });

  test('of the way back is waited for by the name that the server has there', async () => {
    const {end, opened} = await tell({goes: [[0, lost]], known: ['source'], isBack: true});
    expect([end, opened]).toEqual(['done', ['source']]);
  });
});

describe('a server is away', () => {
  test.each([[null], ['08006'], ['57P01'], ['57P02'], ['57P03'], ['53300']])('where it says %s', (state) => {
    expect(serverAway(failureOf('replica', state))).toBe('replica');
  });

  test.each([['28P01'], ['3D000'], ['57014'], ['55P03'], ['40P01'], ['53100'], ['XX000']])(
    'not where it says %s: that wants somebody, or has its own rule',
    (state) => {
      expect(serverAway(failureOf('replica', state))).toBeNull();
    },
  );

  test('not where somebody else says so', () => {
    expect(serverAway(new LonghaulError({code: 'unreachable', message: 'm', remedy: 'r'}))).toBeNull();
  });
});
