/** What a piece of text means; theme.ts has its colour. Never the only carrier of a meaning: a sign or a word goes with it. */
export type Tone = 'plain' | 'dim' | 'strong' | 'good' | 'warn' | 'bad' | 'accent';

/** A piece of one line in one tone. */
export interface Span {
  readonly text: string;
  readonly tone: Tone;
}

/** One row of the screen, or of a pane. */
export type Line = readonly Span[];

/** A span; plain where no tone is given. */
export function span(text: string, tone: Tone = 'plain'): Span {
  return {text, tone};
}

/** Whether both lines are drawn alike. */
export function sameLine(a: Line, b: Line): boolean {
  return (
    a === b || (a.length === b.length && a.every((part, i) => part.text === b[i]?.text && part.tone === b[i].tone))
  );
}
