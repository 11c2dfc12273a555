import {appendFile, rm} from 'node:fs/promises';
import {createHash} from 'node:crypto';
import {join} from 'node:path';
import {fenceLine} from '../../domain/pg/boundary.ts';
import type {Sums} from '../../pg/compare/table-sums.ts';
import {readIfThere, type RunFolder} from '../run/run-folder.ts';
import type {StepContext} from '../step.ts';
import type {Side} from './read-sides.ts';

/** A scan as it is known again: the same statement on the same side, at the same P, of a table that nobody has written to. */
export interface ScanName {
  readonly side: Side;
  readonly statement: string;
  readonly mark: string;
}

/** What the scans of a comparison that was interrupted have come to. */
export interface KeptSums {
  /** Null where the scan was not made, or not of what is there now. */
  find(scan: ScanName): Sums | null;
  keep(scan: ScanName, sums: Sums): Promise<void>;
  /** The comparison has come to its end: the next one reads everything again. */
  forget(): Promise<void>;
}

interface Line extends Sums {
  readonly scan: string;
}

/** None is kept, and none is found. */
export const KEEP_NOTHING: KeptSums = {find: () => null, keep: async () => {}, forget: async () => {}};

/** Keeps them for as long as this process is at the comparison. Of a table of which nothing says that it is as it was nothing is kept. */
export function keepHere(): KeptSums {
  const known = new Map<string, Sums>();
  return {
    find: (scan) => known.get(nameHere(scan)) ?? null,
    keep: async (scan, sums) => {
      if (scan.mark !== '') known.set(nameHere(scan), sums);
    },
    forget: async () => known.clear(),
  };
}

function nameHere({side, statement, mark}: ScanName): string {
  return JSON.stringify([side, statement, mark]);
}

/** Reads what an earlier supervisor has left. A line that is not whole is one that it was killed over. */
export async function readKeptSums({folder, state}: Pick<StepContext, 'folder' | 'state'>): Promise<KeptSums> {
  const path = pathIn(folder);
  const {boundary} = state();
  const p = boundary === null ? '' : fenceLine(boundary);
  const known = new Map(
    ((await readIfThere(path)) ?? '').split('\n').flatMap((text) => {
      const line = parseLine(text);
      return line === null ? [] : [[line.scan, {rows: line.rows, sum: line.sum}] as const];
    }),
  );
  const nameOf = ({side, statement, mark}: ScanName): string =>
    createHash('sha256')
      .update(JSON.stringify([p, side, statement, mark]))
      .digest('hex');
  return {
    // Where nothing says that a table is as it was, it is read again.
    find: (scan) => (p === '' || scan.mark === '' || known.size === 0 ? null : (known.get(nameOf(scan)) ?? null)),
    keep: async (scan, {rows, sum}) =>
      appendFile(path, `${JSON.stringify({scan: nameOf(scan), rows, sum} satisfies Line)}\n`, {mode: 0o600}),
    forget: async () => rm(path, {force: true}),
  };
}

function pathIn({path}: RunFolder): string {
  return join(path, 'compared.jsonl');
}

function parseLine(text: string): Line | null {
  try {
    const line: unknown = JSON.parse(text);
    return isLine(line) ? line : null;
  } catch {
    return null;
  }
}

function isLine(line: unknown): line is Line {
  if (typeof line !== 'object' || line === null || !('scan' in line && 'rows' in line && 'sum' in line)) return false;
  return typeof line.scan === 'string' && typeof line.rows === 'number' && typeof line.sum === 'string';
}
