import type {Config} from '../../src/config/config.ts';
import type {RunEvent} from '../../src/domain/run/event.ts';
import {createLocalHost} from '../../src/engine/load/host/local.ts';
import {createLanes} from '../../src/engine/load/lane/lanes.ts';
import {DMS_STEPS} from './dms-steps.ts';
import type {Step, StepContext} from '../../src/engine/step.ts';
import type {Session} from '../../src/pg/session/session.ts';
import {inMemory, type InMemory} from './in-memory.ts';

/** A run begins, with every step of the runbook. */
export const RUN: RunEvent = {type: 'run.started', run: 'acme', version: '1', steps: DMS_STEPS};

/** A context without servers, for what decides before it touches one. */
export function contextOf(confirm: 'typed' | 'never', ...before: RunEvent[]): StepContext & InMemory {
  const journal = inMemory(RUN, ...before);
  const config = {run: 'acme', confirm, cdc: {engine: 'dms'}, load: {lanes: 6, rateBytes: null}} as Config;
  const ctx = {
    ...journal,
    config,
    folder: {lanes: '/no such folder'},
    lanes: createLanes(createLocalHost({})),
    signal: new AbortController().signal,
    now: () => 0,
    steady: () => 0,
    sleep: async () => undefined,
  } as unknown as StepContext & InMemory;
  return ctx;
}

/** A session of 15 that answers, with nothing but a clock. */
export function answeringSession(): Session {
  return {
    version: 150_000,
    lost: false,
    run: async () => [],
    one: async () => ({clock: '2026-11-27T00:00:01Z'}),
    close: async () => undefined,
  } as unknown as Session;
}

const ROOM = {superuser: false, roleLimit: -1, databaseLimit: -1, serverLimit: 100, onServer: 0};

/** A session of a server that has room for another hundred. */
export function roomySession(): Session {
  return {...answeringSession(), one: async () => ROOM} as unknown as Session;
}

/** A step that notes what is done with it. */
export function stepOf(change: Partial<Step> & {did?: string[]}): Step {
  const {did = [], ...given} = change;
  return {
    id: 'create-slots',
    phase: 'anchor',
    title: 'create the slots',
    why: 'or all is lost',
    source: 'runbook',
    confirm: 'typed',
    check: async () => ({done: null, findings: []}),
    plan: async () => [{on: 'source', text: 'SELECT 1', execute: async () => undefined}],
    run: async () => {
      did.push('run');
      return {node: 'longhaul'};
    },
    ...given,
  };
}
