import {readsCapture} from '../capture/reads-capture.ts';
import {createDriftWatch} from '../compare/drift/watch-drift.ts';
import {connect} from '../../pg/session/connect.ts';
import {pastAttempt} from '../../probes/judge/past-attempt.ts';
import type {WatchContext, WorkSeen} from '../../probes/watch/watch-context.ts';
import {readJournal} from './journal.ts';
import {laneApplicationName} from '../load/host/lane-name.ts';
import {readLaneReadings} from '../load/pipeline/lane-readings.ts';
import type {Clock} from '../waiting/clocks.ts';
import type {RunContext} from './run-context.ts';

/** A probe asks for what a server has in memory; what takes longer than this tells of a server in trouble. */
const STATEMENT_MS = 5000;
const LOCK_MS = 1000;

/** What the probes get of a run: its files and state, and their own connections, which can change nothing. */
export function probeContext(ctx: RunContext, wall: Clock): WatchContext {
  const {config} = ctx;
  const open: WatchContext['open'] = async (role) =>
    connect(role, config.servers[role], {
      applicationName: `longhaul/${config.run}/probe`,
      statementTimeoutMs: STATEMENT_MS,
      lockTimeoutMs: LOCK_MS,
      readOnly: true,
      trace: ctx.trace,
    });
  const capture = readsCapture(ctx, open);
  return {
    run: config.run,
    intervalMs: config.probes.intervalMs,
    disks: config.disks,
    thresholds: config.alarms,
    caughtUpWalBytes: config.cdc.caughtUpWalBytes,
    alarmCommand: config.alarms.command,
    metricsFile: config.probes.metricsFile,
    readingsFile: ctx.folder.readings,
    lineFile: ctx.folder.line,
    env: ctx.env,
    now: ctx.now,
    wall,
    steady: ctx.steady,
    state: ctx.state,
    record: ctx.record,
    open,
    connectedMs: ctx.connectedMs,
    readPast: async () => pastAttempt(await readJournal(ctx.folder.journal)),
    applicationOf: (unit) => laneApplicationName(config.run, unit),
    readWork: () => workOf(ctx),
    readDrift: createDriftWatch(ctx, open),
    readCapture: capture?.readCapture ?? null,
    readGuards: capture?.readGuards ?? null,
    readWriters: capture?.readWriters ?? null,
    readVisitors: capture?.readVisitors ?? null,
    readLanes: async () => readLaneReadings(ctx.lanes.host, config.run, ctx.state().units),
  };
}

/** What was known of a step's work is over with the step. */
function workOf({state, underWay}: RunContext): WorkSeen | null {
  const work = underWay.read();
  const step = state().steps.find(({id}) => id === work?.step)?.state;
  return step?.status === 'running' ? work : null;
}
