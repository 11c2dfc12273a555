import {steadyClock} from '../../../src/engine/waiting/clocks.ts';
import {join} from 'node:path';
import {loadConfig} from '../../../src/config/load.ts';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import type {Reading} from '../../../src/domain/reading/reading.ts';
import {reduce} from '../../../src/domain/run/reduce.ts';
import {NEW_RUN, type RunState} from '../../../src/domain/run/run-state.ts';
import type {Lab} from '../../../src/lab/lab.ts';
import {connect} from '../../../src/pg/session/connect.ts';
import type {WatchContext} from '../../../src/probes/watch/watch-context.ts';
import {watchServers} from '../../../src/probes/watch/watch.ts';

/** A lab that is watched, and what was seen and journalled. */
export interface Watched {
  readonly readings: Reading[];
  /** The newest reading of a kind, of those that came after `since`. */
  newest<Kind extends Reading['probe']>(kind: Kind, since?: string): Extract<Reading, {probe: Kind}> | undefined;
  readonly events: RunEvent[];
  state(): RunState;
  record(event: RunEvent): Promise<void>;
  stop(): Promise<void>;
}

/** Watches a lab's servers as the supervisor does, with its own configuration but for what is given here. */
export async function watchLab(lab: Lab, change: Partial<WatchContext> = {}): Promise<Watched> {
  const config = await loadConfig(lab.yamlPath, {});
  const readings: Reading[] = [];
  const events: RunEvent[] = [];
  let state: RunState = {...NEW_RUN, run: config.run};
  const record = async (event: RunEvent): Promise<void> => {
    events.push(event);
    state = reduce(state, {...event, seq: state.seq + 1, at: new Date().toISOString()});
  };
  const stop = watchServers(
    {
      run: config.run,
      intervalMs: 200,
      disks: config.disks,
      thresholds: config.alarms,
      alarmCommand: null,
      metricsFile: null,
      readingsFile: join(lab.folder, 'run', 'readings.jsonl'),
      lineFile: join(lab.folder, 'run', 'line.json'),
      env: {PATH: process.env['PATH']},
      now: Date.now,
      wall: Date.now,
      steady: steadyClock,
      state: () => state,
      record,
      open: async (role) =>
        connect(role, config.servers[role], {
          applicationName: `longhaul/${config.run}/probe`,
          statementTimeoutMs: 1000,
          lockTimeoutMs: 1000,
          readOnly: true,
        }),
      readPast: async () => null,
      applicationOf: (unit) => `longhaul/${config.run}/${unit}`,
      readWork: () => null,
      readCapture: null,
      readDrift: async () => null,
      readLanes: async () => [],
      ...change,
    },
    (reading) => readings.push(reading),
  );
  return {
    readings,
    newest: (kind, since = '') =>
      readings.findLast(
        (reading): reading is Extract<Reading, {probe: typeof kind}> => reading.probe === kind && reading.at > since,
      ),
    events,
    state: () => state,
    record,
    stop,
  };
}

/** Waits until the condition holds, at most `limitMs`; throws with what was waited for. */
export async function eventually<T>(what: string, look: () => T | null | undefined, limitMs = 20_000): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    const seen = look();
    if (seen !== null && seen !== undefined) return seen;
    if (Date.now() > end) throw new Error(`waited ${limitMs} ms in vain for: ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}
