import {oneChange, type SeededChange, type Specials} from './seeded-change.ts';

/** As its owner sees it: quotes, dots, blanks and letters of others; the columns are called as what a comparison itself names. */
const HOSTILE = 'public."we""ird. täble; --"';
const HOSTILE_COLUMNS = ['place', 'hash', 'key_hash', 'longhaul_element', 'elements', 'a"b', 'c.d', ' '];

function listed(columns: readonly string[]): string {
  return columns.map((column) => `"${column.replaceAll('"', '""')}"`).join(', ');
}

/** So many columns as a table may have. */
const MOST_COLUMNS = 1600;

function ofTables(
  tables: readonly [string, string],
  what: string,
  sql: string,
  rows: SeededChange['rows'],
): SeededChange {
  return {tables, what, sql, rows};
}

/** Tables that are seldom: parents with rows of their own, partitions, keys that defer, hostile names, dropped columns, as many columns as there may be. */
export function unusual(release: number): Specials {
  const parts = [
    plainTables(),
    family(),
    wide(),
    ...(release >= 11 ? [partitions()] : []),
    ...(release >= 12 ? [oneName()] : []),
  ];
  return {
    seed: parts.map(({seed}) => seed).join(''),
    tables: parts.flatMap(({tables}) => tables),
    changes: parts.flatMap(({changes}) => changes),
  };
}

function plainTables(): Specials {
  const hostile = listed(HOSTILE_COLUMNS);
  return {
    seed: `
CREATE TABLE ${HOSTILE} ("place" int PRIMARY KEY, "hash" text, "key_hash" float8[], "longhaul_element" float8[], "elements" public.place, "a""b" text, "c.d" char(3), " " bytea);
INSERT INTO ${HOSTILE} SELECT i, 'h' || i, ARRAY[i], ARRAY[i / 7.0::float8], ROW('x' || i, i)::public.place, 'b' || i, 'c', '\\x01' FROM generate_series(1, 5) i;
CREATE TABLE public.dropped (a int, id int PRIMARY KEY, b text, v float8); ALTER TABLE public.dropped DROP COLUMN a; ALTER TABLE public.dropped DROP COLUMN b;
INSERT INTO public.dropped SELECT i, i / 3.0 FROM generate_series(1, 5) i;
CREATE TABLE public.deferring (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, v text); INSERT INTO public.deferring SELECT i, 'd' || i FROM generate_series(1, 5) i;
CREATE TABLE public.once (a int UNIQUE, b text); CREATE UNIQUE INDEX once_low ON public.once (lower(b)) WHERE a > 0; INSERT INTO public.once VALUES (1, 'a'), (NULL, 'n'), (NULL, 'n'), (NULL, NULL);
CREATE TABLE public.hidden (id int PRIMARY KEY, v text); INSERT INTO public.hidden SELECT i, 'h' || i FROM generate_series(1, 5) i;
ALTER TABLE public.hidden ENABLE ROW LEVEL SECURITY; ALTER TABLE public.hidden FORCE ROW LEVEL SECURITY;
`,
    tables: [
      {name: HOSTILE, columns: hostile, key: ['place']},
      {name: 'public.dropped', columns: 'id, v', key: ['id']},
      {name: 'public.deferring', columns: 'id, v', key: ['id']},
      {name: 'public.once', columns: 'a, b', key: null},
      {name: 'public.hidden', columns: 'id, v', key: ['id']},
    ],
    changes: [
      ...(
        [
          ['hash', "'h3 '"],
          ['key_hash', "'{3.0000000000000004}'"],
          ['longhaul_element', "'{-0}'"],
          ['elements', "ROW('x3', 3.0000000000000004)"],
          ['a"b', "''"],
          ['c.d', "'d'"],
          [' ', "'\\x0100'"],
        ] as const
      ).map(([column, value]): SeededChange => ({
        tables: [HOSTILE],
        what: `hostile names: ${column}`,
        sql: `UPDATE ${HOSTILE} SET ${listed([column])} = ${value} WHERE "place" = 3`,
        rows: [{kind: 'changed', key: '3', column}],
      })),
      oneChange('dropped', 'one bit', 'UPDATE public.dropped SET v = 1.0000000000000002 WHERE id = 3', {
        kind: 'changed',
        key: '3',
        column: 'v',
      }),
      oneChange('deferring', 'one letter', "UPDATE public.deferring SET v = 'D2' WHERE id = 2", {
        kind: 'changed',
        key: '2',
        column: 'v',
      }),
      oneChange(
        'once',
        'one of two rows without a key lost',
        "DELETE FROM public.once WHERE ctid = (SELECT min(ctid) FROM public.once WHERE b = 'n')",
        {
          kind: 'doubled',
          key: null,
        },
      ),
      oneChange('once', 'a key of NULL', 'UPDATE public.once SET a = NULL WHERE a = 1', {kind: 'extra', key: null}),
      oneChange('hidden', 'a row that its policies hide', "UPDATE public.hidden SET v = 'H2' WHERE id = 2", {
        kind: 'changed',
        key: '2',
        column: 'v',
      }),
      oneChange('hidden', 'one that is lost', 'DELETE FROM public.hidden WHERE id = 3', {kind: 'missing', key: '3'}),
    ],
  };
}

