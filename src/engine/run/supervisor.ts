import type {Command, Reply} from '../../domain/run/command.ts';
import {openDifferences} from '../../domain/run/difference.ts';
import type {Config} from '../../config/config.ts';
import type {Reading} from '../../domain/reading/reading.ts';
import {readingKey} from '../../domain/reading/reading-key.ts';
import type {StepId} from '../../domain/run/step-id.ts';
import {readBack} from '../../probes/out/readings-file.ts';
import {createTrends, type TrendsHeard} from '../../probes/out/trends-heard.ts';
import {kickWhatIsDown} from '../capture/control/kick-down.ts';
import {watchSource} from '../capture/guard/watch-source.ts';
import {beatSentinels} from '../capture/sentinels/heartbeat.ts';
import {abortable} from '../waiting/abortable.ts';
import {handleCommand, retryFailed, type RunControl} from './commands.ts';
import {endLanes} from '../load/end-lanes.ts';
import {readBootId} from '../load/host/proc.ts';
import {laneFolderName} from '../load/host/lane-name.ts';
import {endOwnStatements} from './own-statements.ts';
import {withPatientRecord} from './patient-record.ts';
import {watchProof, whyDisproved} from '../prove/watch-proof.ts';
import {createContext, type ContextOptions, type RunContext} from './run-context.ts';
import {answerPlan} from './planned.ts';
import {runFacts} from './run-facts.ts';
import {openRunStore, type RunStore} from './run-store.ts';
import {failureOf, runSteps, type RunEnd} from './run-steps.ts';
import type {Step} from '../step.ts';
import {stoppedBy} from './stopped-by.ts';
import {toldBy, writeTold} from '../told/told-file.ts';
import {failedConfig, readUntold, withUntold, type Untold} from '../told/untold.ts';
import {join} from 'node:path';
import {traceLanes} from '../trace/trace-lanes.ts';
import type {ServerMessage} from '../wire/protocol.ts';
import {PROTOCOL} from '../wire/protocol.ts';
import {startWireServer, type WireServer} from '../wire/server.ts';

/** What a supervisor is started with. It must hold the run's lock (libexec/with-lock.sh). */
export interface SupervisorOptions extends Omit<ContextOptions, 'store' | 'signal' | 'readOnly'> {
  readonly steps: readonly Step[];
  readonly from: StepId | null;
  readonly until: StepId | null;
  readonly version: string;
  /** longhaul.yaml as it is by now. Rejects where it cannot be read. */
  readonly readConfig: () => Promise<Config>;
  /** What no journal takes any more: for the supervisor's log. */
  readonly complain: (words: string) => void;
  /** Starts what watches the servers; its readings go to the clients. */
  readonly watch: (ctx: RunContext, tell: (reading: Reading) => void, past: readonly Reading[]) => () => Promise<void>;
}

/**
 * Runs a run: journal, socket, steps, probes. Stays after the last step or a failure, because the slots still fill a disk that has to
 * be watched, until a `shutdown`. It may be killed at any time: the next one replays the journal and goes on.
 */
export async function supervise(options: SupervisorOptions): Promise<void> {
  const store = await openRunStore(options.folder.journal, options);
  const stop = new AbortController();
  const ctx = createContext({...options, store, now: store.now, signal: stop.signal, readOnly: false});
  // Without room for it, what was changed since is not told.
  await writeTold(options.folder, toldBy(options.config, process.pid)).catch(() => undefined);
  await store.record({type: 'supervisor.started', pid: process.pid, bootId: await readBootId()});
  const walk = makeWalk(ctx, store, options, stop);
  const readings = new Map<string, Reading>();
  const past = await readBack(options.folder.readings);
  const trends = createTrends(past, {nowMs: ctx.now()});
  const server = await startServer({ctx, store, options, walk, readings, trends});
  const unsubscribe = store.subscribe((entry) => {
    traceLanes(ctx.trace, entry);
    server.broadcast({type: 'event', entry});
  });
  const hearOfSlots = watchProof(ctx, {halt: (reason) => walk.halt(reason), complain: options.complain});
  const unwatch = options.watch(
    ctx,
    (reading) => {
      readings.set(readingKey(reading), reading);
      trends.hear(reading);
      hearOfSlots(reading);
      server.broadcast({type: 'reading', reading});
    },
    past,
  );
  const beating = [beatSentinels(ctx), watchSource(ctx), kickWhatIsDown(ctx)];
  await retryFailed(ctx, 'run');
  walk.goOn();
  await abortable(stop.signal);
  // What the walk waits for at a server is not waited for.
  await ctx.close();
  await walk.ended();
  await Promise.all(beating);
  await leave({...options, lanes: ctx.lanes}, store, walk.endsLanesFor());
  await unwatch();
  await store.record({type: 'supervisor.stopped', reason: 'shutdown'}).catch(() => undefined);
  unsubscribe();
  await server.close();
  await store.close();
}

/** The last things, on their own connections: lanes that are to end with the supervisor, statements that nobody waits for any more. */
async function leave(options: SupervisorOptions, store: RunStore, endsLanesFor: string | null): Promise<void> {
  const {signal} = new AbortController();
  const ctx = createContext({...options, store, now: store.now, signal, readOnly: false});
  try {
    if (endsLanesFor !== null) await endLanes(ctx, {how: 'shutdown', by: endsLanesFor});
    await endOwnStatements(ctx);
  } catch (error) {
    // The lanes were told to end; what could not be decided the next supervisor decides.
    options.complain(failureOf(error).message);
  } finally {
    await ctx.close();
  }
}

