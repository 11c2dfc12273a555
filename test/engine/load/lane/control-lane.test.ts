import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {Reply} from '../../../../src/domain/run/command.ts';
import {parseLsn} from '../../../../src/domain/pg/lsn.ts';
import type {LaneHost} from '../../../../src/engine/load/host/lane-host.ts';
import {steadyClock} from '../../../../src/engine/waiting/clocks.ts';
import {createLocalHost} from '../../../../src/engine/load/host/local.ts';
import {askAllToEnd, endLanes} from '../../../../src/engine/load/end-lanes.ts';
import {cancelLane, pauseLane, resumeLane} from '../../../../src/engine/load/lane/control-lane.ts';
import {createLanes} from '../../../../src/engine/load/lane/lanes.ts';
import {readRemains} from '../../../../src/engine/load/lane/remains.ts';
import {JournalError} from '../../../../src/engine/run/journal.ts';
import type {StepContext} from '../../../../src/engine/step.ts';
import {inMemory, type InMemory} from '../../../support/in-memory.ts';
import {eventually} from '../../../support/longhaul.ts';
import {untilStopped} from '../../../support/stopped-lane.ts';

const LOCAL = createLocalHost({PATH: process.env['PATH']});
/** A lane whose fence goes on for minutes, and whose taking end keeps what it is sent. */
const FILES = {
  'opening.sql': 'BEGIN;\n',
  'closing.sql': 'COMMIT;\n',
  'fence.expected': 'at P\n',
  'fence.sh': 'sleep 600; echo "at P"\n',
  'load.sh': 'cat > received\n',
};

let parent: string;
let folder: string;
let ctx: StepContext & InMemory;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'lh-control-'));
  folder = join(parent, '01-a.1');
});
afterEach(async () => {
  // One that was only asked to start may come yet.
  await eventually('its end', async () => {
    await LOCAL.signal(folder, 'SIGKILL');
    return (await lifeOf()) === 'gone' ? true : null;
  });
  rmSync(parent, {recursive: true, force: true});
});

const lifeOf = async () => (await LOCAL.life([folder]))[0]?.life;

/** A run that has just begun to load `01-a`, with its lane on this host, started `agoMs` ago. */
async function begin(change: Partial<LaneHost> = {}, agoMs = 0, files = FILES): Promise<void> {
  const host = {...LOCAL, ...change};
  const P = parseLsn('0/500');
  const at = new Date(Date.now() - agoMs).toISOString();
  const started = {type: 'unit.started', unit: '01-a', attempt: 1, lane: 1, folder, at} as const;
  const units = [{id: '01-a', kind: 'table', tables: [], bytes: 1}] as const;
  const journal = inMemory({type: 'load.planned', boundary: P, units, lanes: 1}, started);
  ctx = {
    ...journal,
    config: {run: 'acme'},
    folder: {lanes: parent},
    lanes: createLanes(host),
    now: Date.now,
    steady: steadyClock,
    sleep: wait,
  } as unknown as StepContext & InMemory;
  await host.prepare(folder, files);
  await host.start(folder, {});
}

/** The jump box is so busy that the lane's shell comes this much later. */
const late = (ms: number): Partial<LaneHost> => ({
  start: async (...of) => {
    setTimeout(() => void LOCAL.start(...of), ms);
  },
});

const cancel = async (): Promise<Reply> => cancelLane(ctx, '01-a', 'ana');

describe('a lane in its first moments', () => {
  test.each([0, 1, 2, 5, 10, 20, 50, 100, 200])(
    'that is cancelled %i ms after its start ends, and sends no token',
    async (ms) => {
      await begin();
      await wait(ms);
      expect(await cancel()).toMatchObject({ok: true});
      await eventually('its end', async () => ((await lifeOf()) === 'gone' ? true : null), 5000);
      expect(await readRemains(LOCAL, folder)).toMatchObject({ended: {how: 'cancelled', by: 'ana'}});
      expect(existsSync(join(folder, 'received')) ? readFileSync(join(folder, 'received'), 'utf8') : '').not.toContain(
        'COMMIT',
      );
    },
  );

  test('waits with a pause until it can be stopped, and goes on when it is told to', async () => {
    await begin(late(400));
    expect(await pauseLane(ctx, '01-a', 'ana')).toMatchObject({ok: true});
    await untilStopped(folder);
    expect(await resumeLane(ctx, '01-a', 'ana')).toMatchObject({ok: true});
    expect(ctx.recorded()).toEqual(['unit.paused', 'unit.resumed']);
  });

  test('goes on when it is told to, also where the journal has no room for that', async () => {
    await begin(late(0));
    expect(await pauseLane(ctx, '01-a', 'ana')).toMatchObject({ok: true});
    await untilStopped(folder);
    const full: StepContext = {
      ...ctx,
      record: async () => {
        throw new JournalError('journal.jsonl', new Error('ENOSPC'));
      },
    };
    expect(await resumeLane(full, '01-a', 'ana')).toMatchObject({
      ok: true,
      message: expect.stringContaining('make room'),
    });
    await eventually('the lane', async () => {
      const [lane] = await LOCAL.life([folder]);
      return lane?.life === 'running' && lane.processes.every(({state}) => state !== 'T') ? true : null;
    });
    // It is shown as the journal has it, and the same again is no mistake.
    expect(ctx.state().units[0]?.state).toMatchObject({paused: {by: 'ana'}});
    expect(await resumeLane(ctx, '01-a', 'ana')).toMatchObject({ok: true, message: '01-a goes on'});
    expect(ctx.recorded()).toEqual(['unit.paused', 'unit.resumed']);
    // A stop needs its word: nobody would find one again that the journal does not have.
    await expect(pauseLane(full, '01-a', 'ana')).rejects.toThrow('ENOSPC');
    const [lane] = await LOCAL.life([folder]);
    expect(lane?.life === 'running' && lane.processes.some(({state}) => state === 'T')).toBe(false);
  });

  test('takes what is asked of it in its order: a pause and a cancel at once leave no stopped process', async () => {
    await begin(late(300));
    const replies = await Promise.all([pauseLane(ctx, '01-a', 'ana'), cancel(), resumeLane(ctx, '01-a', 'bob')]);
    expect(replies.slice(0, 2)).toMatchObject([{ok: true}, {ok: true}]);
    expect(ctx.recorded().slice(0, 2)).toEqual(['unit.paused', 'unit.cancelled']);
    await eventually('its end', async () => ((await lifeOf()) === 'gone' ? true : null), 5000);
  });

  test('is ended with all the others, though it could not be signalled yet', async () => {
    await begin(late(300));
    await askAllToEnd(ctx, {how: 'boundary', by: 'run'});
    await eventually('its end', async () => ((await lifeOf()) === 'gone' ? true : null), 5000);
    expect(await readRemains(LOCAL, folder)).toMatchObject({ended: {how: 'boundary'}});
  });
});

