import type {z} from 'zod';
import {fileSchema} from './schema.ts';
import {sectionKeys} from './section-keys.ts';

/** A problem with where it is: the keys down to it, and what is wrong in words. */
interface Explained {
  readonly keys: readonly PropertyKey[];
  readonly words: string;
}

/** A problem of the schema for the operator: the key, what is wrong, and for an unknown key the nearest one that is known. Pure. */
export function explainIssue(issue: z.core.$ZodIssue): Explained[] {
  const name = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const keys = [...issue.path, key];
      const near = nearest(key, knownKeys(issue.path));
      return {
        keys,
        words: `${keys.map(String).join('.')}: there is no such key${near === null ? '' : `; did you mean ${near}?`}`,
      };
    });
  }
  if (issue.code === 'invalid_type' && issue.input === undefined)
    return [{keys: issue.path, words: `${name}: is missing`}];
  return [{keys: issue.path, words: `${name}: ${issue.message}`}];
}

/** The keys that the schema knows at a place; only the top level and its sections have fixed keys. */
function knownKeys(path: readonly PropertyKey[]): string[] {
  const sections: Readonly<Record<string, unknown>> = fileSchema.shape;
  if (path.length === 0) return Object.keys(sections);
  return [...(sectionKeys(sections[String(path[0])])?.keys() ?? [])];
}

/** The known key with the fewest letters to change, at most a third of them. */
function nearest(key: string, known: readonly string[]): string | null {
  const ranked = known.map((one) => ({one, steps: distance(key, one)})).toSorted((a, b) => a.steps - b.steps);
  const best = ranked[0];
  return best !== undefined && best.steps <= Math.max(1, Math.ceil(key.length / 3)) ? best.one : null;
}

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
  let row = Array.from({length: b.length + 1}, (_, index) => index);
  for (const [i, letter] of a.split('').entries()) {
    const next = [i + 1];
    for (const [j, other] of b.split('').entries()) {
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
