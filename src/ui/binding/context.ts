import type {WireClient} from '../../engine/wire/client.ts';
import type {Clock} from '../clock.ts';
import type {ConsoleStore} from '../store/console-store.ts';
import type {Overlay} from '../store/overlay.ts';

/** What the command that started the console does for it; null where it does not. */
export interface Outside {
  /** Writes the run's report and gives its path. */
  readonly writeReport: (() => Promise<string>) | null;
  /** Shows the unit's whole log in a pager that takes the terminal; resolves when it is left. */
  readonly showLog: ((unit: string) => Promise<void>) | null;
}

/** The terminal, for what is no row of the screen. */
export interface Terminal {
  /** Writes an escape sequence that moves nothing: the bell, OSC 52. */
  readonly send: (sequence: string) => void;
  readonly repaint: () => void;
  /** Hands the terminal over and takes it back afterwards. */
  readonly lend: (to: () => Promise<void>) => Promise<void>;
  readonly quit: () => void;
  /** How far what covers the panes can be scrolled. */
  readonly lastTop: (overlay: Overlay) => number;
}

/** Everything that a key works with. */
export interface ActionContext {
  readonly store: ConsoleStore;
  readonly client: WireClient;
  readonly clock: Clock;
  readonly outside: Outside;
  readonly terminal: Terminal;
}
