import {setTimeout as wait} from 'node:timers/promises';
import type {Config} from '../../config/config.ts';
import type {Trace} from '../../domain/base/trace.ts';
import type {ServerRole} from '../../domain/pg/server-role.ts';
import {connect} from '../../pg/session/connect.ts';
import type {Session} from '../../pg/session/session.ts';
import {createFence} from '../cutover/fence.ts';
import {createFinalComparison} from '../cutover/final/final-comparison.ts';
import {sessionName} from '../load/host/lane-name.ts';
import {createLocalHost} from '../load/host/local.ts';
import {openedOnce} from '../load/host/opened-once.ts';
import {createLanes, type Lanes} from '../load/lane/lanes.ts';
import type {RunFolder} from './run-folder.ts';
import type {RunStore} from './run-store.ts';
import type {StepContext} from '../step.ts';
import {createUnderWay} from '../waiting/under-way.ts';
import {tracedHost} from '../trace/traced-host.ts';
import {openTrace} from '../trace/trace-file.ts';
import type {Tools} from '../tools/tools.ts';
import {steadyClock, type Clock} from '../waiting/clocks.ts';

/** What a context is made from. `readOnly` sessions can change nothing: for check and plan. */
export interface ContextOptions {
  readonly config: Config;
  readonly folder: RunFolder;
  readonly tools: Tools;
  readonly store: Pick<RunStore, 'state' | 'record'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly now: Clock;
  /** That of this machine where it is left out. */
  readonly steady?: Clock;
  readonly readOnly: boolean;
  /** Those of a context before, which go on under this one; new ones on this machine without it. */
  readonly lanes?: Lanes;
}

/** A step's context, with the sessions that it opened on the way. */
export interface RunContext extends StepContext {
  /** Closes every session at once, whatever statement one waits for; that goes on at its server until it notices. Those being made end too, and none is made after. */
  close(): Promise<void>;
}

/** Makes a context; connects to nothing yet. */
export function createContext(options: ContextOptions): RunContext {
  const {config, folder, tools, store, env, signal, now, steady = steadyClock} = options;
  const trace = openTrace(config, folder, {now});
  const shared = new Map<ServerRole, Promise<Session>>();
  const {open, connectedMs, close} = openingSessions({...options, steady}, trace);

  async function session(role: ServerRole): Promise<Session> {
    const known = shared.get(role);
    const living = known === undefined ? null : await known.catch(() => null);
    if (living !== null && !living.lost) return living;
    // Somebody else may have reconnected while this one waited.
    const current = shared.get(role);
    if (current !== undefined && current !== known) return current;
    const fresh = open(role, 'run');
    shared.set(role, fresh);
    return fresh;
  }

  return {
    config,
    folder,
    tools,
    lanes: options.lanes ?? createLanes(tracedHost(createLocalHost(env, openedOnce(folder.lanes)), trace)),
    fence: createFence(),
    final: createFinalComparison(),
    underWay: createUnderWay({now, steady}),
    env,
    signal,
    now,
    steady,
    trace,
    state: () => store.state(),
    record: withoutRush(store, steady),
    session,
    open,
    connectedMs,
    sleep: async (ms) => wait(ms, undefined, {signal}),
    close,
  };
}

/** How sessions are opened, and all of them closed: those that are being made as well, for one that is made after would keep the process alive. */
function openingSessions(
  {config, readOnly, steady}: ContextOptions & {readonly steady: Clock},
  trace: Trace,
): Pick<RunContext, 'open' | 'connectedMs' | 'close'> {
  const connected = new Map<ServerRole, number>();
  const opened = new Set<Session>();
  const connecting = new Set<Promise<Session>>();
  const closing = new AbortController();
  return {
    open: async (role, purpose) => {
      const attempt = connect(role, config.servers[role], {
        applicationName: sessionName(config.run, purpose),
        statementTimeoutMs: config.timeouts.statementMs,
        lockTimeoutMs: config.timeouts.lockMs,
        readOnly,
        trace,
        signal: closing.signal,
      });
      connecting.add(attempt);
      try {
        const fresh = await attempt;
        connected.set(role, steady());
        for (const one of opened) if (one.lost) opened.delete(one);
        opened.add(fresh);
        return fresh;
      } finally {
        connecting.delete(attempt);
      }
    },
    connectedMs: (role) => connected.get(role) ?? null,
    close: async () => {
      closing.abort();
      await Promise.allSettled(connecting);
      await Promise.all([...opened].map(async (one) => one.close()));
    },
  };
}

/** Progress is for people: more often than they can read it would only fill the journal, and so would the same again and again. */
const PROGRESS_EVERY_MS = 500;
const SAME_EVERY_MS = 60_000;

/** The last of a step always counts. */
function withoutRush(store: ContextOptions['store'], steady: Clock): StepContext['record'] {
  let lastMs = -Infinity;
  let last = '';
  return async (event) => {
    if (event.type === 'step.progressed' && event.done < event.total) {
      const words = JSON.stringify(event);
      if (steady() - lastMs < (words === last ? SAME_EVERY_MS : PROGRESS_EVERY_MS)) return;
      lastMs = steady();
      last = words;
    }
    await store.record(event);
  };
}