interface Walk extends RunControl {
  /** Who wants the lanes to end with the supervisor; null when nobody does. */
  endsLanesFor(): string | null;
}

/** The walk through the steps, which can be started again after it failed. */
function makeWalk(ctx: RunContext, store: RunStore, options: SupervisorOptions, stop: AbortController): Walk {
  const words = new Map<StepId, () => void>();
  let walking: Promise<void> | null = null;
  let from = options.from;
  let endsLanesFor: string | null = null;
  let halting = new AbortController();

  const waitForWord = async (step: StepId, signal: AbortSignal): Promise<void> => {
    const word = new Promise<void>((resolve) => words.set(step, resolve));
    await Promise.race([word, abortable(signal)]);
    words.delete(step);
    signal.throwIfAborted();
  };

  async function walk(): Promise<void> {
    const {steps, until, version} = options;
    await store.record({type: 'run.started', run: ctx.config.run, version, steps: steps.map((step) => step.id)});
    const walker = withPatientRecord(stoppedBy(ctx, halting.signal));
    const {signal} = walker;
    const end = await runSteps(walker, {steps, from, until, waitForWord: async (step) => waitForWord(step, signal)});
    from = null;
    if (ctx.signal.aborted) return;
    const {reason} = halting.signal as {readonly reason: unknown};
    if (halting.signal.aborted) await store.record({type: 'run.stopped', reason: String(reason), end: 'halted'});
    else if (end === 'done') await store.record({type: 'run.done'});
    else {
      const lost = end === 'stopped' ? await whyDisproved(walker) : null;
      if (lost !== null) return store.record({type: 'run.stopped', reason: lost, end: 'failed'});
      const why = whyStopped(end, until, openDifferences(store.state()).length);
      await store.record({type: 'run.stopped', reason: why, end: end === 'stopped' ? 'reached' : end});
    }
  }

  return {
    confirm: (step) => {
      const give = words.get(step);
      give?.();
      return give !== undefined;
    },
    halt: (reason) => halting.abort(reason),
    goOn: () => {
      if (walking !== null || stop.signal.aborted) return false;
      halting = new AbortController();
      walking = walk()
        .catch(async (error: unknown) =>
          store.record({type: 'run.stopped', reason: failureOf(error).message, end: 'failed'}),
        )
        // The journal's disk may be what is full; an alarm tells that, and `longhaul continue` goes on.
        .catch((error: unknown) => options.complain(failureOf(error).message))
        .finally(() => (walking = null));
      return true;
    },
    stop: (who) => {
      endsLanesFor = who;
      stop.abort();
    },
    ended: async () => walking ?? undefined,
    endsLanesFor: () => endsLanesFor,
  };
}

function whyStopped(end: RunEnd, until: StepId | null, open: number): string {
  if (end === 'unfinished')
    return `${open === 1 ? '1 difference is' : `${open} differences are`} neither mended nor accepted`;
  if (end === 'incomplete') return 'a step before was left out, without which no run is done: longhaul run takes it';
  return end === 'failed' ? 'a step failed' : `reached --until ${until ?? ''}`;
}

/** What longhaul.yaml and plan.yaml say by now that this supervisor does not go by. */
async function readChanged(
  {config, folder, readConfig}: SupervisorOptions,
  store: RunStore,
): Promise<readonly Untold[]> {
  const now = await readConfig().catch((error: unknown) => failedConfig(error));
  return readUntold({config: now, folder, state: store.state(), told: toldBy(config, process.pid)});
}

interface Serving {
  readonly ctx: RunContext;
  readonly store: RunStore;
  readonly options: SupervisorOptions;
  readonly walk: Walk;
  readonly readings: ReadonlyMap<string, Reading>;
  readonly trends: TrendsHeard;
}

async function startServer({ctx, store, options, walk, readings, trends}: Serving): Promise<WireServer> {
  const snapshot = (): ServerMessage => ({
    type: 'snapshot',
    state: store.state(),
    events: store.recent(),
    readings: [...readings.values()],
    trends: trends.kept(),
  });
  const command = async (order: Command, who: string): Promise<Reply> =>
    // What cannot be journalled is refused, not kept waiting for.
    handleCommand(ctx, walk, {command: order, who});
  return startWireServer(options.folder.socket, {
    hello: () => ({type: 'hello', protocol: PROTOCOL, pid: process.pid, facts: runFacts(options)}),
    snapshot,
    command,
    plan: async (order) => withUntold(await answerPlan(ctx, options.steps, order), await readChanged(options, store)),
    trace: ctx.trace,
    readLog: async (id, from) => {
      const unit = store.state().units.find((one) => one.id === id);
      if (unit === undefined || unit.state.status === 'queued') return null;
      const {attempt} = unit.state;
      const piece = await ctx.lanes.host.readPiece(
        join(options.folder.lanes, laneFolderName(id, attempt)),
        'log',
        from,
      );
      return {...piece, attempt};
    },
  });
}
