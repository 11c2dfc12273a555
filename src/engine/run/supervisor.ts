import type {Reading} from '../../domain/reading/reading.ts';
import {readingKey} from '../../domain/reading/reading-key.ts';
import {readBack} from '../../probes/out/readings-file.ts';
import {createTrends} from '../../probes/out/trends-heard.ts';
import {mirrored} from '../back/mirrored.ts';
import {goBack} from '../cutover/going-back.ts';
import {kickWhatIsDown} from '../capture/control/kick-down.ts';
import {watchSource} from '../capture/guard/watch-source.ts';
import {beatSentinels} from '../capture/sentinels/heartbeat.ts';
import {takeBack, takeBackForSure} from '../compare/again/take-back.ts';
import {abortable} from '../waiting/abortable.ts';
import {retryFailed} from './commands.ts';
import {makeWalk} from './serve/make-walk.ts';
import type {SupervisorOptions} from './serve/supervisor-options.ts';
import {startServer} from './serve/serve-run.ts';
import {endLanes} from '../load/end-lanes.ts';
import {readBootId} from '../load/host/proc.ts';
import {endOwnStatements} from './own-statements.ts';
import {watchProof} from '../prove/watch-proof.ts';
import {createContext} from './run-context.ts';
import {openRunStore, type RunStore} from './run-store.ts';
import {failureOf} from './run-steps.ts';
import {toldBy, writeTold} from '../told/told-file.ts';
import {traceLanes} from '../trace/trace-lanes.ts';

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
  await takeBack(ctx, 'run').catch((error: unknown) => options.complain(failureOf(error).message));
  const beating = [beatSentinels(ctx), watchSource(ctx), takeBackForSure(ctx, 'run'), kickWhatIsDown(ctx)];
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
