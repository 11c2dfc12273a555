import type {Command, Planned} from '../../domain/run/command.ts';
import type {StepId} from '../../domain/run/step-id.ts';

/** What a question is about. Its words are made from the run as it is (question.ts), again with everything that is heard. */
export type Question =
  | {readonly about: 'confirm-step'; readonly step: StepId}
  | {readonly about: 'cancel-unit'; readonly unit: string}
  | {readonly about: 'pause-cdc' | 'resume-cdc' | 'kick-cdc'; readonly slot: string}
  | {readonly about: 'adopt-table'; readonly table: string}
  | {
      readonly about:
        | 'pause-all'
        | 'pause-replay'
        | 'resume-replay'
        | 'continue'
        | 'accept-differences'
        | 'release'
        | 'cdc-started'
        | 'end-comparison'
        | 'shutdown'
        | 'shutdown-lanes';
    };

/** The words of a question before something that touches a server or cannot be undone. */
export interface Dialog {
  readonly title: string;
  /** What will run, where, why, what is lost. A stake is what a yes agrees to; the others are figures that may change. */
  readonly facts: readonly {readonly label: string; readonly text: string; readonly stake?: true}[];
  /** The exact SQL and commands, in order, where the journal has them; null where the supervisor is asked for what `command` would do. */
  readonly runs: readonly string[] | null;
  /** Null asks y/n with No as default; else this has to be typed. */
  readonly expect: string | null;
  /** What `expect` is: `the run's name`. */
  readonly expectIs: string;
  readonly command: Command;
}

/** A plan that the supervisor was asked for; each question is one object. */
export interface Asked {
  readonly ok: 'asked';
}

/** A row of a log: the line, and the row within it where it is wrapped. */
export interface LogPlace {
  readonly line: number;
  readonly row: number;
}

/** The log of a unit, read in pieces. */
export interface LogView {
  readonly kind: 'log';
  readonly unit: string;
  readonly title: string;
  /** `unread` while the last attempt to read it has failed; what was read before is kept. */
  readonly status: 'loading' | 'ready' | 'not started' | 'unread';
  /** Whose log it is; null before the first piece. */
  readonly attempt: number | null;
  /** Lines that are safe on a screen; the newest few thousand. */
  readonly lines: readonly string[];
  /** What has come of the line that is not whole yet, as it came. */
  readonly begun: string;
  /** Whether `lines` begin with the first line of the log. */
  readonly isWhole: boolean;
  /** The byte that is read next; negative before the first piece. */
  readonly end: number;
  readonly follow: boolean;
  readonly wrap: boolean;
  /** First row on screen while it does not follow. */
  readonly first: LogPlace;
  readonly search: string;
}

/** What covers the panes. The last of the list has the keys; Esc takes it away. */
export type Overlay =
  | {readonly kind: 'help'; readonly top: number}
  | {readonly kind: 'findings'; readonly top: number}
  | {readonly kind: 'cutover'; readonly top: number}
  | {readonly kind: 'detail'; readonly pane: string; readonly id: string; readonly top: number}
  | {readonly kind: 'palette'; readonly typed: string; readonly chosen: number}
  | {readonly kind: 'filter'; readonly pane: string; readonly typed: string; readonly before: string}
  | {readonly kind: 'search'; readonly typed: string}
  | {
      readonly kind: 'dialog';
      readonly question: Question;
      readonly dialog: Dialog;
      /** What the supervisor said that the command would do; null before it was asked. */
      readonly planned: Planned | Asked | null;
      readonly typed: string;
      readonly top: number;
      readonly wrong: boolean;
      /** `changed` once it has come to ask something else while it was open; `over` once there is nothing to ask any more. */
      readonly status: 'asked' | 'changed' | 'over';
    }
  | LogView;
