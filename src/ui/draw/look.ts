import type {Symbols} from '../screen/symbols.ts';

/** What a pane needs to know to draw its rows: room inside its frame, the selected row's id and the signs. */
export interface Look {
  readonly width: number;
  readonly height: number;
  /** Null when nothing is selected. */
  readonly selected: string | null;
  readonly focused: boolean;
  readonly marks: ReadonlySet<string>;
  readonly symbols: Symbols;
}
