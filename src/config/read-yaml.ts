import {LineCounter, parseDocument, visit, type Document, type YAMLError} from 'yaml';

/** What is wrong in a text as YAML, where, and in words that hold what to write instead. */
export interface YamlProblem {
  readonly line: number;
  readonly col: number;
  readonly words: string;
}

/** A YAML text as it was read, or what is wrong with it. */
export type YamlRead =
  | {readonly content: unknown; readonly document: Document; readonly lines: LineCounter}
  | {readonly problems: readonly YamlProblem[]};

/** Reads one YAML document whose keys are text. Pure. */
export function readYaml(text: string): YamlRead {
  const lines = new LineCounter();
  const parsed = parsedOrNull(text, lines);
  if (parsed === null) return {problems: [{line: 1, col: 1, words: TOO_DEEP}]};
  const wrong = [...parsed.errors, ...parsed.warnings];
  // The first of them is the cause of those behind it; keys that are there twice have no consequences.
  const [first] = wrong;
  if (first !== undefined) {
    const twice = wrong.filter(({code}) => code === 'DUPLICATE_KEY');
    const shown = first.code === 'DUPLICATE_KEY' ? twice : [first];
    return {problems: shown.map((error) => explain(error, text, lines))};
  }
  const circle = circleIn(parsed, lines);
  if (circle !== null) return {problems: [circle]};
  try {
    return {content: parsed.toJS(), document: parsed, lines};
  } catch (error) {
    // An alias that has no anchor, or aliases of aliases that grow without bounds; both are ReferenceErrors.
    if (!(error instanceof ReferenceError)) throw error;
    return {problems: [aliasProblem(parsed, lines)]};
  }
}

const TOO_DEEP = 'the brackets are nested too deeply to be read: a configuration has at most four in each other';

function parsedOrNull(text: string, lines: LineCounter): Document | null {
  try {
    return parseDocument(text, {lineCounter: lines, stringKeys: true, prettyErrors: false});
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** In plain words, by the parser's code. What a code does not know is told in the parser's own words. */
const WORDS: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  MULTIPLE_DOCS: 'a second document begins here (after --- or ...): keep one, and take the line with the dashes out',
  TAB_AS_INDENT: 'the line begins with a tab: write spaces',
  BAD_INDENT:
    'the line is indented otherwise than those it belongs to, or a bracket above is open: give all keys of a section the same number of spaces, or close it',
  BLOCK_AS_IMPLICIT_KEY:
    'a second ": " is in the line, or the next line is indented without need: put a value that holds ": " in quotes',
  MULTILINE_IMPLICIT_KEY: 'words without a colon are not a key: write key: value',
  MISSING_CHAR: 'a quote, a bracket or the colon behind a key is missing, here or in the lines above: close it',
  BAD_SCALAR_START: 'a value begins with a character that YAML keeps for itself (@ ` %): put the value in quotes',
  BAD_DQ_ESCAPE: 'a backslash in double quotes begins an escape: use single quotes, or write it twice',
  BAD_DIRECTIVE: 'a line that begins with % is for YAML itself: take it out',
  TAG_RESOLVE_FAILED: 'a tag (!word) means nothing here: take it out',
  NON_STRING_KEY: 'a key is not text: put it in quotes',
  MULTIPLE_ANCHORS: 'a value has two anchors (&name): keep one',
  ALIAS_PROPS: 'an alias (*name) has an anchor or a tag: take that out',
  KEY_OVER_1024_CHARS: 'a key has more than 1024 characters: is a line break missing?',
  UNEXPECTED_TOKEN: 'a bracket or a word is here that nothing has opened: take it out',
  BLOCK_IN_FLOW: 'a list with dashes is inside of brackets: write [a, b]',
  RESOURCE_EXHAUSTION: TOO_DEEP,
};

function explain(error: YAMLError, text: string, lines: LineCounter): YamlProblem {
  const [start] = error.pos;
  const {line, col} = lines.linePos(start);
  if (error.code === 'DUPLICATE_KEY') {
    const key = /^[^\s:,{}[\]]+/.exec(text.slice(start))?.[0] ?? '';
    return {line, col, words: `${key}: the key is there twice in one section: keep one of the two`};
  }
  return {line, col, words: WORDS[error.code] ?? `${error.message}: mend that line`};
}

/** An alias inside of the value that it names: whoever follows it never ends. */
function circleIn(document: Document, lines: LineCounter): YamlProblem | null {
  let found: YamlProblem | null = null;
  visit(document, {
    Alias: (_, node, above) => {
      const named = node.resolve(document);
      if (named === undefined || !above.some((one) => one === named)) return;
      found ??= {
        ...lines.linePos(node.range?.[0] ?? 0),
        words: `*${node.source} is inside of what it names (&${node.source}): write the value itself`,
      };
    },
  });
  return found;
}

function aliasProblem(document: Document, lines: LineCounter): YamlProblem {
  const places: {readonly at: number; readonly name: string; readonly known: boolean}[] = [];
  visit(document, {
    Alias: (_, node) => {
      places.push({at: node.range?.[0] ?? 0, name: node.source, known: node.resolve(document) !== undefined});
    },
  });
  const unknown = places.find(({known}) => !known);
  const shown = unknown ?? places.at(0) ?? {at: 0, name: '', known: true};
  const words =
    unknown === undefined
      ? 'aliases of aliases (*name) grow without bounds: write the values out'
      : `*${shown.name} names no anchor above it: write the value itself, or put it in quotes if it is meant literally`;
  return {...lines.linePos(shown.at), words};
}
