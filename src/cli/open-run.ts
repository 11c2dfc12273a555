import {hostname, userInfo} from 'node:os';
import type {Config} from '../config/config.ts';
import {loadConfig} from '../config/load.ts';
import type {RunEvent} from '../domain/event.ts';
import {reduceAll} from '../domain/reduce.ts';
import {findTools} from '../engine/find-tools.ts';
import {readJournal} from '../engine/journal.ts';
import {createContext, type RunContext} from '../engine/run-context.ts';
import {runFolderAt, type RunFolder} from '../engine/run-folder.ts';

/** The environment that every command is given. */
export type Env = Readonly<Record<string, string | undefined>>;

/** A run as a command finds it: its configuration and its folder. */
export interface OpenRun {
  readonly configPath: string;
  readonly config: Config;
  readonly folder: RunFolder;
}

/** Reads the configuration; connects to nothing. */
export async function openRun(configPath: string, env: Env): Promise<OpenRun> {
  const config = await loadConfig(configPath, env);
  return {configPath, config, folder: runFolderAt(config.runDirectory)};
}

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

/** Who sits here, for the journal: `ana@jump1 (console)`. */
export function whoAmI(client: string): string {
  return `${userInfo().username}@${hostname()} (${client})`;
}
