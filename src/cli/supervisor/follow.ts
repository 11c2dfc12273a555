import {describeBoundary} from '../../domain/pg/hand-over.ts';
import {describeEvent} from '../../domain/run/describe-event.ts';
import type {JournalEntry} from '../../domain/run/event.ts';
import {differsIn} from '../../domain/run/row-difference.ts';
import {printable} from '../../domain/base/printable.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {reduce} from '../../domain/run/reduce.ts';
import {whatNow} from '../../domain/rules/what-now.ts';
import {NEW_RUN, type RunState} from '../../domain/run/run-state.ts';
import type {WireClient} from '../../engine/wire/client.ts';

/**
 * Prints a run's events as lines until it is done, has stopped or failed, and gives the exit code: 0, 1, or 3 when a server could not
 * be reached. Events up to `after` are only taken into the state.
 */
export async function followRun(client: WireClient, after: number, print: (line: string) => void): Promise<0 | 1 | 3> {
  let state: RunState = NEW_RUN;
  let giveUp: NodeJS.Timeout | null = null;
  const tell = teller(print);
  let over: 0 | 1 | 3 | null = null;
  return new Promise((resolve, reject) => {
    const take = (entry: JournalEntry): void => {
      state = reduce(state, entry);
      tell(entry);
      if (entry.type === 'step.waiting')
        for (const line of howToConfirm(entry, state.run ?? '')) print(printable(line));
      const code = exitCode(entry, state);
      if (code === null) return;
      for (const line of lastWords(state)) print(printable(line));
      resolve(code);
    };
    client.on((event) => {
      switch (event.type) {
        case 'snapshot':
          // What happened between the start of the supervisor and this connection is told as well.
          for (const entry of event.events) if (entry.seq > Math.max(after, state.seq)) tell(entry);
          state = event.state;
          over = endOfWalk(event.events, state);
          if (over === null) break;
          for (const line of lastWords(state)) print(printable(line));
          resolve(over);
          break;
        case 'event':
          if (event.entry.seq > state.seq) take(event.entry);
          break;
        case 'refused':
          reject(new LonghaulError({code: 'failed', message: event.message, remedy: event.remedy}));
          break;
        case 'lost':
          if (giveUp !== null) break;
          print(`-- connection to the supervisor lost (${event.why}); the lanes go on, trying again`);
          giveUp = setTimeout(() => reject(noSupervisorAnyMore(state.run)), PATIENCE_MS);
          break;
        case 'hello':
          if (giveUp !== null) clearTimeout(giveUp);
          giveUp = null;
          break;
        case 'connected':
        case 'reading':
        case 'beat':
        case 'reply':
        case 'planned':
        case 'log':
          break;
      }
    });
  });
}

/** A supervisor that was ended to start another one is back by then. */
const PATIENCE_MS = 15_000;

function noSupervisorAnyMore(run: string | null): LonghaulError {
  return new LonghaulError({
    code: 'unreachable',
    message: `the supervisor of run ${run ?? '?'} is gone`,
    remedy:
      'longhaul run starts one, which takes over the lanes that still run; supervisor.log in the run folder may say why',
  });
}

/** Progress every few seconds, tables that compare equal not at all, everything else as it comes. */
const PROGRESS_EVERY_MS = 5_000;

function teller(print: (line: string) => void): (entry: JournalEntry) => void {
  let last = 0;
  return (entry) => {
    if (entry.type === 'table.compared' && !differsIn(entry)) return;
    if (entry.type === 'step.progressed') {
      const at = Date.parse(entry.at);
      if (at - last < PROGRESS_EVERY_MS) return;
      last = at;
    }
    print(`${entry.at.slice(11, 19)} ${describeEvent(entry)}`);
  };
}

/** The exit code where the walk of this supervisor is over: an alarm may have come after its end. */
function endOfWalk(events: readonly JournalEntry[], state: RunState): 0 | 1 | 3 | null {
  const last = events.findLast(({type}) => type.startsWith('run.') || type === 'supervisor.started');
  return last === undefined ? null : exitCode(last, state);
}

/** What whoever reads the end of the log has to know: how P is, and what to do now. */
function lastWords(state: RunState): string[] {
  const p = state.status === 'done' ? [`P ${describeBoundary(state)}`] : [];
  return [...p, ...whatNow(state).map((words) => `what now: ${words}`)];
}

/** The exit code once the run does not go on by itself; null while it does. */
function exitCode(last: JournalEntry, state: RunState): 0 | 1 | 3 | null {
  // What was done cannot be handed to change capture any more.
  if (last.type === 'run.done') return state.boundaryDisproved === null ? 0 : 1;
  if (last.type !== 'run.stopped') return null;
  // Another step may have failed in an earlier walk.
  if (last.end === 'reached') return 0;
  const failed = state.steps.flatMap((step) => (step.state.status === 'failed' ? [step.state.failure] : []));
  return failed.some((failure) => failure.unreachable) ? 3 : 1;
}

function howToConfirm(entry: Extract<JournalEntry, {type: 'step.waiting'}>, run: string): string[] {
  return [
    ...entry.actions.slice(0, 12).map((action) => `         would run on ${action.split('\n').join('\n           ')}`),
    ...(entry.actions.length > 12 ? [`         and ${entry.actions.length - 12} more: longhaul plan --sql`] : []),
    `         to go on: longhaul confirm ${entry.step} ${run}`,
  ];
}
