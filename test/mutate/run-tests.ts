import {spawn} from 'node:child_process';
import {join} from 'node:path';

/** Tests with real servers, as vitest.config.ts has them. */
export function needsServers(test: string): boolean {
  return test.endsWith('.pg.test.ts') || test.startsWith('test/e2e/');
}

const running = new Set<number>();

/** Ends the tests that run, with all that they have started in their group. */
export function endRunning(): void {
  for (const pid of running) endGroup(pid);
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended at this moment.
  }
}

/** How test files ended in a copy of the tree. */
export interface Tried {
  readonly passed: boolean;
  /** What vitest said. */
  readonly output: string;
}

/** Nothing of ours takes so long; what hangs because of a mutation is noticed by that. */
const LIMIT_MS = 600_000;

/** Builds the copy where the tests run what is built, and runs them until the first that fails. */
export async function runTests(copy: string, tests: readonly string[], {all = false} = {}): Promise<Tried> {
  if (tests.some(needsServers)) {
    const built = await run(copy, 'sh', ['-c', 'PATH=$PWD/node_modules/.bin:$PATH npm run -s build']);
    // Types do not matter: the compiler writes what it has read all the same.
    if (!built.passed && /error TS1\d{3}:/.test(built.output)) return built;
  }
  const vitest = join(copy, 'node_modules', 'vitest', 'vitest.mjs');
  return run(copy, process.execPath, [vitest, 'run', ...(all ? [] : ['--bail', '1']), ...tests]);
}

async function run(cwd: string, program: string, args: readonly string[]): Promise<Tried> {
  // A group of its own, so that what hangs is ended with its children.
  const child = spawn(program, args, {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {...process.env, CI: 'true', NO_COLOR: '1'},
  });
  if (child.pid !== undefined) running.add(child.pid);
  const pieces: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => pieces.push(piece));
  const late = setTimeout(() => endGroup(child.pid), LIMIT_MS);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  clearTimeout(late);
  running.delete(child.pid ?? 0);
  return {passed: code === 0, output: Buffer.concat(pieces).toString('utf8')};
}
