import {loadConfig} from '../../src/config/load.ts';
import type {RunEvent} from '../../src/domain/run/event.ts';
import {findTools} from '../../src/engine/tools/find-tools.ts';
import {createContext, type RunContext} from '../../src/engine/run/run-context.ts';
import {runFolderAt} from '../../src/engine/run/run-folder.ts';
import type {Lab} from '../../src/lab/lab.ts';
import {inMemory, type InMemory} from './in-memory.ts';

/** A step's context on a lab's servers, the journal of which is in memory. Whoever makes it closes it. */
export type LabContext = RunContext & InMemory;

/** The context of a run of which these things have happened already. */
export async function contextOn(lab: Lab, ...before: readonly RunEvent[]): Promise<LabContext> {
  const config = await loadConfig(lab.yamlPath, {});
  const journal = inMemory(...before);
  const env = {PATH: process.env['PATH']};
  const context = createContext({
    config,
    folder: runFolderAt(config.runDirectory),
    tools: await findTools(config.toolsFolder, env),
    store: journal,
    env,
    signal: new AbortController().signal,
    now: Date.now,
    readOnly: false,
  });
  return {...journal, ...context};
}
