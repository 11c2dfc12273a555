import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';
import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import {compareLsn, parseLsn} from '../../../src/domain/pg/lsn.ts';
import {createRunFolder, runFolderAt} from '../../../src/engine/run/run-folder.ts';
import {readOurSlots} from '../../../src/engine/exit/drop-slot.ts';
import {releaseByCommand} from '../../../src/engine/exit/release-command.ts';
import {createNode} from '../../../src/engine/capture/dms/create-node.ts';
import {createReplicationSets} from '../../../src/engine/capture/dms/create-replication-sets.ts';
import {createSlots} from '../../../src/engine/capture/slots/create-slots.ts';
import {captureBoundary} from '../../../src/engine/steps/boundary/capture-boundary.ts';
import {pauseReplay} from '../../../src/engine/steps/boundary/pause-replay.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {sql} from '../../../src/pg/session/statement.ts';
import {startFakeLane, type FakeLane} from '../../support/fake-lane.ts';
import {contextOn, type LabContext} from '../../support/lab-context.ts';
import {eventually} from '../../support/longhaul.ts';
import {evidenceOf} from '../../support/evidence-of.ts';
import {RUN} from '../../support/stepping.ts';

let lab: Lab;
const opened: LabContext[] = [];
const lanes: FakeLane[] = [];

beforeAll(async () => {
  lab = await startLab({size: 'tiny'});
  await createRunFolder(runFolderAt(join(lab.folder, 'run')));
  await lab.source.sql("SELECT pg_create_logical_replication_slot('warehouse', 'test_decoding')");
});
afterEach(async () => {
  for (const ctx of opened.splice(0)) await ctx.close();
  for (const lane of lanes.splice(0)) lane.end();
  // Whatever a test left: the others find their servers as they were.
  await lab.source.sql(
    `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name ~ '^dms' AND NOT active`,
  );
  await lab.replica.sql(`SELECT CASE WHEN pg_is_wal_replay_paused() THEN pg_wal_replay_resume() END`);
});
afterAll(async () => lab.stop());

async function context(...before: RunEvent[]): Promise<LabContext> {
  const ctx = await contextOn(lab, RUN, ...before);
  opened.push(ctx);
  return ctx;
}
async function startLane(): Promise<FakeLane> {
  const one = await startFakeLane(lab);
  lanes.push(one);
  return one;
}
/** Where replay stood, of the step's evidence. */
const lsnIn = ({replayLsn}: Readonly<Record<string, unknown>>) =>
  parseLsn(typeof replayLsn === 'string' ? replayLsn : '');
const claims = (...objects: string[]): RunEvent => ({type: 'objects.claimed', objects});
const slots = async (): Promise<string[]> =>
  (await lab.source.sql('SELECT slot_name FROM pg_replication_slots ORDER BY 1')).flat();
const isPaused = async (): Promise<boolean> =>
  (await lab.replica.sql('SELECT pg_is_wal_replay_paused()'))[0]?.[0] === 't';
const makeSlot = async (name: string, plugin = 'pglogical') =>
  lab.source.sql(`SELECT pg_create_logical_replication_slot('${name}', '${plugin}')`);

const addedAt = (lsn: string): RunEvent => ({
  type: 'step.done',
  step: 'add-tables',
  evidence: {afterTablesLsn: parseLsn(lsn)},
  already: false,
});

/** The replica replays commits only so much later. */
async function delayReplay(by: string): Promise<void> {
  await lab.replica.sql(`ALTER SYSTEM SET recovery_min_apply_delay = '${by}'`);
  await lab.replica.sql('SELECT pg_reload_conf()');
}

const order = (change: {typed?: string; endReaders?: boolean; resumeReplay?: boolean} = {}) =>
  ({type: 'release', typed: 'rehearsal', endReaders: false, resumeReplay: false, ...change}) as const;

