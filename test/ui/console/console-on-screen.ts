import type {LogPiece} from '../../../src/domain/run/log-piece.ts';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import {reduceAll} from '../../../src/domain/run/reduce.ts';
import type {RunState} from '../../../src/domain/run/run-state.ts';
import type {Command, Planned, Reply} from '../../../src/domain/run/command.ts';
import type {RunFacts} from '../../../src/engine/wire/protocol.ts';
import type {ClientEvent, WireClient} from '../../../src/engine/wire/client.ts';
import type {Outside} from '../../../src/ui/binding/context.ts';
import {withConfig} from '../../../src/cli/say.ts';
import {startConsole} from '../../../src/ui/start-console.tsx';
import {readingsAt} from '../fixtures/acme-readings.ts';
import {FACTS, journal, LOADING, LOADING_STATE, NOW} from '../fixtures/acme-run.ts';
import {fakeTerminal, type FakeTerminal} from '../fixtures/screen.ts';

/** A console on a terminal in memory, with a supervisor that says what the test says. */
export interface OnScreen extends FakeTerminal {
  /** Lets the console hear something. */
  say(event: ClientEvent): void;
  /** Lets the run go on by these events, and a tick pass. */
  happen(...events: readonly RunEvent[]): void;
  /** Sets the clock back. */
  setBack(ms: number): void;
  /** Lets time pass, with its ticks. */
  pass(ms: number): void;
  /** What the console has asked of the supervisor. */
  readonly orders: Command[];
  /** What it has asked the plan of. */
  readonly plans: Command[];
  /** Waits until the screen has the text; fails with the screen when it does not come. */
  waitFor(text: string | RegExp): Promise<string>;
  waitForNo(text: string): Promise<string>;
  /** What was copied last, as OSC 52 has it. */
  copied(): string;
  readonly left: Promise<RunState>;
}

interface Options {
  readonly columns?: number;
  readonly rows?: number;
  readonly readOnly?: boolean;
  readonly notice?: string;
  /** The configuration that the console was given; the usual one where it is not there. */
  readonly config?: string;
  readonly ascii?: boolean;
  /** None, unless they are wanted. */
  readonly colours?: 'dark' | 'light';
  readonly mouse?: boolean;
  readonly silent?: boolean;
  /** A piece of the log; `attempt` is the first and `size` is `end` where they are not given. */
  readonly log?: (from: number) => (Omit<LogPiece, 'size'> & {size?: number; attempt?: number}) | 'not started' | null;
  readonly reply?: (command: Command) => Reply;
  /** What the supervisor says that a command would do: `engine’s plan of TYPE`, where it is not given. */
  readonly plan?: (command: Command) => Planned | Promise<Planned>;
  readonly outside?: Outside;
}

/** Opens a console; unless `silent`, on the run in the middle of its load. */
export async function consoleOnScreen(options: Options = {}): Promise<OnScreen> {
  // Ink listens to the process once per console.
  process.setMaxListeners(50);
  const terminal = fakeTerminal(options.columns ?? 80, options.rows ?? 24);
  const listeners = new Set<(event: ClientEvent) => void>();
  const orders: Command[] = [];
  const plans: Command[] = [];
  const pulses = new Set<() => void>();
  let now = NOW;
  const client: WireClient = {
    on: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    send: async (command) => {
      orders.push(command);
      return options.reply?.(command) ?? {ok: true, message: `${command.type} done`};
    },
    plan: async (command) => {
      plans.push(command);
      return (
        options.plan?.(command) ?? {ok: true, actions: [{on: 'replica', text: `engine’s plan of ${command.type}`}]}
      );
    },
    readLog: async (_, from) => {
      const piece = options.log?.(from) ?? 'no connection';
      return typeof piece === 'string' ? piece : {attempt: 1, size: piece.end, ...piece};
    },
    close: () => undefined,
  };
  let seq = 0;
  const say = (event: ClientEvent): void => {
    if (event.type === 'snapshot') ({seq} = event.state);
    listeners.forEach((listener) => listener(event));
  };
  const left = startConsole({
    client,
    readOnly: options.readOnly ?? false,
    notice: options.notice ?? null,
    complete: (text) => withConfig({configPath: options.config ?? 'longhaul.yaml'}, text),
    ascii: options.ascii ?? false,
    noColor: options.colours === undefined,
    theme: options.colours ?? 'dark',
    colours: 256,
    mouse: options.mouse ?? false,
    clock: {
      now: () => now,
      every: (_, run) => {
        pulses.add(run);
        return () => pulses.delete(run);
      },
    },
    outside: options.outside ?? {writeReport: null, showLog: null},
    stdin: terminal.stdin,
    stdout: terminal.stdout,
  });
  const pass = (ms: number): void => {
    for (let gone = 0; gone < ms; gone += 250) {
      now += 250;
      pulses.forEach((pulse) => pulse());
    }
  };
  if (options.silent !== true) {
    say({type: 'connected', at: new Date(now).toISOString()});
    say({type: 'hello', protocol: 2, pid: 4242, facts: FACTS});
    say({type: 'snapshot', state: LOADING_STATE, events: LOADING, readings: readingsAt(NOW - 60_000)});
    for (let ago = 120; ago >= 0; ago -= 10)
      for (const reading of readingsAt(NOW - ago * 1000)) say({type: 'reading', reading});
    pass(500);
  }
  let failure: Error | null = null;
  left.catch((error: unknown) => {
    failure = error instanceof Error ? error : new Error(String(error));
  });
  const until = async (met: (screen: string) => boolean, what: string): Promise<string> => {
    let screen = '';
    for (let tries = 0; tries < 100; tries += 1) {
      screen = (await terminal.rows()).join('\n');
      if (failure !== null) throw failure;
      if (met(screen)) return screen;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`${what}:\n${screen}`);
  };
  if (options.silent !== true) await until((screen) => screen.includes('acme-prod'), 'the run never came');
  return {
    ...terminal,
    say,
    happen: (...events) => {
      for (const entry of journal(events, seq + 1)) say({type: 'event', entry});
      seq += events.length;
      pass(500);
    },
    setBack: (ms) => {
      now -= ms;
    },
    pass,
    orders,
    plans,
    copied: () => {
      const sequence = terminal.written().split('\u001b]52;c;').at(-1) ?? '';
      return Buffer.from(sequence.split('\u0007')[0] ?? '', 'base64').toString();
    },
    left,
    waitFor: async (text) =>
      until(
        (screen) => (typeof text === 'string' ? screen.includes(text) : text.test(screen)),
        `not on the screen: ${text}`,
      ),
    waitForNo: async (text) => until((screen) => !screen.includes(text), `still on the screen: ${text}`),
  };
}

/** A console on a run that has come so far, and of which nothing was read yet. */
export async function consoleAt(events: readonly RunEvent[]): Promise<OnScreen> {
  const console = await consoleOnScreen({silent: true});
  sayRun(console, events);
  return console;
}

/** Lets the console hear of a supervisor whose run has come so far. */
export function sayRun(console: OnScreen, events: readonly RunEvent[], facts: RunFacts = FACTS): void {
  const entries = journal(events);
  console.say({type: 'hello', protocol: 2, pid: 4242, facts});
  console.say({type: 'snapshot', state: reduceAll(entries), events: entries, readings: []});
}