test('a lane of an attempt that was decided long ago is ended with the others: it could take its place in the ledger', async () => {
  await begin();
  await eventually('the lane', async () => ((await lifeOf()) === 'running' ? true : null));
  const failure = {cause: 'lost', message: '', table: null, sqlstate: null, remedy: '', heals: true} as const;
  await ctx.record({type: 'unit.failed', unit: '01-a', attempt: 1, failure, retryAt: null});
  await endLanes(ctx, {how: 'boundary', by: 'run'});
  const end = await eventually('its end', async () =>
    (await lifeOf()) === 'gone' ? readRemains(LOCAL, folder) : null,
  );
  expect(end).toMatchObject({ended: {how: 'boundary'}});
});

describe('a signal that does not arrive is not told as done', () => {
  test('where the lane never came so far: the word waits for it in its folder', async () => {
    await begin({start: async () => undefined}, 31_000);
    expect(await cancel()).toMatchObject({
      ok: false,
      message: expect.stringContaining('has not started'),
      remedy: expect.stringMatching(/./),
    });
    expect(await pauseLane(ctx, '01-a', 'ana')).toMatchObject({ok: false});
    expect(ctx.recorded()).toEqual(['unit.cancelled']);
    await LOCAL.start(folder, {});
    await eventually('its end', async () => ((await lifeOf()) === 'gone' ? true : null), 5000);
    expect(readFileSync(join(folder, 'received'), 'utf8')).toBe('');
  });

  test('where the lane had given its token just before: it may be in', async () => {
    // What is asked before the signal was still true then.
    let asked = 0;
    const life: LaneHost['life'] = async (folders) => {
      asked += 1;
      return asked <= 2 ? [{life: 'running', pid: 1, processes: []}] : LOCAL.life(folders);
    };
    await begin({life}, 0, {...FILES, 'fence.sh': 'echo "at P"\n'});
    await eventually('its end', async () => ((await lifeOf()) === 'gone' ? true : null));
    expect(readFileSync(join(folder, 'received'), 'utf8')).toContain('COMMIT');
    expect(await cancel()).toMatchObject({
      ok: false,
      message: expect.stringContaining('ended by itself'),
      remedy: expect.stringContaining('longhaul retry 01-a'),
    });
  });

  test('where it cannot be signalled: it is told so, a pause is none, and what is paused stays so', async () => {
    let deaf = true;
    await begin({signal: async (...of) => !deaf && LOCAL.signal(...of)});
    await eventually('the lane', async () => ((await lifeOf()) === 'running' ? true : null));
    const refused = {ok: false, remedy: expect.stringMatching(/./)};
    expect(await pauseLane(ctx, '01-a', 'ana')).toMatchObject(refused);
    expect(ctx.state().units[0]?.state).toMatchObject({paused: null});
    deaf = false;
    expect(await pauseLane(ctx, '01-a', 'ana')).toMatchObject({ok: true});
    deaf = true;
    expect(await resumeLane(ctx, '01-a', 'ana')).toMatchObject(refused);
    expect(ctx.state().units[0]?.state).toMatchObject({paused: {by: 'ana'}});
    const message = expect.stringContaining('no signal has reached');
    expect(await cancel()).toMatchObject({...refused, message});
  });

  test('where it is gone already: nothing is noted', async () => {
    await begin({life: async () => [{life: 'gone'}]});
    expect(await cancel()).toMatchObject({ok: false, message: expect.stringContaining('no process')});
    expect(ctx.recorded()).toEqual([]);
  });
});

test('a lane ends, and gives none of its rows, where the disk of the jump box takes no word', async () => {
  await begin({
    leave: async () => {
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), {code: 'ENOSPC'});
    },
  });
  await eventually('its opening', async () => (existsSync(join(folder, 'received')) ? true : null));
  await askAllToEnd(ctx, {how: 'released', by: 'ana'});
  await eventually('its end', async () => ((await lifeOf()) === 'gone' ? true : null));
  expect(readFileSync(join(folder, 'received'), 'utf8')).not.toContain('COMMIT');
});
