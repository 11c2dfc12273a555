import type {TocEntry} from './toc.ts';

/** Parts of a schema that may be restored beside each other, each in a transaction of its own and in the dump's order. */
export type Stage = readonly (readonly TocEntry[])[];

/** Fewer in a row are not worth a second session. */
const MANY = 1000;

/**
 * The entries of a dump as stages, one after the other: a stage of one part, or two parts of many keys or many indexes. A small schema is one
 * stage. Pure.
 */
export function inStages(entries: readonly TocEntry[], many: number = MANY): Stage[] {
  const stages: Stage[] = [];
  let plain: TocEntry[] = [];
  const endPlain = (): void => {
    if (plain.length > 0) stages.push([plain]);
    plain = [];
  };
  for (const run of runsOf(entries)) {
    const parts = run.length < many ? null : partsOf(run);
    if (parts === null) plain.push(...run);
    else {
      endPlain();
      stages.push(parts);
    }
  }
  endPlain();
  return stages;
}

/** Neighbours of one kind. */
function runsOf(entries: readonly TocEntry[]): TocEntry[][] {
  const runs: TocEntry[][] = [];
  for (const entry of entries) {
    const last = runs.at(-1);
    if (last?.[0]?.kind === entry.kind) last.push(entry);
    else runs.push([entry]);
  }
  return runs;
}

/** Null of what may need its neighbours. */
function partsOf(run: readonly TocEntry[]): Stage | null {
  const kind = run[0]?.kind;
  // Its lock leaves the other indexes of the table alone.
  if (kind === 'INDEX') return [run.slice(0, run.length / 2), run.slice(run.length / 2)];
  if (kind !== 'CONSTRAINT') return null;
  // A key locks its table against everybody: all of one table are in one part, so that no part waits for another.
  const half = new Set([...new Set(run.map(tableOfKey))].filter((_, at) => at % 2 === 0));
  const isFirst = (entry: TocEntry): boolean => half.has(tableOfKey(entry));
  return [run.filter(isFirst), run.filter((entry) => !isFirst(entry))];
}

/** Schema and table of `public users users_pkey app_owner`; of names with blanks, what several have in common. */
function tableOfKey({rest}: TocEntry): string {
  return rest.split(' ').slice(0, 2).join(' ');
}
