import {screenText} from '../screen/screen-text.ts';

/** One fact of a detail; an empty label continues the fact above. */
export interface Fact {
  readonly label: string;
  readonly text: string;
}

/** Everything that is known of one row. */
export interface Detail {
  readonly title: string;
  readonly facts: readonly Fact[];
}

/** A fact whose texts may be shown on a screen, wherever they come from. */
export function fact(label: string, text: string): Fact {
  return {label: screenText(label), text: screenText(text)};
}
