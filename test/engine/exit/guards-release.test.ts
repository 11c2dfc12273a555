import {describe, expect, test} from 'vitest';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import {keptOf, planRelease, type Released} from '../../../src/engine/exit/release.ts';
import {releaseWords} from '../../../src/engine/exit/release-words.ts';
import {abortByCommand} from '../../../src/engine/exit/abort-command.ts';
import {dropOurSlots} from '../../../src/engine/exit/drop-our-slots.ts';
import {LonghaulError} from '../../../src/domain/base/longhaul-error.ts';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import type {Session} from '../../../src/pg/session/session.ts';
import {contextOf} from '../../support/stepping.ts';

const ASKED = [{name: 'a'}, {name: 'b'}];
const READER = 'replication slot "a" is active for PID 7';

describe('a slot is dropped', () => {
  test.each<[string, Record<string, string>, Parameters<typeof keptOf>[2], Record<string, string>]>([
    ['once the primary shows that it is gone', {}, {names: ['theirs']}, {}],
    ['not while somebody reads it', {a: READER}, {names: ['a', 'theirs']}, {a: READER}],
    ['not where it is there again', {}, {names: ['b']}, {b: 'it was dropped, and is there again'}],
    [
      'not where the primary cannot be asked, whatever it had said',
      {a: READER},
      {unread: 'the connection was lost'},
      {a: READER, b: 'the primary did not show that it is dropped: the connection was lost'},
    ],
  ])('%s', (_, refused, after, kept) => {
    expect(keptOf(refused, ASKED, after)).toEqual(kept);
  });
});

describe('what a release came to', () => {
  const released: Released = {
    dropped: ['a', 'b'],
    gone: [],
    kept: {},
    lanesEnded: 0,
    resumed: false,
    checkpoint: 'written',
    freedBytes: 3 * 1024 ** 2,
    stillHeld: null,
    wrong: [],
    untold: null,
  };
  const said = (change: Partial<Released>, endReaders = false) =>
    releaseWords({...released, ...change}, {run: 'acme', endReaders});

  test('is told as it is: dropped, freed, what others hold, lanes, replay', () => {
    expect(said({}).message).toBe(
      'dropped a, b; a checkpoint was written, which freed their WAL, about 3.0 MB, but for what the primary keeps up to max_wal_size',
    );
    const stillHeld = {name: 'theirs', restartLsn: parseLsn('0/1'), retainedBytes: 5 * 1024 ** 2};
    const all = said({stillHeld, lanesEnded: 2, resumed: true, gone: ['c'], checkpoint: 'late'});
    expect(all).toEqual({
      ok: true,
      message:
        'dropped a, b; c had been dropped before; a checkpoint is being written, which frees their WAL, about 3.0 MB; 5.0 MB stay, held by slot theirs;' +
        ' 2 lanes were ended; resumed replay on the replica',
    });
  });

  test('is nothing freed where no checkpoint could be written', () => {
    const reply = said({checkpoint: {refused: 'permission denied'}});
    expect(reply).toMatchObject({ok: false, message: expect.stringContaining('NOT FREED YET')});
    expect(reply.message).not.toContain('which freed');
  });

  test('names a slot that is kept, and the next thing to try', () => {
    expect(said({dropped: ['b'], kept: {a: READER}})).toMatchObject({
      ok: false,
      message: expect.stringContaining(`KEPT a: ${READER}`),
      remedy: expect.stringContaining('longhaul release --yes acme --end-readers'),
    });
    expect(said({dropped: [], kept: {a: READER}, checkpoint: null}, true)).toMatchObject({
      message: expect.stringMatching(/^no slot was dropped\. KEPT a/),
      remedy: expect.stringContaining('end what reads it as a superuser'),
    });
  });

  test('is whole where only the journal does not know: the space is back', () => {
    const reply = said({untold: 'ENOSPC'});
    expect(reply).toMatchObject({ok: true, message: expect.stringContaining('Before the next run: longhaul abort')});
  });
});

const answer = async () => ({insertLsn: parseLsn('0/9'), exists: false});

