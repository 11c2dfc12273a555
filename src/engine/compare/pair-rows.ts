import type {SameRows} from '../../pg/compare/differing-rows.ts';
import type {RowDifference} from '../../domain/run/row-difference.ts';
import type {Side} from './read-sides.ts';

/** A difference before its row was read. */
export interface FoundRow {
  readonly kind: RowDifference['kind'];
  /** How many rows it is about. */
  readonly rows: number;
  readonly replicaPlace: string | null;
  readonly targetPlace: string | null;
}

/** The rows of each side that have the same key. */
interface OfKey {
  readonly replica: Map<string, Counted>;
  readonly target: Map<string, Counted>;
}

interface Counted {
  readonly rows: number;
  readonly place: string;
}

/**
 * The rows that differ, from those of the same buckets on both sides. Rows belong together by their key; one whose key is as often on both sides,
 * with another content, was changed. Pure.
 */
export function pairRows(sides: Readonly<Record<Side, readonly SameRows[]>>): FoundRow[] {
  const keys = new Map<string, OfKey>();
  for (const side of ['replica', 'target'] as const) {
    for (const {keyHash, hash, rows, place} of sides[side]) {
      const ofKey = keys.get(keyHash) ?? {replica: new Map<string, Counted>(), target: new Map<string, Counted>()};
      keys.set(keyHash, ofKey);
      const before = ofKey[side].get(hash);
      ofKey[side].set(hash, before === undefined ? {rows, place} : {...before, rows: before.rows + rows});
    }
  }
  return [...keys.values()].flatMap((ofKey) => judgeKey(ofKey));
}

function judgeKey({replica, target}: OfKey): FoundRow[] {
  const [there, here] = [left(replica, target), left(target, replica)];
  const [first, second] = [countOf(replica), countOf(target)];
  if (there.length === 0 && here.length === 0) return [];
  const places = {replicaPlace: there[0]?.place ?? placeOf(replica), targetPlace: here[0]?.place ?? placeOf(target)};
  if (second === 0) return [{kind: 'missing', rows: first, ...places}];
  if (first === 0) return [{kind: 'extra', rows: second, ...places}];
  if (first !== second) return [{kind: 'doubled', rows: Math.abs(first - second), ...places}];
  return [{kind: 'changed', rows: there.length, ...places}];
}

/** Those that are not as often on the other side. */
function left(own: ReadonlyMap<string, Counted>, other: ReadonlyMap<string, Counted>): Counted[] {
  return [...own].flatMap(([hash, counted]) => (other.get(hash)?.rows === counted.rows ? [] : [counted]));
}

function countOf(rows: ReadonlyMap<string, Counted>): number {
  return [...rows.values()].reduce((sum, one) => sum + one.rows, 0);
}

function placeOf(rows: ReadonlyMap<string, Counted>): string | null {
  return [...rows.values()][0]?.place ?? null;
}
