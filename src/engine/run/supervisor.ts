import type {Config} from '../../config/config.ts';
import type {Reading} from '../../domain/reading/reading.ts';
import {readingKey} from '../../domain/reading/reading-key.ts';
import type {StepId} from '../../domain/run/step-id.ts';
import {readBack} from '../../probes/out/readings-file.ts';
import {createTrends} from '../../probes/out/trends-heard.ts';
import {followPatiently} from '../back/follow.ts';
import {mirrored} from '../back/mirrored.ts';
import {isCutoverUnderWay} from '../../domain/run/cutover/cutover.ts';
import {BACK_STEPS, cutoverSteps} from '../runbook.ts';
import {goBack} from '../cutover/going-back.ts';
import {walkCutover} from '../cutover/walk-cutover.ts';
import {watchSource} from '../capture/guard/watch-source.ts';
import {beatSentinels} from '../capture/sentinels/heartbeat.ts';
import {takeBack, takeBackForSure} from '../compare/again/take-back.ts';
import {abortable} from '../waiting/abortable.ts';
import {retryFailed, type RunControl} from './commands.ts';
import {startServer} from './serve/serve-run.ts';
import {noteEnd} from '../exit/note-end.ts';
import {endLanes} from '../load/end-lanes.ts';
import {readBootId} from '../load/host/proc.ts';
import {endOwnStatements} from './own-statements.ts';
import {withPatientRecord} from './patient-record.ts';
import {watchProof} from '../prove/watch-proof.ts';
import {createContext, type ContextOptions, type RunContext} from './run-context.ts';
import {openRunStore, type RunStore} from './run-store.ts';
import {failureOf, runSteps} from './run-steps.ts';
import type {Step} from '../step.ts';
import {stoppedBy} from './stopped-by.ts';
import {toldBy, writeTold} from '../told/told-file.ts';
import {traceLanes} from '../trace/trace-lanes.ts';

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
  // What an earlier supervisor has held for a comparison goes on, whatever the walk does.
  const beating = [beatSentinels(ctx), watchSource(ctx), takeBackForSure(ctx, 'run')];
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
    await takeBack(ctx, 'shutdown').catch((error: unknown) => options.complain(failureOf(error).message));
    const order = {by: 'run', reason: 'its supervisor was ended'};
    if (store.state().cutover?.status === 'under-way') await goBack(ctx, order);
    if (store.state().back?.status === 'under-way') await goBack(mirrored(ctx), order);
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
  let hasCutOver = false;
  let hasGoneBack = false;

  const waitForWord = async (step: StepId, signal: AbortSignal): Promise<void> => {
    const word = new Promise<void>((resolve) => words.set(step, resolve));
    await Promise.race([word, abortable(signal)]);
    words.delete(step);
    signal.throwIfAborted();
  };

  async function walk(): Promise<void> {
    const {steps, until, version} = options;
    const walker = withPatientRecord(stoppedBy(ctx, halting.signal));
    const {signal} = walker;
    const confirmed = async (step: StepId): Promise<void> => waitForWord(step, signal);
    const {cutover, back} = store.state();
    if (isCutoverUnderWay(back))
      return walkCutover({
        steps: BACK_STEPS,
        ctx: mirrored(ctx),
        walker: mirrored(walker),
        isOurs: hasGoneBack,
        waitForWord: confirmed,
      });
    if (cutover !== null && cutover.status !== 'gone-back')
      return walkCutover({
        steps: cutoverSteps(ctx.config),
        ctx,
        walker,
        isOurs: hasCutOver,
        waitForWord: confirmed,
      });
    // Of one that a supervisor has left behind the source's opening.
    if (back?.status === 'handed-over') await followPatiently(mirrored(walker));
    await store.record({type: 'run.started', run: ctx.config.run, version, steps: steps.map((step) => step.id)});
    const end = await runSteps(walker, {steps, from, until, waitForWord: confirmed});
    from = null;
    if (!ctx.signal.aborted) await noteEnd(store, walker, {end, until, halted: halting.signal});
  }

  const begin = (work: () => Promise<void>): boolean => {
    if (walking !== null || stop.signal.aborted) return false;
    halting = new AbortController();
    walking = work()
      .catch(async (error: unknown) =>
        store.record({type: 'run.stopped', reason: failureOf(error).message, end: 'failed'}),
      )
      // The journal's disk may be what is full; an alarm tells that, and `longhaul continue` goes on.
      .catch((error: unknown) => options.complain(failureOf(error).message))
      .finally(() => (walking = null));
    return true;
  };

  return {
    confirm: (step) => {
      const give = words.get(step);
      give?.();
      return give !== undefined;
    },
    halt: (reason) => halting.abort(reason),
    goOn: () => begin(walk),
    instead: (work) => begin(async () => work(withPatientRecord(stoppedBy(ctx, halting.signal)))),
    cutOver: () => {
      // Of one that another supervisor has begun the locks are gone.
      hasCutOver ||= walking === null;
      return begin(walk);
    },
    goBack: () => {
      hasGoneBack ||= walking === null;
      return begin(walk);
    },
    stop: (who) => {
      endsLanesFor = who;
      stop.abort();
    },
    ended: async () => walking ?? undefined,
    endsLanesFor: () => endsLanesFor,
  };
}
