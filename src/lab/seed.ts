import {readFile} from 'node:fs/promises';
import type {LabOptions, LabSize} from './lab.ts';
import type {LabServer} from './lab-server.ts';

/** Fills database `app` of the source as the options say. */
export async function seedSource(source: LabServer, options: LabOptions): Promise<void> {
  if (options.seed === false) return;
  if (typeof options.seed === 'string') {
    await source.sql(await readFile(options.seed, 'utf8'));
    return;
  }
  for (const file of SEED) {
    const text = await readFile(new URL(`seed/${file}`, import.meta.url), 'utf8');
    await source.sql(`\\set scale ${scaleOf(options.size ?? 1)}\nSET ROLE app_owner;\n${text}`);
  }
}

const SEED = ['public.sql'] as const;

function scaleOf(size: LabSize): number {
  if (size === 'tiny') return 0.005;
  return size === 'small' ? 0.1 : size;
}
