import type {JournalEntry} from '../../domain/run/event.ts';
import {describeEvent} from '../../domain/run/describe-event.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {reduce} from '../../domain/run/reduce.ts';
import {NEW_RUN, type RunState} from '../../domain/run/run-state.ts';
import {isCutoverComplete} from '../../domain/rules/cutover.ts';
import type {WireClient} from '../../engine/wire/client.ts';

/** Prints a cutover's events from behind `after` as lines, until it is complete (0), was taken back or has left something to do (1). */
export async function followCutover(client: WireClient, after: number, print: (line: string) => void): Promise<0 | 1> {
  return follow(client, {
    after,
    print,
    remedy: 'longhaul cutover --back-out allows them again; longhaul status shows how far it is',
    exitCode,
  });
}

/** The same of a way back. */
export async function followBack(client: WireClient, after: number, print: (line: string) => void): Promise<0 | 1> {
  return follow(client, {
    after,
    print,
    remedy: 'longhaul back --back-out allows them again; longhaul status shows how far it is',
    exitCode: exitCodeOfBack,
  });
}

interface Following {
  readonly after: number;
  readonly print: (line: string) => void;
  /** What to do where the supervisor is gone. */
  readonly remedy: string;
  /** Null while it goes on. */
  readonly exitCode: (state: RunState) => 0 | 1 | null;
}

/** What a walk writes of itself; clients, alarms and commands are journalled beside it. */
const OF_A_WALK = /^(?:step\.|(?:cutover|back)\.(?:begun|gone-back|handed-over)$)/;

async function follow(client: WireClient, {after, print, remedy, exitCode: codeOf}: Following): Promise<0 | 1> {
  let state: RunState = NEW_RUN;
  // How the walk before has ended says nothing of this one, which may not have begun yet.
  let hasBegun = false;
  const tell = (entry: JournalEntry): void => {
    hasBegun ||= OF_A_WALK.test(entry.type);
    print(lineOf(entry));
  };
  return new Promise((resolve, reject) => {
    const end = (): void => {
      const code = hasBegun ? codeOf(state) : null;
      if (code !== null) resolve(code);
    };
    client.on((event) => {
      if (event.type === 'snapshot') {
        for (const entry of event.events) if (entry.seq > Math.max(after, state.seq)) tell(entry);
        state = event.state;
        end();
      } else if (event.type === 'event' && event.entry.seq > state.seq) {
        state = reduce(state, event.entry);
        tell(event.entry);
        end();
      } else if (event.type === 'lost' || event.type === 'refused') {
        reject(
          new LonghaulError({
            code: 'unreachable',
            message: 'the supervisor is gone, and writes may be stopped',
            remedy,
          }),
        );
      }
    });
  });
}

function lineOf(entry: JournalEntry): string {
  return `${entry.at.slice(11, 23)} ${describeEvent(entry)}`;
}

/** Null while it goes on. */
function exitCode(state: RunState): 0 | 1 | null {
  if (state.cutover?.status === 'gone-back') return 1;
  if (isCutoverComplete(state)) return 0;
  const validating = state.steps.find(({id}) => id === 'validate-constraints')?.state.status;
  return state.cutover?.status === 'handed-over' && validating === 'failed' ? 1 : null;
}

/** Null while it goes on. */
function exitCodeOfBack({back}: RunState): 0 | 1 | null {
  if (back?.status === 'handed-over') return 0;
  return back?.status === 'gone-back' ? 1 : null;
}