describe('giving a run up takes back what the run made, and nothing else', () => {
  test('slots: those that were claimed go, those of others stay, also under our prefix', async () => {
    await makeSlot('dms_slot_01');
    await makeSlot('dms_slot_02');
    const none = await createSlots.undo?.(await context(claims('set dms_slot_01', 'slot dms_slot_03')));
    expect(none).toMatchObject({droppedSlots: []});
    expect(await slots()).toEqual(['dms_slot_01', 'dms_slot_02', 'maintenance', 'warehouse']);
    const ours = await createSlots.undo?.(await context(claims('slot dms_slot_01', 'set dms_slot_02')));
    expect(ours).toMatchObject({droppedSlots: ['dms_slot_01']});
    expect(await slots()).toEqual(['dms_slot_02', 'maintenance', 'warehouse']);
  });

  test('sets and node: those that were claimed; a node of others is used, never dropped', async () => {
    const sets = async (): Promise<string[]> =>
      (await lab.source.sql(`SELECT set_name FROM pglogical.replication_set WHERE set_name ~ 'dms' ORDER BY 1`)).flat();
    await lab.source.sql(`SELECT pglogical.create_node('theirs', 'host=/tmp dbname=app');
      SELECT pglogical.create_replication_set(name) FROM unnest('{dms_slot_01,idms_slot_01,dms_slot_02}'::text[]) AS name`);
    const ctx = await context(claims('set dms_slot_01', 'set idms_slot_01', 'slot dms_slot_02', 'node longhaul'));
    const check = await createNode.check(ctx);
    expect(check).toMatchObject({done: null, question: expect.stringContaining('already the pglogical node theirs')});
    expect(await createNode.run(ctx)).toEqual({node: 'theirs', madeByUs: false});
    expect(ctx.recorded()).toEqual([]);
    expect(await createNode.undo?.(ctx)).toEqual({droppedNode: null});
    expect(await createReplicationSets.undo?.(ctx)).toEqual({droppedSets: ['dms_slot_01', 'idms_slot_01']});
    expect(await sets()).toEqual(['dms_slot_02']);
    expect(await createNode.undo?.(await context(claims('node theirs')))).toEqual({droppedNode: 'theirs'});
    const own = await context();
    expect(await createNode.run(own)).toEqual({node: 'longhaul', madeByUs: true});
    expect(own.state().claimed).toEqual(['node longhaul']);
    expect(await createNode.undo?.(own)).toEqual({droppedNode: 'longhaul'});
  });

  test('replay: it goes on where this run paused it, and stays where somebody else did', async () => {
    await lab.replica.sql('SELECT pg_wal_replay_pause()');
    await eventually('the pause', async () => ((await isPaused()) ? true : null));
    // A P that was taken where somebody else had paused is no pause of ours.
    const boundary = {lsn: parseLsn('0/1'), postmasterStart: '', timeline: 1, systemIdentifier: '7', capturedAt: ''};
    for (const theirs of [await context(), await context({type: 'boundary.captured', boundary})]) {
      expect(await pauseReplay.undo?.(theirs)).toEqual({resumedReplay: false});
      expect(await isPaused()).toBe(true);
    }
    const resumed = await context({type: 'replay.paused', by: 'run'}, {type: 'replay.resumed', by: 'run'});
    expect(await pauseReplay.undo?.(resumed)).toEqual({resumedReplay: false});
    expect(await isPaused()).toBe(true);
    const ours = await context({type: 'replay.paused', by: 'run'});
    expect(await pauseReplay.undo?.(ours)).toEqual({resumedReplay: true});
    expect(await isPaused()).toBe(false);
    expect(ours.state().replayPaused).toBe(false);
  });
});

describe('the pause and P', () => {
  test('a replica that lags is paused once it has the last table, not before; P is where it is then', async () => {
    await delayReplay('2s');
    await lab.source.sql("INSERT INTO public.twice VALUES (7, 'late')");
    const [[lsn = ''] = []] = await lab.source.sql('SELECT pg_current_wal_insert_lsn()');
    const ctx = await context(addedAt(lsn));
    const evidence = evidenceOf(await pauseReplay.run(ctx));
    await delayReplay('0');
    expect(evidence).toMatchObject({waitedFor: lsn});
    expect(compareLsn(lsnIn(evidence), parseLsn(lsn))).toBeGreaterThanOrEqual(0);
    expect(await isPaused()).toBe(true);
    const boundary = evidenceOf(await captureBoundary.run(ctx));
    const [[replayed] = []] = await lab.replica.sql('SELECT pg_last_wal_replay_lsn()');
    expect([boundary['lsn'], ctx.state().boundary?.lsn, ctx.state().boundaryProved]).toEqual([
      replayed,
      replayed,
      false,
    ]);
  });

  test('one that was paused before the last table goes on first, and the operator is asked', async () => {
    await lab.replica.sql('SELECT pg_wal_replay_pause()');
    await eventually('the pause', async () => ((await isPaused()) ? true : null));
    await lab.source.sql("INSERT INTO public.twice VALUES (8, 'later')");
    const [[lsn = ''] = []] = await lab.source.sql('SELECT pg_current_wal_insert_lsn()');
    const ctx = await context(addedAt(lsn));
    expect(await pauseReplay.check(ctx)).toMatchObject({
      done: null,
      question: expect.stringContaining('would be lost'),
    });
    const evidence = evidenceOf(await pauseReplay.run(ctx));
    expect(compareLsn(lsnIn(evidence), parseLsn(lsn))).toBeGreaterThanOrEqual(0);
    expect(ctx.recorded()).toEqual(['replay.resumed', 'replay.paused']);
  });

  test('a replica that is not paused gives no P', async () => {
    const ctx = await context();
    await expect(captureBoundary.run(ctx)).rejects.toThrow(/stand still|not paused/);
    expect(ctx.state().boundary).toBeNull();
  });

  test.each([
    ['pause', async (ctx: LabContext) => pauseReplay.run(ctx), 'replay.paused'],
    [
      'P',
      async (ctx: LabContext) => {
        await lab.replica.sql('SELECT pg_wal_replay_pause()');
        await eventually('the pause', async () => ((await isPaused()) ? true : null));
        await captureBoundary.run(ctx);
      },
      'boundary.captured',
    ],
  ])('no lane of an older P lives, and no backend of it, once there is a new %s', async (_, act, event) => {
    const old = await startLane();
    const ctx = await context(...old.events);
    const backend = await ctx.open('target', '01-public.events');
    const asleep = backend.run(sql('SELECT pg_catalog.pg_sleep(600)'), {timeoutMs: 0}).catch((error: unknown) => error);
    let lived: boolean | null = null;
    const watching: LabContext = {
      ...ctx,
      record: async (entry) => {
        if (entry.type === event) lived = (await old.lives()) || !backend.lost;
        await ctx.record(entry);
      },
    };
    await act(watching);
    expect(lived).toBe(false);
    expect(await asleep).toBeInstanceOf(Error);
    expect(ctx.entries.find(({type}) => type === 'unit.failed')).toMatchObject({
      failure: {cause: 'fence'},
      retryAt: null,
    });
  });
});

