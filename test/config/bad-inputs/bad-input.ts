/** An input that is wrong, by what it is; what the operator must read, and the remedy that must be in it. */
export interface BadInput {
  readonly what: string;
  /** The configuration, whole; text is written in UTF-8. */
  readonly file: string | Uint8Array;
  /** With its line where it has one. */
  readonly says: string;
  readonly remedy: string;
}

/** A command line that is wrong, with a configuration that is well. */
export interface BadWords {
  readonly words: string;
  readonly says: string;
  readonly remedy: string;
}

/** A configuration that is well as far as it goes: four lines, so that what is put behind it begins in line 5. */
export const WELL = 'run: acme\nsource: host=a\nreplica: host=b\ntarget: host=c\n';

/** Cases of what is put behind a configuration that is well. */
export function behind(cases: readonly (readonly [text: string, says: string, remedy: string])[]): BadInput[] {
  return cases.map(([text, says, remedy]) => ({what: text.trim().slice(0, 70), file: WELL + text, says, remedy}));
}
