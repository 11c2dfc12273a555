import type {Tone} from '../screen/span.ts';
import type {Overlay} from './overlay.ts';

/** A message for a few seconds. */
export interface Toast {
  readonly text: string;
  readonly tone: Tone;
  readonly forMs: number;
  /** Counted from the tick that first shows it; null before. */
  readonly untilMs: number | null;
}

/** A message for a few seconds, longer where it is long; or for as long as is said. */
export function toastOf(text: string, tone: Tone = 'plain', forMs = 4000 + text.length * 30): Toast {
  return {text, tone, forMs, untilMs: null};
}

/** What the operator has chosen to see. Nothing in here changes the run. */
export interface View {
  readonly columns: number;
  readonly rows: number;
  /** The pane that has the keys, by its id; so are the records below. */
  readonly pane: string;
  readonly zoomed: boolean;
  /** The selected row's id; null or none is the row that the pane chooses. */
  readonly selected: Readonly<Record<string, string | null>>;
  readonly filters: Readonly<Record<string, string>>;
  /** Names of orders; none is the usual one. */
  readonly orders: Readonly<Record<string, string>>;
  /** Ids of marked lanes. */
  readonly marks: ReadonlySet<string>;
  readonly overlays: readonly Overlay[];
  readonly toast: Toast | null;
  readonly readOnly: boolean;
  /** Attached read-only: the supervisor refuses commands, so that ctrl-r cannot end it. */
  readonly readOnlyForGood: boolean;
  readonly tickMs: number;
}

/** The view when the console opens. */
export function firstView(options: {columns: number; rows: number; readOnly: boolean}): View {
  return {
    columns: options.columns,
    rows: options.rows,
    pane: 'lanes',
    zoomed: false,
    selected: {},
    filters: {},
    orders: {},
    marks: new Set(),
    overlays: [],
    toast: null,
    readOnly: options.readOnly,
    readOnlyForGood: options.readOnly,
    tickMs: 500,
  };
}
