import {spawn, type ChildProcess, type StdioOptions} from 'node:child_process';
import {Socket} from 'node:net';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {printable} from '../../domain/base/printable.ts';

/** How an operator's command is run. */
export interface CommandOptions {
  /** What it is for, in the message when it fails: `disks.source.command`. */
  readonly what: string;
  readonly timeoutMs: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted when nobody waits for it any more: it is killed, as when the time is up. */
  readonly signal?: AbortSignal;
  /** It is killed with this process as well, however that ends: whoever comes next takes back what it does, and must not be overtaken by it. */
  readonly endsWithUs?: true;
}

/** Runs the command beside a reader of fd 3, of which this process holds the other end: at its end the whole group is killed. */
const WITH_US =
  '"$@" 3<&- & child=$!; (read -r _ <&3; kill -9 0) & watch=$!; wait $child; code=$?; kill -9 $watch; exit $code';

/** The last is fd 3. */
const WITH_A_LIFELINE: StdioOptions = ['ignore', 'pipe', 'pipe', 'pipe'];

const MOST_OUTPUT = 64 * 1024;

/**
 * Runs a command of the operator's to its end, without a shell: nothing in a name or a value is ever interpreted. It gets a process
 * own group, which is killed as a whole when the time is up. Its own exit decides: what it leaves behind, as a daemon or the shared connection of an ssh, may hold its output open for ever, and is left
 * alone. Gives its standard output, at most 64 kB; throws a LonghaulError with its last words when it fails.
 */
export async function runCommand(command: readonly string[], options: CommandOptions): Promise<string> {
  const [program = '', ...args] = options.endsWithUs === true ? ['sh', '-c', WITH_US, 'longhaul', ...command] : command;
  const how = {detached: true, env: inherited(options.env)} as const;
  const child =
    options.endsWithUs === true
      ? spawn(program, args, {...how, stdio: WITH_A_LIFELINE})
      : spawn(program, args, {...how, stdio: ['ignore', 'pipe', 'pipe']});
  const {stdout, stderr} = child;
  if (stdout === null || stderr === null) throw new Error('bug: both are pipes');
  const out: Buffer[] = [];
  const errors: Buffer[] = [];
  collect(stdout, out);
  collect(stderr, errors);
  const isRead = whenClosed(child);
  const end = (): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended between the clock and the signal.
    }
    // A grandchild that left the group may hold the pipes open for ever.
    stdout.destroy();
    stderr.destroy();
  };
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    end();
  }, options.timeoutMs);
  options.signal?.addEventListener('abort', end, {once: true});
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', resolve);
    });
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', end);
    if (!(await within(MOMENT_MS, isRead))) for (const stream of [stdout, stderr]) readOn(stream);
    if (code !== 0 || late) throw failure(options, late ? 'it did not end in time' : lastWords(errors, code));
    return Buffer.concat(out).toString('utf8');
  } catch (error) {
    if (error instanceof LonghaulError) throw error;
    throw failure(options, error instanceof Error ? error.message : String(error));
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', end);
  }
}

/** What it has written by its end is in the pipes, and read at once; they are closed by then but for those that somebody else has. */
const MOMENT_MS = 250;

async function whenClosed(child: ChildProcess): Promise<true> {
  return new Promise((resolve) => {
    child.once('close', () => resolve(true));
  });
}

async function within(ms: number, awaited: Promise<true>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([awaited, over]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whoever writes there next would be ended by a closed pipe; this process waits for none of it. */
function readOn(stream: NodeJS.ReadableStream): void {
  stream.removeAllListeners('data');
  stream.resume();
  if (stream instanceof Socket) stream.unref();
}

function collect(stream: NodeJS.ReadableStream, into: Buffer[]): void {
  let size = 0;
  stream.on('data', (piece: Buffer) => {
    // What is over the limit is read and forgotten: a command that is not read from would hang.
    if (size < MOST_OUTPUT) into.push(piece.subarray(0, MOST_OUTPUT - size));
    size += piece.length;
  });
  stream.on('error', () => undefined);
}

/** Longhaul's and libpq's passwords are no business of a script for disks or pagers. */
function inherited(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value === undefined || /PASSWORD/.test(name) ? [] : [[name, value.replaceAll('\0', '')]],
    ),
  );
}

function lastWords(errors: readonly Buffer[], code: number | null): string {
  const words = Buffer.concat(errors).toString('utf8').trim().split('\n').slice(-3).join(' / ');
  return `it ended with ${code ?? 'a signal'}${words === '' ? '' : `: ${printable(words)}`}`;
}

function failure({what}: CommandOptions, why: string): LonghaulError {
  return new LonghaulError({
    code: 'failed',
    message: `${what}: ${why}`,
    remedy: `run the command of ${what} in longhaul.yaml by hand, as the user that runs longhaul`,
  });
}
