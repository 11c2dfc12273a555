import {hostname, userInfo} from 'node:os';
import type {Config} from '../../config/config.ts';
import {loadConfig} from '../../config/load.ts';
import {runFolderAt, type RunFolder} from '../../engine/run/run-folder.ts';

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

/** Who sits here, for the journal: `ana@jump1 (console)`. */
export function whoAmI(client: string): string {
  return `${userInfo().username}@${hostname()} (${client})`;
}
