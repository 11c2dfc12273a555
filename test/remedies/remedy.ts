/** How it is known that a remedy helps, or why nobody can try. */
export type KnownBy =
  /** Situations of test/engine/remedies: brought about on real servers, the remedy read from the product and carried out as it is written. */
  | {readonly by: 'situations'; readonly ids: readonly string[]}
  /** A test that carries it out: its file, and its title or the part of it that says so. */
  | {readonly by: 'test'; readonly file: string; readonly title: string}
  /** It asks people for what no test can do. */
  | {readonly by: 'people'; readonly why: string};

/** A remedy: where it is written, its words, the situation in which they are said, and how it is known that they help. */
export interface Remedy {
  readonly file: string;
  /** Literally, with … for what is filled in. */
  readonly words: string;
  readonly when: string;
  readonly known: KnownBy;
}

/** The remedies that a file of src has. */
export function of(
  file: string,
  remedies: readonly (readonly [words: string, when: string, known: KnownBy])[],
): Remedy[] {
  return remedies.map(([words, when, known]) => ({file, words, when, known}));
}

/** Situations of test/engine/remedies/table.ts and old-table.ts. */
export function situations(...ids: readonly string[]): KnownBy {
  return {by: 'situations', ids};
}

/** A test, by its file and by what is in its title. */
export function carriedOut(file: string, title: string): KnownBy {
  return {by: 'test', file, title};
}

/** What only people can do, and why. */
export function forPeople(why: string): KnownBy {
  return {by: 'people', why};
}
