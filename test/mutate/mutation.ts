import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {stripTypeScriptTypes} from 'node:module';
import {join} from 'node:path';

/** One thing taken out of the code, or turned round, that a test must notice. Paths are from the root of the repository. */
export interface Mutation {
  readonly file: string;
  /** What is lost by it, in a few words: `slots of others are dropped`. */
  readonly what: string;
  /** Occurs exactly once in the file. */
  readonly old: string;
  readonly new: string;
  /** The test files of which at least one must fail. */
  readonly tests: readonly string[];
  /** Why no test notices it, where that is known and accepted. */
  readonly survives: string | null;
}

/** What is lost, the text, what stands in its place, and why it may survive. */
export type Change = readonly [what: string, old: string, mutated: string, survives?: string];

/** The mutations of one file, which the same tests must notice. */
export function mutationsOf(file: string, tests: readonly string[], ...changes: readonly Change[]): Mutation[] {
  return changes.map(([what, old, mutated, survives = null]) => ({file, what, old, new: mutated, tests, survives}));
}

/** What the mutation makes of the text; an error of the list, in words, where it is not true any more. Pure but for `sh -n`. */
export function mutate(mutation: Mutation, text: string): {readonly text: string} | {readonly wrong: string} {
  const times = text.split(mutation.old).length - 1;
  if (times !== 1) return {wrong: `its text is there ${times} times, not once: ${oneLine(mutation.old)}`};
  if (mutation.old === mutation.new) return {wrong: 'it changes nothing'};
  const mutated = text.replace(mutation.old, () => mutation.new);
  const broken = syntaxError(mutation.file, mutated);
  return broken === null ? {text: mutated} : {wrong: `what it makes is no program: ${broken}`};
}

/** What is wrong with the list, a line each; empty where every mutation can be tried. */
export function problemsOf(root: string, list: readonly Mutation[]): string[] {
  return list.flatMap((mutation) => {
    const name = nameOf(mutation);
    const gone = mutation.tests.filter((test) => !existsSync(join(root, test)));
    if (gone.length > 0) return [`${name}: there is no test ${gone.join(', ')}`];
    if (!existsSync(join(root, mutation.file))) return [`${name}: there is no such file`];
    const made = mutate(mutation, readFileSync(join(root, mutation.file), 'utf8'));
    return 'wrong' in made ? [`${name}: ${made.wrong}`] : [];
  });
}

/** `src/engine/exit/abort.ts: the run is forgotten though a part of it is left`. */
export function nameOf({file, what}: Mutation): string {
  return `${file}: ${what}`;
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 90 ? `${line.slice(0, 89)}…` : line;
}

/** A test that cannot even be loaded fails as well, and says nothing of the guard. */
function syntaxError(file: string, text: string): string | null {
  try {
    if (file.endsWith('.ts')) stripTypeScriptTypes(text);
    if (file.endsWith('.sh')) execFileSync('sh', ['-n'], {input: text, stdio: ['pipe', 'ignore', 'pipe']});
    return null;
  } catch (error) {
    return oneLine(error instanceof Error ? error.message : String(error));
  }
}
