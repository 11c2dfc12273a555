import {mkdir, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {readIfThere} from '../../run/run-folder.ts';
import {contentOfFolder, parseIdentity, type LaneIdentity} from './folder-content.ts';

/** Makes a lane's folder anew with its files, 0700/0600. An attempt's folder is never used twice. */
export async function writeLaneFolder(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  // What a supervisor left that died before it started the lane; a lane that did start has journalled its number.
  await rm(folder, {recursive: true, force: true});
  await mkdir(folder, {recursive: true, mode: 0o700});
  const all = Object.entries(contentOfFolder(files));
  await Promise.all(all.map(async ([name, text]) => writeFile(join(folder, name), text, {mode: 0o600})));
}

/** Reads the folder's `pid`; null when the lane never came so far. */
export async function readIdentity(folder: string): Promise<LaneIdentity | null> {
  return parseIdentity((await readIfThere(join(folder, 'pid'))) ?? '');
}
