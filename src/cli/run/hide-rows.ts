import {mayQuoteRows} from '../../domain/base/without-rows.ts';

/** What is put in the place of words that may quote a row. */
const HIDDEN = '[may quote a row: --rows shows it]';

/** What begins a message of psql or pg_dump; everything up to the next of them belongs to it. */
const HEAD =
  /^((?:psql:[^:]*(?::\d+)?: |pg_dump: )?)(ERROR|FATAL|PANIC|WARNING|NOTICE|INFO|LOG|DETAIL|HINT|QUERY|STATEMENT|CONTEXT|LOCATION|LINE \d+|error|warning|detail|hint|info): *(.*)$/;

type Hide = (line: string) => string | null;

/**
 * Takes what may be rows out of a lane's log, line by line: values that the server quotes in ERROR, DETAIL, CONTEXT and QUERY. Statements,
 * tables, lines, columns and counts stay. Null is a line that goes: the rest of a value that had more than one.
 */
export function rowHider(): Hide {
  let sqlstate = '';
  let hides = false;
  return (line) => {
    const [, tool = '', kind = '', words = ''] = HEAD.exec(line) ?? [];
    if (kind === '') return hides ? null : line;
    if (/^(ERROR|FATAL|PANIC|WARNING|NOTICE|INFO|LOG)$/.test(kind))
      sqlstate = /^[0-9A-Z]{5}(?=: )/.exec(words)?.[0] ?? '';
    const shown = shownOf(kind, words, sqlstate);
    // What follows on the next lines is as this one was.
    hides = shown !== words;
    return shown === words ? line : `${tool}${kind}:  ${shown}`;
  };
}

function shownOf(kind: string, words: string, sqlstate: string): string {
  switch (kind) {
    case 'CONTEXT':
      return contextOf(words);
    case 'DETAIL':
      return detailOf(words, sqlstate);
    case 'QUERY':
    case 'STATEMENT':
      return HIDDEN;
    case 'HINT':
    case 'LOCATION':
    case 'error':
    case 'warning':
    case 'detail':
    case 'hint':
    case 'info':
      return words;
    default:
      return kind.startsWith('LINE') ? HIDDEN : messageOf(words, sqlstate);
  }
}

/** Where it was, without what was there: `COPY events, line 3, column note`. */
function contextOf(words: string): string {
  const copy = /^(COPY .+?, line \d+(?:, column [^:]+)?)(:.*)?$/.exec(words);
  if (copy !== null) return copy[2] === undefined ? words : `${copy[1] ?? ''}: ${HIDDEN}`;
  return /^(PL\/pgSQL|SQL) function [^"]*$/.test(words) ? words : HIDDEN;
}

function detailOf(words: string, sqlstate: string): string {
  const key = /^(Key \([^=]*\)=)\(.*\)( .*)?$/.exec(words);
  if (key !== null) return `${key[1] ?? ''}(…)${key[2] ?? ''} ${HIDDEN}`;
  return sqlstate === '' || mayQuoteRows(sqlstate) ? HIDDEN : words;
}

function messageOf(words: string, sqlstate: string): string {
  // What breaks a constraint is in the DETAIL.
  if (sqlstate === '' || sqlstate.startsWith('23') || !mayQuoteRows(sqlstate)) return words;
  // Data exceptions say what was wrong with which value.
  if (!sqlstate.startsWith('22')) return `${sqlstate}: ${HIDDEN}`;
  const shown = words.replace(/".*"?/, '"…"').replace(/\b0x[0-9a-f].*$/, '…');
  return shown === words ? words : `${shown} ${HIDDEN}`;
}
