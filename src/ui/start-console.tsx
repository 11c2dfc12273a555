import {type Instance, render} from 'ink';
import type {ReactElement} from 'react';
import type {RunState} from '../domain/run/run-state.ts';
import type {WireClient} from '../engine/wire/client.ts';
import {App, type Lend} from './App.tsx';
import type {ActionContext, Outside, Terminal} from './binding/context.ts';
import type {Clock} from './clock.ts';
import {lastTop} from './draw/overlay.ts';
import {startFeed} from './feed.ts';
import {pressAll} from './keys/press.ts';
import {paste} from './keys/type-into.ts';
import {readOn} from './log/read.ts';
import {point} from './mouse/point.ts';
import {MOUSE} from './mouse/reports.ts';
import {withoutMouse} from './mouse/without-mouse.ts';
import {screenText} from './screen/screen-text.ts';
import {symbolsFor} from './screen/symbols.ts';
import {changeView, createConsoleStore} from './store/console-store.ts';
import {toastOf} from './store/view.ts';
import {type Taste, themeFor} from './theme.ts';

/** What a console is opened with. */
export interface ConsoleOptions extends Taste {
  readonly client: WireClient;
  /** Attached read-only: no key changes anything, for good. */
  readonly readOnly: boolean;
  readonly ascii: boolean;
  /** Whether the mouse is heard. */
  readonly mouse: boolean;
  readonly clock: Clock;
  /** What is said first, once: what the operator should know before he presses a key. Null for nothing. */
  readonly notice: string | null;
  /** Gives commands of ours in a text the configuration that this console was given. */
  readonly complete: (text: string) => string;
  readonly outside: Outside;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
}

/** Home, and everything below erased; erasing the whole would push the old screen into some terminals' history. */
const WIPE = '\u001b[H\u001b[J';
const BELL = '\u0007';
/** As long as two lines take to be read. */
const NOTICE_MS = 30_000;
/** A size that has not changed for this long is where the operator let go. */
const STILL_MS = 60;

/**
 * Shows the run on the terminal until the operator leaves; leaving, or losing the terminal, changes nothing in the run.
 * Resolves when the terminal is as it was, with the run as it was when it was last heard of; a new one if it never was.
 */
export async function startConsole(options: ConsoleOptions): Promise<RunState> {
  const {client, stdout, clock, mouse, readOnly, complete} = options;
  const store = createConsoleStore({...sizeOf(stdout), readOnly, nowMs: clock.now(), complete});
  const listen = (on: boolean): void => {
    if (mouse) stdout.write(on ? MOUSE.on : MOUSE.off);
  };
  if (options.notice !== null) changeView(store, {toast: toastOf(screenText(options.notice), 'warn', NOTICE_MS)});
  const ink: {app: Instance | null; lend: Lend} = {app: null, lend: async (to) => to()};
  const terminal: Terminal = {
    send: (sequence) => void stdout.write(sequence),
    repaint: () => {
      stdout.write(WIPE);
      ink.app?.clear();
      ink.app?.rerender(tree());
      // Not at Ink's next turn: what is wiped is drawn at once.
      ink.app?.waitUntilRenderFlush().catch(() => undefined);
    },
    lend: async (to) =>
      ink.lend(async () => {
        listen(false);
        await to().finally(() => listen(true));
      }),
    quit: () => ink.app?.unmount(),
    lastTop: (overlay) => lastTop(store.getState(), overlay, shown.symbols),
  };
  const ctx: ActionContext = {store, client, clock, outside: options.outside, terminal};
  const shown = {store, theme: themeFor(options), symbols: symbolsFor(options.ascii)};
  const stdin = mouse ? withoutMouse(options.stdin, (report) => point(ctx, report, shown.symbols)) : options.stdin;
  const onKeys = (keys: readonly string[]): void => pressAll(ctx, keys);
  const onPaste = (text: string): void => paste(ctx, text);
  const onReady = (lend: Lend): void => {
    ink.lend = lend;
  };
  const tree = (): ReactElement => (
    <App {...shown} onKeys={onKeys} onPaste={onPaste} onReady={onReady} onShown={listen} />
  );
  // Before Ink listens to the size itself: its frame must be that of the new size.
  const stopResizing = followSize(ctx, stdout);
  const stopFeed = startFeed({store, client, clock, ring: () => terminal.send(BELL), onTick: () => followLog(ctx)});
  ink.app = render(tree(), {
    stdout,
    stdin,
    alternateScreen: true,
    incrementalRendering: true,
    exitOnCtrlC: false,
    patchConsole: false,
    interactive: true,
  });
  try {
    await ink.app.waitUntilExit();
  } finally {
    stopFeed();
    stopResizing();
  }
  return store.getState().live.run;
}

function sizeOf(stdout: NodeJS.WriteStream): {columns: number; rows: number} {
  return {columns: stdout.columns || 80, rows: stdout.rows || 24};
}

// Between a resize and the frame for it, each terminal moves the old frame in another way, and Ink's next frame only writes what
// it believes has changed. Once the size has been still for a moment, everything is painted anew.
function followSize({store, clock, terminal}: ActionContext, stdout: NodeJS.WriteStream): () => void {
  let cancel: (() => void) | null = null;
  const onResize = (): void => {
    changeView(store, sizeOf(stdout));
    cancel?.();
    cancel = clock.every(STILL_MS, () => {
      cancel?.();
      terminal.repaint();
    });
  };
  stdout.on('resize', onResize);
  return () => {
    cancel?.();
    stdout.off('resize', onResize);
  };
}

function followLog(ctx: ActionContext): void {
  const log = ctx.store.getState().view.overlays.find((overlay) => overlay.kind === 'log');
  // A failed read shows as `unread`; the next tick tries again.
  if (log?.follow === true) readOn(ctx).catch(() => undefined);
}
