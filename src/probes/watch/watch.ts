import {isLatestUnderWay} from '../../domain/run/cutover/cutover.ts';
import type {Reading} from '../../domain/reading/reading.ts';
import {SERVER_ROLES, type ServerRole} from '../../domain/pg/server-role.ts';
import type {Progress} from '../../pg/load/target-activity.ts';
import {captureProbe, guardsProbe, visitorsProbe, writersProbe} from '../watched/capture.ts';
import {localDiskProbes} from '../watched/disk.ts';
import {lanesProbe} from '../watched/lanes.ts';
import {createHurrying} from './hurrying.ts';
import {runProbes} from './loop.ts';
import type {Probe} from '../watched/probe.ts';
import {serverProbes} from '../watched/probes.ts';
import {createServerLink, onServer, type ServerLink} from './server-link.ts';
import {startJudging} from '../judge/judging.ts';
import type {Lane} from '../watched/target.ts';
import {workProbe} from '../watched/work.ts';
import type {WatchContext} from './watch-context.ts';
import {within} from './within.ts';

/** Longer than a statement's time-out with its grace, and than connecting: only a bug in a driver is cut off here. */
const LIMIT_MS = 45_000;

/** An operator's command may log in to a production server for it. */
const COMMAND_MS = 15_000;

/** How long ending waits for connections that close. */
const CLOSING_MS = 2000;

/**
 * Watches the servers until the function that it gives is called: one connection and one question at a time for each server, readings to
 * `tell` and into the readings file, alarms into the journal. A server that is away is asked less often, at least every ten
 * seconds or at its interval; nothing waits for it. `past` are the readings of the supervisors before, oldest first.
 */
export function watchServers(
  ctx: WatchContext,
  tell: (reading: Reading) => void,
  past: readonly Reading[] = [],
): () => Promise<void> {
  const stop = new AbortController();
  let progress: readonly Progress[] = [];
  let spoken: ReadonlySet<string> = new Set();
  const readLanes = async (): ReturnType<WatchContext['readLanes']> => {
    const seen = await ctx.readLanes();
    spoken = new Set(seen.filter(({lastLine}) => lastLine !== null).map(({application}) => application));
    return seen;
  };
  const running = (): Lane[] => lanesOf(ctx, (application) => spoken.has(application));
  const questions = serverProbes(ctx, {heard: (what) => (progress = what), lanes: running});
  const lanes = lanesProbe({
    everyMs: ctx.intervalMs,
    steady: ctx.steady,
    readLanes,
    progress: () => progress,
  });
  const work = workProbe({everyMs: ctx.intervalMs, readWork: ctx.readWork, progress: () => progress});
  const capture = captureProbes(ctx);
  const local = [...localDiskProbes(ctx, Math.max(COMMAND_MS, 3 * ctx.intervalMs)), lanes, work, ...capture];
  const judging = startJudging(ctx, {probes: [...questions, ...local], tell, past});
  const links = new Map(SERVER_ROLES.map((role): [ServerRole, ServerLink] => [role, createServerLink(ctx, role)]));
  const groups: Probe[][] = [
    ...[...links].map(([role, link]) =>
      onServer(
        link,
        questions.filter(({server}) => server === role),
      ),
    ),
    // What is asked on this machine does not wait for each other: a command over ssh may take its time.
    ...local.map((probe) => [probe]),
  ];
  const loops = groups.map(async (probes) =>
    runProbes(probes, {steady: ctx.steady, tell: judging.hear, signal: stop.signal, limitMs: LIMIT_MS}),
  );
  return async () => {
    stop.abort();
    const closing = [...links.values()].map(async (link) => link.close());
    // A question under way ends with its connection; one that does not is left to its time-out.
    await within(CLOSING_MS, 'closing the probes', Promise.all([...closing, ...loops])).catch(() => undefined);
    await judging.stop();
  };
}

function captureProbes(ctx: WatchContext): Probe[] {
  const {readCapture, readGuards = null, readWriters = null, readVisitors = null, steady, intervalMs} = ctx;
  const everyMs = 3 * intervalMs;
  const hurries = createHurrying(() => isLatestUnderWay(ctx.state()), steady);
  return [
    ...(readCapture === null
      ? []
      : [captureProbe({everyMs, hurries, isHeld: () => ctx.state().fence !== null, steady, readCapture})]),
    ...(readGuards === null ? [] : [guardsProbe(everyMs, readGuards)]),
    ...(readWriters === null ? [] : [writersProbe({everyMs, hurries, readWriters})]),
    ...(readVisitors === null ? [] : [visitorsProbe(everyMs, readVisitors)]),
  ];
}

function lanesOf({state, applicationOf}: WatchContext, hasSpoken: (application: string) => boolean): Lane[] {
  return state().units.flatMap((unit) => {
    if (unit.state.status !== 'running') return [];
    const application = applicationOf(unit.id);
    const isPaused = unit.state.paused !== null;
    return [{unit: unit.id, application, isPaused, wasConnected: hasSpoken(application)}];
  });
}
