import {readFileSync, statSync} from 'node:fs';
import {homedir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {judgePath} from '../../config/files/trusted-path.ts';
import type {LineFacts} from '../../domain/reading/line-facts.ts';
import {formatStatusLine} from './status-line.ts';

// `longhaul status --line` runs in tmux every few seconds for days. This entry reads two small files and loads nothing else; whatever it
// does not understand it leaves to the whole program, which says the same, later.

const known = factsOf(configOf(process.argv.slice(2)));
if (known === null) {
  const {main} = await import('../main.ts');
  await main(process.argv, process.env);
} else {
  process.stdout.write(`${formatStatusLine(known, {alive: isAlive(known.pid), nowMs: Date.now()})}\n`);
}

/** The path of the configuration where the words are `status --line` with nothing but that. */
function configOf(words: readonly string[]): string | null {
  let config = process.env['LONGHAUL_CONFIG'] ?? 'longhaul.yaml';
  const left: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (word === '-c' || word === '--config') config = words[(index += 1)] ?? '';
    else left.push(word);
  }
  return left.toSorted().join(' ') === '--line status' ? config : null;
}

/** What the supervisor of this configuration left for the line; null where there is none, or where these two files do not tell. */
function factsOf(config: string | null): LineFacts | null {
  if (config === null) return null;
  try {
    const text = textOf(config);
    const run = plainValue(text, 'run');
    const folder = plainValue(text, 'run_directory');
    if (run === undefined || folder === undefined || run === null) return null;
    const state = process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state');
    const path = folder === null ? join(state, 'longhaul', run) : resolve(dirname(config), folder);
    const line = join(path, 'line.json');
    // The whole program says what is wrong with it.
    if (judgePath(line) !== null) return null;
    const facts: LineFacts = JSON.parse(textOf(line));
    // A file of another version is left to the whole program.
    return facts.run === run && Array.isArray(facts.silent) && typeof facts.wants === 'string' ? facts : null;
  } catch {
    return null;
  }
}

/** Nobody may write to what is a pipe. */
function textOf(path: string): string {
  if (!statSync(path).isFile()) throw new Error(`${path} is no file`);
  return readFileSync(path, 'utf8');
}

/** The value of a key at the margin: null where it is not there, undefined where it is more than a plain word or path. */
function plainValue(text: string, key: string): string | null | undefined {
  const found = text.split('\n').filter((line) => line.startsWith(`${key}:`));
  if (found.length === 0) return null;
  const value = /^[\w-]+:\s+(['"]?)([\w./-]+)\1\s*(#.*)?$/.exec(found[0] ?? '')?.[2];
  return found.length === 1 ? value : undefined;
}

function isAlive(pid: number | null): boolean {
  if (pid === null) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is one all the same.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