describe('the way out', () => {
  test('drops the claimed slots of the primary and ends walk and lanes; a wrong name does nothing', async () => {
    await makeSlot('dms_slot_01');
    await makeSlot('dms_slot_02');
    const old = await startLane();
    const halted: string[] = [];
    const releasing = {halt: (reason: string) => void halted.push(reason), who: 'ana'};
    const ctx = await context(claims('slot dms_slot_01'), {type: 'replay.paused', by: 'run'}, ...old.events);
    await lab.replica.sql('SELECT pg_wal_replay_pause()');
    expect(await releaseByCommand(ctx, releasing, order({typed: 'rehearsals'}))).toMatchObject({
      ok: false,
      remedy: 'type rehearsal',
    });
    expect([halted, await old.lives(), (await slots()).length]).toEqual([[], true, 4]);
    // The replica's own is a physical one, and no name makes it ours.
    const all = await readOurSlots(ctx, await ctx.session('source'), () => true);
    expect(all.slots.map(({name}) => name)).toEqual(['dms_slot_01', 'dms_slot_02', 'warehouse']);
    const reply = await releaseByCommand(ctx, releasing, order());
    expect(reply.message).toContain('dropped dms_slot_01; a checkpoint ');
    expect(await slots()).toEqual(['dms_slot_02', 'maintenance', 'warehouse']);
    expect(halted).toEqual(['the slots were released']);
    expect(await old.lives()).toBe(false);
    expect(ctx.entries.find(({type}) => type === 'slots.released')).toMatchObject({
      by: 'ana',
      dropped: ['dms_slot_01'],
    });
    expect([ctx.state().boundaryProved, await isPaused()]).toEqual([false, true]);
  });

  test('a slot that somebody reads is kept, and replay with it, until the reader may be ended', async () => {
    await makeSlot('dms_slot_03', 'test_decoding');
    const conninfo = `host=127.0.0.1 port=${lab.source.port} dbname=app user=longhaul passfile=${lab.folder}/pgpass`;
    const reader = spawn(
      join(lab.source.clientBin, 'pg_recvlogical'),
      ['-d', conninfo, '-S', 'dms_slot_03', '--start', '--no-loop', '-f', '/dev/null'],
      {stdio: 'ignore'},
    );
    const gone = once(reader, 'exit');
    await eventually('a reader', async () => {
      const rows = await lab.source.sql(
        "SELECT 1 FROM pg_replication_slots WHERE slot_name = 'dms_slot_03' AND active",
      );
      return rows[0] ?? null;
    });
    const ctx = await context(claims('slot dms_slot_03'), {type: 'replay.paused', by: 'run'});
    await lab.replica.sql('SELECT pg_wal_replay_pause()');
    await eventually('the pause', async () => ((await isPaused()) ? true : null));
    const releasing = {halt: () => undefined, who: 'ana'};
    const kept = await releaseByCommand(ctx, releasing, order({resumeReplay: true}));
    expect(kept).toMatchObject({
      ok: false,
      message: expect.stringContaining('KEPT dms_slot_03'),
      remedy: expect.stringContaining('--end-readers'),
    });
    expect([ctx.recorded(), await isPaused()]).toEqual([[], true]);
    const ended = await releaseByCommand(ctx, releasing, order({resumeReplay: true, endReaders: true}));
    expect(ended.message).toContain('dropped dms_slot_03');
    await gone;
    expect(ctx.recorded()).toEqual(['slots.released', 'replay.resumed']);
    expect(await isPaused()).toBe(false);
  });
});
