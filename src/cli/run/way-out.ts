import {readVersion} from '../version.ts';
import {isoTime} from '../../domain/base/iso-time.ts';
import {reduce, reduceAll} from '../../domain/run/reduce.ts';
import type {RunEvent} from '../../domain/run/event.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {NEW_RUN, type RunState} from '../../domain/run/run-state.ts';
import {printable} from '../../domain/base/printable.ts';
import {readJournal} from '../../engine/run/journal.ts';
import {createContext, type RunContext} from '../../engine/run/run-context.ts';
import {openRunStore, type RunStore} from '../../engine/run/run-store.ts';
import {NO_TOOLS} from '../../engine/tools/tools.ts';
import {neverBack, steadyClock, type Clock} from '../../engine/waiting/clocks.ts';
import type {Env, OpenRun} from './open-run.ts';

/** A context for what must work with no supervisor, no journal and no room on this machine's disk. */
export interface WayOut {
  readonly ctx: RunContext;
  /** What the journal had: null where it could not be read. */
  readonly known: RunState | null;
  /** Why the journal does not know what has happened; null where it does, and where nothing has. */
  untold(): string | null;
  close(): Promise<void>;
}

/** Whether the journal is written, and whether one of a newer version may be done without, as its slots are known by their names. */
interface WayOutOptions {
  readonly writes: boolean;
  readonly byPrefix?: boolean;
}

/**
 * Opens the run for a way out. The journal is only written (`writes`) under the run's lock; without it, what happens is known in here alone.
 * Throws `version` where a newer Longhaul wrote it: what that has made would not be seen.
 */
export async function openWayOut(run: OpenRun, env: Env, {writes, byPrefix = false}: WayOutOptions): Promise<WayOut> {
  const {config, folder} = run;
  const known = await readKnown(run, byPrefix);
  const journal = writes ? await journalOf(run) : null;
  const after = Date.parse(known?.at ?? '') || 0;
  const now = neverBack({now: Date.now, steady: steadyClock, after});
  const follower = follow(known ?? NEW_RUN, journal, now);
  const end = new AbortController();
  const shared = {config, folder, tools: NO_TOOLS, env, signal: end.signal, now, readOnly: false};
  const ctx = createContext({...shared, store: follower});
  return {
    ctx,
    known,
    untold: () => follower.untold(),
    close: async () => {
      // Nobody waits for a checkpoint that takes its time.
      end.abort();
      await ctx.close();
      await journal?.store?.close();
    },
  };
}

async function readKnown(run: OpenRun, byPrefix: boolean): Promise<RunState | null> {
  try {
    return reduceAll(await readJournal(run.folder.journal));
  } catch (error) {
    if (error instanceof LonghaulError && error.code === 'version' && !byPrefix) throw error;
    console.error(`longhaul: the journal cannot be read: ${printable(String(error))}`);
    return null;
  }
}

interface OpenJournal {
  /** Null where it cannot be opened. */
  readonly store: RunStore | null;
  readonly why: string;
}

async function journalOf({folder}: OpenRun): Promise<OpenJournal> {
  try {
    return {store: await openRunStore(folder.journal, {now: Date.now, version: readVersion()}), why: ''};
  } catch (error) {
    return {store: null, why: String(error)};
  }
}

interface Follower extends Pick<RunStore, 'state' | 'record'> {
  untold(): string | null;
}

/** State follows every event, whether the journal takes it or not: what is to be done depends on what has happened. */
function follow(from: RunState, journal: OpenJournal | null, now: Clock): Follower {
  let state = from;
  let untold: string | null = null;
  return {
    state: () => state,
    untold: () => untold,
    record: async (event: RunEvent) => {
      state = reduce(state, {seq: state.seq + 1, at: isoTime(now()), ...event});
      // Once it has missed one, it is told no more: what follows would be read without it.
      if (journal === null || untold !== null) return;
      if (journal.store === null) untold = journal.why;
      else await journal.store.record(event).catch((error: unknown) => (untold = String(error)));
    },
  };
}
