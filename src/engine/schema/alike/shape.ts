import {quoteRelation, type RelationName} from '../../../domain/pg/relation.ts';
import type {EntryText} from './entry-texts.ts';

/** A name as pg_dump and the server write it; what holds anything else is in double quotes. */
const PLAIN = '"(?:[^"]|"")*"|[a-z_][a-z0-9_]*';
const NAME = `(${PLAIN})`;
/** A schema and a name in it: three groups, of which the dot is one. */
const QUALIFIED = `${NAME}([.])${NAME}`;
const COLUMN = `(?:${PLAIN})`;
const COLUMNS = `[(]${COLUMN}(?:, ${COLUMN})*[)]`;

/** Groups by turns: words, a name, words, a name, words. */
function form(...parts: readonly string[]): RegExp {
  return new RegExp(`^${parts.join('')}$`);
}

/**
 * How pg_dump writes what a table consists of, by the kind of the entry. The words are compared to the letter, the names by what they have to do
 * with the table's. What is written in another way is like nothing else.
 */
const FORMS: Readonly<Record<string, readonly RegExp[]>> = {
  TABLE: [form('(CREATE (?:UNLOGGED )?TABLE )', QUALIFIED, '( [(]\n[^]*)')],
  SEQUENCE: [
    form('(CREATE SEQUENCE )', QUALIFIED, '(\n[^]*)'),
    form(
      '(ALTER TABLE )',
      QUALIFIED,
      `( ALTER COLUMN ${COLUMN} ADD GENERATED [A-Z ]+ AS IDENTITY [(]\n    SEQUENCE NAME )`,
      QUALIFIED,
      '(\n[^]*)',
    ),
  ],
  'SEQUENCE OWNED BY': [form('(ALTER SEQUENCE )', QUALIFIED, '( OWNED BY )', QUALIFIED, '([.][^]*)')],
  DEFAULT: [
    form(
      '(ALTER TABLE ONLY )',
      QUALIFIED,
      `( ALTER COLUMN ${COLUMN} SET DEFAULT nextval[(]')`,
      QUALIFIED,
      "('::regclass[)];)",
    ),
  ],
  CONSTRAINT: [form('(ALTER TABLE ONLY )', QUALIFIED, '(\n    ADD CONSTRAINT )', NAME, '( [^]*)')],
  'FK CONSTRAINT': [
    form(
      '(ALTER TABLE ONLY )',
      QUALIFIED,
      '(\n    ADD CONSTRAINT )',
      NAME,
      `( FOREIGN KEY ${COLUMNS} REFERENCES )`,
      QUALIFIED,
      '([(][^]*)',
    ),
  ],
  INDEX: [form('(CREATE (?:UNIQUE )?INDEX )', NAME, '( ON )', QUALIFIED, '( USING [^]*)')],
  COMMENT: [
    form('(COMMENT ON (?:TABLE|SEQUENCE|INDEX) )', QUALIFIED, '( IS [^]*)'),
    form('(COMMENT ON COLUMN )', QUALIFIED, `([.]${COLUMN} IS [^]*)`),
  ],
};

/** Kinds that make a relation of each name that they hold. */
const MAKES_RELATIONS: ReadonlySet<string> = new Set(['TABLE', 'SEQUENCE', 'CONSTRAINT', 'INDEX']);

/** Whether entries of a kind are part of a table, or of several that hang together. Pure. */
export function isPartOfTable(kind: string): boolean {
  return kind in FORMS;
}

/** What tables with all their parts are like, and what they are called. */
export interface Shape {
  /** Two with the same words differ by the names of schemas and tables, and by nothing else. */
  readonly words: string;
  readonly relations: readonly RelationName[];
}

type Words = readonly string[];

/**
 * The shape of tables and their parts, in the dump's order; `made` are the schemas that the dump makes, whose names say nothing. Null where one
 * is written in a way that is not known, or none is a table. Pure.
 */
export function shapeOf(texts: readonly EntryText[], made: ReadonlySet<string>): Shape | null {
  const parts: Words[] = [];
  for (const {entry, text} of texts) {
    const words = matching(entry.kind, text);
    if (words === null) return null;
    parts.push(words);
  }
  const tables = parts.flatMap((words, at) => (texts[at]?.entry.kind === 'TABLE' ? [unquoted(words[3] ?? '')] : []));
  if (tables.length === 0) return null;
  const coded = coder(tables, made);
  const relations = parts.flatMap((words, at) =>
    MAKES_RELATIONS.has(texts[at]?.entry.kind ?? '') ? relationsIn(words) : [],
  );
  const words = JSON.stringify(
    parts.map((part, at) => [texts[at]?.settings, texts[at]?.entry.kind, ...coded(part, texts[at]?.entry.kind)]),
  );
  return {words, relations: [...new Map(relations.map((one) => [quoteRelation(one), one])).values()]};
}

function matching(kind: string, text: string): Words | null {
  for (const one of FORMS[kind] ?? []) {
    const match = one.exec(text);
    if (match !== null) return match.slice(1);
  }
  return null;
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}

function relationsIn(words: Words): RelationName[] {
  const schema = words.find((_, at) => words[at + 1] === '.') ?? '';
  return words.flatMap((name, at) =>
    at % 2 === 1 && words[at + 1] !== '.' ? [{schema: unquoted(schema), name: unquoted(name)}] : [],
  );
}

/** A name is told by the table with whose it begins, so that `orders_pkey` is to `orders` what `users_pkey` is to `users`. */
function coder(tables: readonly string[], made: ReadonlySet<string>) {
  const longest = [...tables.entries()].toSorted(([, a], [, b]) => b.length - a.length);
  const schemas: string[] = [];
  const ofSchema = (name: string): unknown => {
    if (!made.has(name)) return name;
    if (!schemas.includes(name)) schemas.push(name);
    return [schemas.indexOf(name)];
  };
  const ofName = (name: string): unknown => {
    const [at, table] = longest.find(([, one]) => name.startsWith(one)) ?? [-1, ''];
    return [at, name.slice(table.length)];
  };
  return (words: Words, kind: string | undefined): unknown[] =>
    words.map((word, at) => {
      if (at % 2 === 1) return words[at + 1] === '.' ? ofSchema(unquoted(word)) : ofName(unquoted(word));
      return kind === 'TABLE' && at === words.length - 1 ? columnsCoded(word, ofName) : word;
    });
}

const CHECK = new RegExp(`^    CONSTRAINT ${NAME}( CHECK [(].*)$`);

/** The columns of a table, its checks by their names. A text of several lines may hold what reads like a check: then all is taken to the letter. */
function columnsCoded(columns: string, ofName: (name: string) => unknown): unknown {
  const lines = columns.split('\n');
  if (lines.some((line) => (line.split("'").length - 1) % 2 === 1 || (line.split('"').length - 1) % 2 === 1))
    return columns;
  return lines.map((line) => {
    const [, name, check] = CHECK.exec(line) ?? [];
    return name === undefined ? line : [ofName(unquoted(name)), check];
  });
}
