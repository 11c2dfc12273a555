/** The known word with the fewest letters to change, at most a third of them: `stement` → `statement`. Null where none is near. Pure. */
export function nearest(word: string, known: readonly string[]): string | null {
  const plain = normal(word);
  const ranked = known.map((one) => ({one, steps: distance(plain, normal(one))})).toSorted((a, b) => a.steps - b.steps);
  const best = ranked[0];
  return best !== undefined && best.steps <= Math.max(1, Math.ceil(word.length / 3)) ? best.one : null;
}

/** `runDirectory` and `run-directory` are `run_directory`. */
function normal(word: string): string {
  return word
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase();
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
