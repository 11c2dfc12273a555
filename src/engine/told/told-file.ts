import type {Config} from '../../config/config.ts';
import {valuesByKey} from '../../config/keys/values-by-key.ts';
import {readIfThere, writeWhole, type RunFolder} from '../run/run-folder.ts';

/** What a supervisor was told by longhaul.yaml when it was started. */
export interface Told {
  /** The supervisor's process. */
  readonly pid: number;
  /** The values of longhaul.yaml by their keys, without secrets. */
  readonly values: Readonly<Record<string, string>>;
}

/** What a supervisor of this configuration goes by. Pure. */
export function toldBy(config: Config, pid: number): Told {
  return {pid, values: valuesByKey(config)};
}

/** Keeps it for those who come later: the file may say something else by then. */
export async function writeTold(folder: RunFolder, told: Told): Promise<void> {
  await writeWhole(folder.told, `${JSON.stringify(told)}\n`);
}

/** What the supervisor with this process was told; null where it has not said. */
export async function readTold(folder: RunFolder, pid: number | null): Promise<Told | null> {
  const text = await readIfThere(folder.told);
  if (text === null) return null;
  try {
    const told: Told = JSON.parse(text);
    return told.pid === pid ? told : null;
  } catch {
    // A full disk; what cannot be compared is not told.
    return null;
  }
}
