import type {VersionedRows} from '../../../pg/compare/again-rows.ts';

/** The rows of one round: the replica's before and after the target's, each side seen past the other. */
export interface Round {
  readonly first: readonly VersionedRows[];
  readonly target: readonly VersionedRows[];
  readonly second: readonly VersionedRows[];
  /** Whether a key is of one row at most. */
  readonly isKeyed: boolean;
  /** What the target had in the round before, by key; null in the first. */
  readonly before: ReadonlyMap<string, string> | null;
  /** The keys that this round is about; null is all. */
  readonly of: ReadonlySet<string> | null;
}

/** What a round has shown. */
export interface RoundJudged {
  /** Keys whose rows differ, and are written to by nobody. */
  readonly different: readonly string[];
  /** Keys that were written to meanwhile. */
  readonly undecided: readonly string[];
  /** What the target has of each of these. */
  readonly seen: ReadonlyMap<string, string>;
}

/**
 * Compares rows of servers that go on. A key whose rows on the target are as on the replica before or after is equal. One whose rows on the replica are the same
 * versions before and after was as it is all the while, and the target was read in between, at a state past the first and before the second: it differs. But what
 * the replica has not may have come and gone in between: that has to be the same version on the target in two rounds, between which the replica had it not.
 * Everything else was written to. Pure.
 */
export function judgeRound({first, target, second, isKeyed, before, of}: Round): RoundJudged {
  const [a, t, e] = [byKey(first), byKey(target), byKey(second)];
  const different: string[] = [];
  const undecided: string[] = [];
  const seen = new Map<string, string>();
  for (const key of new Set([...a.keys(), ...t.keys(), ...e.keys()])) {
    if (of !== null && !of.has(key)) continue;
    const [one, here, two] = [a.get(key) ?? [], t.get(key) ?? [], e.get(key) ?? []];
    if (contentOf(here) === contentOf(one) || contentOf(here) === contentOf(two)) continue;
    const isStill = versionsOf(one) === versionsOf(two);
    const hasMore = isKeyed ? one.length === 0 : countOf(here) > countOf(one);
    if (isStill && (!hasMore || before?.get(key) === versionsOf(here))) different.push(key);
    else {
      undecided.push(key);
      seen.set(key, versionsOf(here));
    }
  }
  return {different, undecided, seen};
}

function byKey(rows: readonly VersionedRows[]): Map<string, VersionedRows[]> {
  return Map.groupBy(rows, ({keyHash}) => keyHash);
}

function contentOf(rows: readonly VersionedRows[]): string {
  return joined(rows, ({hash, rows: count}) => `${hash} ${count}`);
}

function versionsOf(rows: readonly VersionedRows[]): string {
  return joined(rows, ({hash, version}) => `${hash} ${version}`);
}

function joined(rows: readonly VersionedRows[], words: (row: VersionedRows) => string): string {
  return rows.map(words).toSorted().join(', ');
}

function countOf(rows: readonly VersionedRows[]): number {
  return rows.reduce((sum, one) => sum + one.rows, 0);
}
