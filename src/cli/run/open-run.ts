import {hostname, userInfo} from 'node:os';
import type {Config} from '../../config/config.ts';
import {loadConfig} from '../../config/load.ts';
import {mustBeTrusted, runFolderAt, type RunFolder} from '../../engine/run/run-folder.ts';

/** The environment that every command is given. */
export type Env = Readonly<Record<string, string | undefined>>;

/** A run as a command finds it: its configuration and its folder. */
export interface OpenRun {
  readonly configPath: string;
  readonly config: Config;
  readonly folder: RunFolder;
}

/** Reads the configuration and judges the run folder, whether it is there or not; connects to nothing. Every command that has a run begins here. */
export async function openRun(configPath: string, env: Env): Promise<OpenRun> {
  const config = await loadConfig(configPath, env);
  const folder = runFolderAt(config.runDirectory);
  mustBeTrusted(folder);
  return {configPath, config, folder};
}

/** Who sits here, for the journal: `ana@jump1 (console)`. */
export function whoAmI(client: string): string {
  return `${userInfo().username}@${hostname()} (${client})`;
}
