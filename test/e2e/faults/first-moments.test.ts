import {setTimeout as wait} from 'node:timers/promises';
import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import type {Boundary} from '../../../src/domain/pg/boundary.ts';
import type {Command, Reply} from '../../../src/domain/run/command.ts';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import type {UnitState} from '../../../src/domain/run/run-state.ts';
import {createSettling} from '../../../src/engine/load/lane/settle.ts';
import {quoteRelation} from '../../../src/domain/pg/relation.ts';
import {startUnit} from '../../../src/engine/load/lane/start-unit.ts';
import {runningUnits} from '../../../src/engine/load/running-units.ts';
import {schedule} from '../../../src/engine/load/schedule.ts';
import {runLoad} from '../../../src/engine/load/load.ts';
import {takeTarget} from '../../../src/engine/load/take-target.ts';
import {readPlan} from '../../../src/engine/plan/plan-file.ts';
import {handleCommand} from '../../../src/engine/run/commands.ts';
import type {RunControl} from '../../../src/engine/run/serve/run-control.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {holdLedger, holdTable, laneBackends, untilLaneWaits, type LetGo} from '../../support/hold.ts';
import {contextOn, type LabContext} from '../../support/lab-context.ts';
import {eventually, journalOf, mustEndWell} from '../../support/longhaul.ts';

const CONTROL: RunControl = {
  confirm: () => false,
  halt: () => undefined,
  hurry: () => undefined,
  goOn: () => true,
  instead: () => false,
  cutOver: () => true,
  goBack: () => true,
  stop: () => undefined,
  ended: async () => undefined,
};

