import {rename, writeFile} from 'node:fs/promises';
import type {LineFacts} from '../domain/line-facts.ts';

/** Writes what `status --line` reads, so that it finds the old or the new, never a part. */
export async function writeLineFile(path: string, facts: LineFacts): Promise<void> {
  const draft = `${path}.new`;
  await writeFile(draft, JSON.stringify(facts), {mode: 0o600});
  await rename(draft, path);
}
