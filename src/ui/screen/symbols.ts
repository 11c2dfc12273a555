/** The signs that the console draws with. Every state has its own sign, so that nothing depends on colour. */
export interface Symbols {
  /** Whether the terminal has no others: text from servers is written in ASCII too. */
  readonly ascii: boolean;
  readonly running: string;
  readonly paused: string;
  readonly failed: string;
  readonly done: string;
  readonly pending: string;
  readonly waiting: string;
  readonly skipped: string;
  readonly warning: string;
  readonly live: string;
  readonly cursor: string;
  readonly up: string;
  readonly down: string;
  readonly flat: string;
  /** A trend that is not known yet. */
  readonly unknown: string;
  readonly enter: string;
  readonly full: string;
  readonly empty: string;
  /** Eight heights, lowest first. */
  readonly spark: string;
  readonly horizontal: string;
  readonly vertical: string;
  readonly corners: {
    readonly topLeft: string;
    readonly topRight: string;
    readonly bottomLeft: string;
    readonly bottomRight: string;
  };
}

const UNICODE: Symbols = {
  ascii: false,
  running: '▶',
  paused: '‖',
  failed: '✗',
  done: '✓',
  pending: '○',
  waiting: '?',
  skipped: '–',
  warning: '⚠',
  live: '●',
  cursor: '▌',
  up: '▲',
  down: '▼',
  flat: '–',
  unknown: '·',
  enter: '⏎',
  full: '█',
  empty: '░',
  spark: '▁▂▃▄▅▆▇█',
  horizontal: '─',
  vertical: '│',
  corners: {topLeft: '┌', topRight: '┐', bottomLeft: '└', bottomRight: '┘'},
};

const ASCII: Symbols = {
  ascii: true,
  running: '>',
  paused: '=',
  failed: 'x',
  done: 'v',
  pending: 'o',
  waiting: '?',
  skipped: '-',
  warning: '!',
  live: '*',
  cursor: '|',
  up: '^',
  down: 'v',
  flat: '-',
  unknown: '.',
  enter: 'Enter',
  full: '#',
  empty: '.',
  spark: '_.,-~=+#',
  horizontal: '-',
  vertical: '|',
  corners: {topLeft: '+', topRight: '+', bottomLeft: '+', bottomRight: '+'},
};

/** The signs for a terminal that has Unicode, or for one that has not. */
export function symbolsFor(ascii: boolean): Symbols {
  return ascii ? ASCII : UNICODE;
}
