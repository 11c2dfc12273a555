import {constants} from 'node:fs';
import {access} from 'node:fs/promises';
import {delimiter, join} from 'node:path';
import {execa} from 'execa';
import type {Pv} from './tools.ts';

const LIMIT_MS = 10_000;

/** Finds pv in PATH. Null where there is none, or one that cannot be told another rate while it runs: busybox has such a one. */
export async function findPv(env: Readonly<Record<string, string | undefined>>): Promise<Pv | null> {
  for (const folder of (env['PATH'] ?? '').split(delimiter).filter((one) => one !== '')) {
    const path = join(folder, 'pv');
    if (await isProgram(path)) return pvAt(path);
  }
  return null;
}

async function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function pvAt(path: string): Promise<Pv | null> {
  const say = async (option: string): Promise<string> =>
    (await execa(path, [option], {reject: false, timeout: LIMIT_MS, env: {LC_ALL: 'C.UTF-8'}})).stdout;
  const version = parsePvVersion(await say('--version'));
  return version !== null && (await say('--help')).includes('--remote') ? {path, version} : null;
}

/** `1.6.20` of `pv 1.6.20 - Copyright …`; null where it is no pv. Pure. */
export function parsePvVersion(text: string): string | null {
  return /^pv (\d+(?:\.\d+)+)/.exec(text)?.[1] ?? null;
}