/** A server with these slots; `dropping` is called before each goes. */
function serverOf(names: string[], dropping: (name: string) => Promise<void> = async () => undefined): Session {
  const run = async ({text, values}: {text: string; values: readonly unknown[]}): Promise<unknown[]> => {
    if (text.includes('FROM pg_replication_slots'))
      return names.map((name) => ({name, kind: 'logical', activePid: null}));
    if (!text.includes('pg_drop_replication_slot')) return [];
    const [name] = values.map(String);
    await dropping(name ?? '');
    names.splice(names.indexOf(name ?? ''), 1);
    return [];
  };
  return {version: 160_000, lost: false, run, one: answer, close: async () => undefined} as unknown as Session;
}

const claims = (...names: string[]): RunEvent => ({
  type: 'objects.claimed',
  objects: names.map((name) => `slot ${name}`),
});

describe('a release beside a walk', () => {
  const order = {by: 'ana', endReaders: false, resumeReplay: false, checkpointMs: 0};

  test('ends the lane that the walk has started since it was planned', async () => {
    const unit = {id: '01', kind: 'table', tables: [], bytes: 1} as const;
    const planned: RunEvent = {type: 'load.planned', boundary: parseLsn('0/5'), units: [unit], lanes: 1};
    const ctx = contextOf('never', claims('a'), planned);
    const started: RunEvent = {type: 'unit.started', unit: '01', attempt: 1, lane: 1, folder: '/no such lane/01.1'};
    const server = serverOf(['a'], async () => ctx.record(started));
    const host = {life: async () => [{life: 'gone'}], list: async () => [], leave: async () => undefined};
    const lanes = {...ctx.lanes, host: {...ctx.lanes.host, ...host, signal: async () => true}} as typeof ctx.lanes;
    const config = {...ctx.config, load: {retries: 0, retryDelayMs: 1}} as typeof ctx.config;
    const own = {...ctx, config, lanes, open: async () => server, session: async () => server};
    const released = await (await planRelease(own, {...order, halt: () => undefined})).carryOut();
    expect(released).toMatchObject({dropped: ['a'], lanesEnded: 1});
    expect(ctx.state().units[0]?.state.status).toBe('failed');
  });

  test('takes no slot for gone that the walk is about to make, and lets it make none', async () => {
    const ctx = contextOf('never', {type: 'step.started', step: 'create-slots'}, claims('a', 'b'));
    const halted: string[] = [];
    const own = {...ctx, open: async () => serverOf(['a'])};
    const plan = await planRelease(own, {...order, halt: (why) => halted.push(why)});
    expect(await plan.carryOut()).toMatchObject({dropped: ['a'], gone: []});
    expect([halted.length, ctx.state().claimed]).toEqual([1, ['slot b']]);
  });
});

describe('an abort', () => {
  test('drops every slot that can be dropped, and says which cannot', async () => {
    const names = ['a', 'b', 'c'];
    const server = serverOf(names, async (name) => {
      if (name === 'a') throw new LonghaulError({code: 'failed', message: 'a is active', remedy: 'end it'});
    });
    const ctx = {...contextOf('never', claims('a', 'b', 'c')), session: async () => server};
    await expect(dropOurSlots(ctx)).rejects.toThrow('a is active');
    expect(names).toEqual(['a']);
  });

  test('by command drops them also where longhaul.yaml has another engine by now, and forgets none before', async () => {
    const names = ['a', 'theirs'];
    const ctx = contextOf('never', claims('a'));
    const config = {
      ...ctx.config,
      cdc: {...ctx.config.cdc, engine: 'none'},
    } as const;
    const away = new Promise<never>(() => undefined);
    const own = {...ctx, config, session: async () => serverOf(names), sleep: async () => away};
    const walk = {halt: () => undefined, hurry: () => undefined, ended: async () => undefined};
    expect(await abortByCommand(own, walk, {type: 'abort', typed: 'acme', who: 'ana'})).toMatchObject({ok: true});
    expect([names, ctx.recorded()]).toEqual([['theirs'], ['run.aborted']]);
  });

  test('asks no server for slots where none was claimed', async () => {
    expect(await dropOurSlots(contextOf('never'))).toEqual({droppedSlots: [], freed: '0 B'});
  });
});