function family(): Specials {
  return {
    seed: `
CREATE TABLE public.elder (id int PRIMARY KEY, v text); INSERT INTO public.elder SELECT i, 'e' || i FROM generate_series(1, 5) i;
CREATE TABLE public.younger (more int) INHERITS (public.elder); INSERT INTO public.younger SELECT i, 'y' || i, i FROM generate_series(1, 5) i;
`,
    tables: [
      {name: 'public.elder', columns: 'id, v', key: ['id']},
      {name: 'public.younger', columns: 'id, v, more', key: null},
    ],
    changes: [
      ofTables(
        ['public.elder', 'public.younger'],
        'a row went from a child to its parent',
        "DELETE FROM public.younger WHERE id = 3; INSERT INTO public.elder VALUES (6, 'y3')",
        [
          {kind: 'extra', key: '6'},
          {kind: 'missing', key: null},
        ],
      ),
      ofTables(
        ['public.elder', 'public.younger'],
        'a value of a parent and its child swapped',
        "UPDATE ONLY public.elder SET v = 'y2' WHERE id = 2; UPDATE public.younger SET v = 'e2' WHERE id = 2",
        [
          {kind: 'changed', key: '2', column: 'v'},
          {kind: 'missing', key: null},
        ],
      ),
    ],
  };
}

function partitions(): Specials {
  return {
    seed: `
CREATE TABLE public.parted (id int, part int, v text, PRIMARY KEY (id, part)) PARTITION BY LIST (part);
CREATE TABLE public.parted_1 PARTITION OF public.parted FOR VALUES IN (1); CREATE TABLE public.parted_2 PARTITION OF public.parted FOR VALUES IN (2);
INSERT INTO public.parted SELECT i, i % 2 + 1, 'p' || i FROM generate_series(1, 10) i;
`,
    tables: ['public.parted_1', 'public.parted_2'].map((name) => ({name, columns: 'id, part, v', key: ['id', 'part']})),
    changes: [
      ofTables(
        ['public.parted_1', 'public.parted_2'],
        'a row went to another partition',
        'UPDATE public.parted SET part = 2 WHERE id = 4',
        [
          {kind: 'missing', key: '4,1'},
          {kind: 'extra', key: '4,2'},
        ],
      ),
      ofTables(
        ['public.parted_1', 'public.parted_2'],
        'values of two partitions swapped',
        "UPDATE public.parted SET v = 'p5' WHERE id = 4; UPDATE public.parted SET v = 'p4' WHERE id = 5",
        [
          {kind: 'changed', key: '4,1', column: 'v'},
          {kind: 'changed', key: '5,2', column: 'v'},
        ],
      ),
    ],
  };
}

/** A key by which Anna and ANNA are one. */
function oneName(): Specials {
  return {
    seed: `
CREATE TABLE public.one_name (k text COLLATE public.as_one PRIMARY KEY, v text); INSERT INTO public.one_name VALUES ('Anna', 'a'), ('Bert', 'b');
`,
    tables: [{name: 'public.one_name', columns: 'k, v', key: ['k']}],
    changes: [
      oneChange('one_name', 'the case of a key', "UPDATE public.one_name SET k = 'ANNA' WHERE v = 'a'", {
        kind: 'missing',
        key: 'Anna',
      }),
      oneChange(
        'one_name',
        'the case of a key, told by the new one',
        "UPDATE public.one_name SET k = 'ANNA' WHERE v = 'a'",
        {
          kind: 'extra',
          key: 'ANNA',
        },
      ),
    ],
  };
}

function wide(): Specials {
  const columns = Array.from({length: MOST_COLUMNS - 1}, (_, at) => `c${at + 1}`);
  const last = `c${MOST_COLUMNS - 1}`;
  return {
    seed: `
CREATE TABLE public.wide (id int PRIMARY KEY, ${columns.map((column) => `${column} text`).join(', ')});
INSERT INTO public.wide (id, c1, ${last}) SELECT i, 'first', 'last' FROM generate_series(1, 5) i;
`,
    tables: [{name: 'public.wide', columns: `id, c1, c2, ${last}`, key: ['id']}],
    changes: [
      oneChange('wide', 'the last of its columns', `UPDATE public.wide SET ${last} = 'last ' WHERE id = 3`, {
        kind: 'changed',
        key: '3',
        column: last,
      }),
      oneChange('wide', 'a value one column on', 'UPDATE public.wide SET c2 = c1, c1 = NULL WHERE id = 3', {
        kind: 'changed',
        key: '3',
        column: 'c2',
      }),
    ],
  };
}
