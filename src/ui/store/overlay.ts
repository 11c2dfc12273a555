import type {Command} from '../../domain/command.ts';
import type {PaneId} from './pane.ts';

/** A question before something that touches a server or cannot be undone. */
export interface Dialog {
  readonly title: string;
  /** What will run, where, why, what is lost: label and text. */
  readonly facts: readonly {readonly label: string; readonly text: string}[];
  /** The exact SQL and commands, in order. */
  readonly runs: readonly string[];
  /** Null asks y/n with No as default; else this has to be typed. */
  readonly expect: string | null;
  /** What `expect` is: `the run's name`. */
  readonly expectIs: string;
  readonly command: Command;
}

/** The log of a unit, read in pieces. */
export interface LogView {
  readonly kind: 'log';
  readonly unit: string;
  readonly title: string;
  readonly status: 'loading' | 'ready' | 'gone';
  /** At most the last 256 kB. */
  readonly text: string;
  /** The byte that is read next. */
  readonly end: number;
  readonly follow: boolean;
  readonly wrap: boolean;
  /** First row on screen while it does not follow. */
  readonly top: number;
  readonly search: string;
}

/** What covers the panes. The last of the list has the keys; Esc takes it away. */
export type Overlay =
  | {readonly kind: 'help'; readonly top: number}
  | {readonly kind: 'findings'; readonly top: number}
  | {readonly kind: 'detail'; readonly pane: PaneId; readonly id: string; readonly top: number}
  | {readonly kind: 'palette'; readonly typed: string; readonly chosen: number}
  | {readonly kind: 'filter'; readonly pane: PaneId; readonly typed: string; readonly before: string}
  | {readonly kind: 'search'; readonly typed: string}
  | {
      readonly kind: 'dialog';
      readonly dialog: Dialog;
      readonly typed: string;
      readonly top: number;
      readonly wrong: boolean;
    }
  | LogView;
