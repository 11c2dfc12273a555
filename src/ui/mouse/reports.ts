/** What the mouse did, and at which cell of the screen, from 0. */
export interface MouseReport {
  readonly did: 'click' | 'wheel up' | 'wheel down';
  readonly x: number;
  readonly y: number;
}

/**
 * Asks the terminal to report buttons and the wheel (1000), in the form that has no limit of columns (1006), and to do so no more.
 * Source: https://invisible-island.net/xterm/ctlseqs/ctlseqs.html#h2-Mouse-Tracking
 */
export const MOUSE = {on: '\u001b[?1000h\u001b[?1006h', off: '\u001b[?1006l\u001b[?1000l'} as const;

const ESC = '\u001b';
const PASTE_BEGINS = `${ESC}[200~`;
const PASTE_ENDS = `${ESC}[201~`;
const REPORT = new RegExp(String.raw`^${ESC}\[<(\d{1,3});(\d{1,5});(\d{1,5})([Mm])`);
/** The beginning of a report or of the marker of a paste, which no key begins with. */
const BEGUN = new RegExp(String.raw`^${ESC}\[(<[\d;]{0,15}|20{0,2})$`);

/** The next thing in what a terminal sends, and how many characters of it that is; null where more has to come first. */
type Next = {
  readonly length: number;
  readonly is: 'text' | 'paste begins' | 'paste ends' | MouseReport | 'nothing';
} | null;

/**
 * Takes the mouse's reports out of what a terminal sends, piece by piece; the rest stays as it is, in its order. What is pasted is text, whatever
 * is in it. A click is a press of the left button alone; all else that the mouse does is dropped.
 */
export function mouseReader(): (piece: string) => readonly (string | MouseReport)[] {
  let held = '';
  let passed = '';
  let pasting = false;
  return (piece) => {
    const found: (string | MouseReport)[] = [];
    let text = held + piece;
    // An Esc at the end of a piece may be the key: it was passed on, and may have begun a paste all the same.
    if (passed !== '' && (passed + text).startsWith(PASTE_BEGINS)) pasting = true;
    let plain = '';
    for (let next = nextOf(text, pasting); next !== null; next = nextOf(text, pasting)) {
      if (next.is === 'text' || next.is === 'paste begins' || next.is === 'paste ends') {
        plain += text.slice(0, next.length);
        if (next.is !== 'text') pasting = next.is === 'paste begins';
      } else if (next.is !== 'nothing') {
        found.push(plain, next.is);
        plain = '';
      }
      text = text.slice(next.length);
    }
    held = text;
    passed = pasting ? '' : begunAtEnd(passed + plain, PASTE_BEGINS);
    return [...found, plain].filter((one) => one !== '');
  };
}

function nextOf(text: string, pasting: boolean): Next {
  if (text === '') return null;
  if (pasting) return nextOfPaste(text);
  const escape = text.indexOf(ESC);
  if (escape !== 0) return {length: escape === -1 ? text.length : escape, is: 'text'};
  const report = REPORT.exec(text);
  if (report !== null) return {length: report[0].length, is: whatItDid(report)};
  if (text.startsWith(PASTE_BEGINS)) return {length: PASTE_BEGINS.length, is: 'paste begins'};
  return BEGUN.test(text) ? null : {length: 1, is: 'text'};
}

function nextOfPaste(text: string): Next {
  const end = text.indexOf(PASTE_ENDS);
  if (end !== -1) return {length: end + PASTE_ENDS.length, is: 'paste ends'};
  const begun = begunAtEnd(text, PASTE_ENDS).length;
  return text.length === begun ? null : {length: text.length - begun, is: 'text'};
}

/** The end of the text that the marker may begin with; empty where there is none. */
function begunAtEnd(text: string, marker: string): string {
  for (let length = marker.length - 1; length > 0; length -= 1)
    if (text.endsWith(marker.slice(0, length))) return marker.slice(0, length);
  return '';
}

function whatItDid([, button, x, y, end]: RegExpExecArray): MouseReport | 'nothing' {
  const at = {x: Number(x) - 1, y: Number(y) - 1};
  if (button === '64') return {did: 'wheel up', ...at};
  if (button === '65') return {did: 'wheel down', ...at};
  return button === '0' && end === 'M' ? {did: 'click', ...at} : 'nothing';
}