describe('real lanes in their first moments', () => {
  let lab: Lab;
  let ctx: LabContext;
  let boundary: Boundary;
  let letGo: LetGo | null = null;
  /** What is done when a unit is in the journal as started, before its process is. */
  let onStart: ((unit: string) => void) | null = null;

  beforeAll(async () => {
    lab = await startLab({size: 'tiny'});
    await mustEndWell(lab, 'run', '--plain', '--until', 'strip-target');
    await mustEndWell(lab, 'shutdown');
    const bare = await contextOn(lab, ...(await journalOf(lab)));
    // Times count here: a lane that began long ago is not waited for.
    const record = async (event: RunEvent): Promise<void> => {
      const timed = {...event, at: new Date().toISOString()};
      await bare.record(timed);
      if (event.type === 'unit.started') onStart?.(event.unit);
    };
    ctx = {...bare, record};
    const {boundary: P} = ctx.state();
    if (P === null) throw new Error('no P');
    boundary = P;
    await takeTarget(ctx, P);
    await ctx.record({type: 'load.planned', boundary: P.lsn, units: (await readPlan(ctx)).units, lanes: 4});
  });
  afterEach(async () => {
    onStart = null;
    await letGo?.();
    letGo = null;
    if (ctx.state().held) await order({type: 'release-hold'});
  });
  afterAll(async () => {
    await ctx.close();
    await lab.stop();
  });

  const order = async (command: Command): Promise<Reply> => handleCommand(ctx, CONTROL, {command, who: 'ana'});
  const unitOf = (id: string): UnitState => {
    const unit = ctx.state().units.find((one) => one.id === id);
    if (unit === undefined) throw new Error(`no unit ${id}`);
    return unit;
  };
  /** Decides what has ended until no lane is left. */
  async function settled(): Promise<void> {
    const settle = createSettling(ctx);
    await eventually('no lane left', async () => {
      await settle();
      return runningUnits(ctx.state()).length === 0 ? true : null;
    });
  }
  async function nothingIsLeft(): Promise<void> {
    const folders = await ctx.lanes.host.list(ctx.folder.lanes);
    expect((await ctx.lanes.host.life(folders)).filter(({life}) => life === 'running' || life === 'orphaned')).toEqual(
      [],
    );
    for (const server of [lab.replica, lab.target])
      await eventually('no backend left', async () => ((await laneBackends(server)) === 0 ? true : null));
  }

  test('a cancel is obeyed whenever it comes, nothing is left, and a retry loads the unit', async () => {
    letGo = await holdTable(lab, 'public.events');
    const id = ctx.state().units.find(({tables}) => tables.length === 1 && tables[0]?.name === 'events')?.id ?? '';
    for (const [index, ms] of [0, 0, 0, 5, 10, 20, 50, 100, 200].entries()) {
      const cancelled = Promise.withResolvers<Reply>();
      onStart = (unit) => void wait(ms).then(async () => cancelled.resolve(await order({type: 'cancel-unit', unit})));
      await startUnit(ctx, {unit: unitOf(id), attempt: index + 1, lane: 1, boundary});
      expect([ms, await cancelled.promise]).toMatchObject([ms, {ok: true}]);
      await settled();
      expect(unitOf(id).state).toMatchObject({status: 'failed', retryAt: null, failure: {cause: 'cancelled'}});
      await nothingIsLeft();
      expect(await order({type: 'retry-unit', unit: id})).toMatchObject({ok: true});
    }
    onStart = null;
    await letGo();
    letGo = null;
    await startUnit(ctx, {unit: unitOf(id), attempt: 10, lane: 1, boundary});
    await settled();
    expect(unitOf(id).state).toMatchObject({status: 'committed', attempt: 10});
  });

  test('to cancel all reaches the lane that is just being started, and no other is started after it', async () => {
    // Whatever unit is the first: it does not end by itself.
    letGo = await holdLedger(lab);
    const {start} = schedule(ctx.state(), () => true, true);
    expect(start.length).toBeGreaterThan(1);
    const cancelled = Promise.withResolvers<Reply>();
    let started = 0;
    onStart = () => {
      started += 1;
      if (started === 1) cancelled.resolve(order({type: 'cancel-all'}));
    };
    for (const one of start) await startUnit(ctx, {...one, boundary});
    await settled();
    expect(await cancelled.promise).toMatchObject({ok: true, message: expect.stringMatching(/^1 unit cancelled/)});
    expect(started).toBe(1);
    await nothingIsLeft();
    expect(ctx.state().units.filter(({state}) => state.status === 'failed')).toHaveLength(1);
  });

  test('a lane that does not listen is killed', async () => {
    letGo = await holdTable(lab, 'public.audit_log');
    const id = ctx.state().units.find(({tables}) => tables.length === 1 && tables[0]?.name === 'audit_log')?.id ?? '';
    const {host} = ctx.lanes;
    const deaf = {
      ...ctx.lanes,
      host: {
        ...host,
        signal: async (...of: Parameters<typeof host.signal>) => of[1] === 'SIGTERM' || host.signal(...of),
      },
    };
    const unit = unitOf(id);
    if (unit.state.status === 'failed') await order({type: 'retry-unit', unit: id});
    const attempt = 'attempt' in unit.state ? unit.state.attempt + 1 : 1;
    const own = {...ctx, lanes: deaf};
    await startUnit(own, {unit: unitOf(id), attempt, lane: 1, boundary});
    // In its first moments it would read the word.
    await untilLaneWaits(lab);
    await handleCommand(own, CONTROL, {command: {type: 'cancel-unit', unit: id}, who: 'ana'});
    await settled();
    expect(unitOf(id).state).toMatchObject({status: 'failed', failure: {cause: 'cancelled'}});
    await nothingIsLeft();
  });

  test('a unit whose table was altered since the load began does not begin, and waits for the operator', async () => {
    const unit = ctx.state().units.find(({state, tables}) => state.status === 'queued' && tables.length > 0);
    const [table] = unit?.tables ?? [];
    if (unit === undefined || table === undefined) throw new Error('no unit is left');
    const before = await ctx.lanes.host.list(ctx.folder.lanes);
    await lab.target.sql(`ALTER TABLE ${quoteRelation(table)} ADD COLUMN came_later integer`);
    await startUnit(ctx, {unit, attempt: 1, lane: 1, boundary});
    expect(unitOf(unit.id).state).toMatchObject({
      status: 'failed',
      retryAt: null,
      failure: {table, message: expect.stringContaining('altered after the schema was copied')},
    });
    expect(await ctx.lanes.host.list(ctx.folder.lanes)).toEqual(before);
    await lab.target.sql(`ALTER TABLE ${quoteRelation(table)} DROP COLUMN came_later`);
    expect(await order({type: 'retry-unit', unit: unit.id})).toMatchObject({ok: true});
  });

  test('a lane that does not start in time is called off: it sends nothing when it comes, and the unit is tried again', async () => {
    const unit = ctx.state().units.find(({state}) => state.status === 'queued');
    if (unit === undefined) throw new Error('no unit is left');
    const host = {...ctx.lanes.host, start: async () => undefined};
    const long = {...ctx, lanes: {...ctx.lanes, host}, steady: () => ctx.steady() + 31_000};
    await startUnit({...ctx, lanes: long.lanes}, {unit, attempt: 1, lane: 1, boundary});
    const {state} = unitOf(unit.id);
    const folder = state.status === 'running' ? state.folder : '';
    await createSettling(long)();
    expect(unitOf(unit.id).state).toMatchObject({status: 'failed', failure: {cause: 'lost', heals: true}});
    await ctx.lanes.host.start(folder, {});
    await eventually('its end', async () => ((await ctx.lanes.host.life([folder]))[0]?.life === 'gone' ? true : null));
    expect(await lab.target.sql(`SELECT 1 FROM longhaul.load_unit WHERE unit = '${unit.id}'`)).toEqual([]);
  });

  test('the next unit starts when a lane ends, and the load ends with its last build: nobody waits for the next tick', async () => {
    const failed = ctx.state().units.filter(({state}) => state.status === 'failed');
    for (const {id} of failed) expect(await order({type: 'retry-unit', unit: id})).toMatchObject({ok: true});
    const never = new Promise<void>(() => undefined);
    const sleep = async (ms: number): Promise<void> => (ms < 400 ? ctx.sleep(ms) : never);
    await runLoad({...ctx, sleep}, boundary);
    expect(ctx.state().units.map(({state}) => state.status)).toEqual(ctx.state().units.map(() => 'committed'));
  });
});
