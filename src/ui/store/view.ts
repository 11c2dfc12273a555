import type {Tone} from '../screen/span.ts';
import type {LaneOrder} from '../panes/lanes.ts';
import type {SlotOrder} from '../panes/slots.ts';
import type {Overlay} from './overlay.ts';
import type {PaneId} from './pane.ts';

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

/** How the operator looks at the run. Nothing in here changes the run. */
export interface View {
  readonly columns: number;
  readonly rows: number;
  readonly pane: PaneId;
  readonly zoomed: boolean;
  /** The selected row's id in every pane; null is the first row. */
  readonly selected: Readonly<Record<PaneId, string | null>>;
  readonly filters: Readonly<Record<PaneId, string>>;
  readonly laneOrder: LaneOrder;
  readonly slotOrder: SlotOrder;
  /** Ids of marked lanes. */
  readonly marks: ReadonlySet<string>;
  readonly overlays: readonly Overlay[];
  readonly toast: Toast | null;
  readonly readOnly: boolean;
  /** Attached read-only: the supervisor refuses commands, so that ctrl-r cannot end it. */
  readonly readOnlyForGood: boolean;
  readonly tickMs: number;
}

const NONE = {steps: null, lanes: null, slots: null, storage: null, events: null};
const NO_FILTER = {steps: '', lanes: '', slots: '', storage: '', events: ''};

/** The look at a run when the console opens. */
export function firstView(options: {columns: number; rows: number; readOnly: boolean}): View {
  return {
    columns: options.columns,
    rows: options.rows,
    pane: 'lanes',
    zoomed: false,
    selected: NONE,
    filters: NO_FILTER,
    laneOrder: 'lane',
    slotOrder: 'retained',
    marks: new Set(),
    overlays: [],
    toast: null,
    readOnly: options.readOnly,
    readOnlyForGood: options.readOnly,
    tickMs: 500,
  };
}
