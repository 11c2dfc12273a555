import type {RunEvent} from '../../domain/run/event.ts';
import {reduceAll} from '../../domain/run/reduce.ts';
import {findTools} from '../../engine/tools/find-tools.ts';
import {readJournal} from '../../engine/run/journal.ts';
import {createContext, type RunContext} from '../../engine/run/run-context.ts';
import type {Env, OpenRun} from './open-run.ts';

/** A context that can change nothing on any server, for check and plan. Events are given to `hear` and not kept. */
export async function readOnlyContext(
  {config, folder}: OpenRun,
  env: Env,
  hear: (event: RunEvent) => void = () => undefined,
): Promise<RunContext> {
  const state = reduceAll(await readJournal(folder.journal));
  return createContext({
    config,
    folder,
    tools: await findTools(config.toolsFolder, env),
    store: {
      state: () => state,
      record: async (event) => hear(event),
    },
    env,
    signal: new AbortController().signal,
    now: Date.now,
    readOnly: true,
  });
}
