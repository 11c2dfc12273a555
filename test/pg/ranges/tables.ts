/** A table that is cut by its key: what it holds, and what the statistics know of it. */
export interface CutTable {
  readonly name: string;
  readonly why: string;
  readonly ddl: string;
  /** Statements that fill it, and those after which the statistics are as they are. */
  readonly fill: readonly string[];
  /** Whether ANALYZE runs after it was filled. */
  readonly analyzed?: false;
}

const ROWS = 2000;
const each = (name: string, values: string, from = 1, to = ROWS): string =>
  `INSERT INTO public.${name} SELECT ${values} FROM generate_series(${from}, ${to}) AS g`;

/** Texts that mean something to SQL, psql, a shell, or a terminal. */
const HOSTILE = `$hostile$' "; \\ :x :'x' $$ \`id\` $(id) \\. \\if *$hostile$ || chr(10) || chr(9) || chr(8232) || chr(128512) || g`;

/** Every kind of key and of spread; `collation` is one of the server that is not C's order, where it has one. */
export function cutTables(collation: string): CutTable[] {
  return [
    {
      name: 'skewed',
      why: 'most rows are at one end',
      ddl: 'id integer PRIMARY KEY',
      fill: [each('skewed', '(g::bigint * g * g / 4)::int + g')],
    },
    {
      name: 'sparse',
      why: 'large gaps',
      ddl: 'id bigint PRIMARY KEY',
      fill: [each('sparse', 'g::bigint * 4000000000000000')],
    },
    {
      name: 'negative',
      why: 'negative numbers',
      ddl: 'id smallint PRIMARY KEY',
      fill: [each('negative', '(-g)::smallint')],
    },
    {
      name: 'random',
      why: 'the rows lie anyhow',
      ddl: 'id uuid PRIMARY KEY',
      fill: [each('random', 'md5(g::text)::uuid')],
    },
    {
      name: 'partly',
      why: 'half of the rows lie in order',
      ddl: 'id integer PRIMARY KEY',
      fill: [
        each('partly', '2 * g'),
        'INSERT INTO public.partly SELECT 2 * g + 1 FROM generate_series(1, 2000) AS g ORDER BY md5(g::text)',
      ],
    },
    {
      name: 'leading',
      why: 'one value of the first column has most rows',
      ddl: 'tenant integer, id bigint, note text, PRIMARY KEY (tenant, id)',
      fill: [each('leading', "CASE WHEN g % 5 < 4 THEN 7 ELSE g % 23 END, g, 'x'")],
    },
    {
      name: 'few',
      why: 'the first column has three values, the second one texts',
      ddl: `kind text COLLATE ${collation}, id varchar(200) COLLATE ${collation}, n integer, PRIMARY KEY (kind, id, n)`,
      fill: [each('few', `(ARRAY['a', 'B', 'it''s'])[1 + g % 3], ${HOSTILE}, g`)],
    },
    {
      name: 'times',
      why: 'infinity at both ends',
      ddl: 'at timestamptz PRIMARY KEY',
      fill: [
        each('times', "'2000-01-01'::timestamptz + g * interval '7 hours 1 microsecond'"),
        "INSERT INTO public.times VALUES ('infinity'), ('-infinity'), ('0044-03-15 12:00:00 BC')",
      ],
    },
    {
      name: 'days',
      why: 'days and moments without a zone',
      ddl: 'day date, at timestamp, PRIMARY KEY (day, at)',
      fill: [
        each('days', "'2000-01-01'::date + g / 500, '2000-01-01'::timestamp + g * interval '1 minute'"),
        "INSERT INTO public.days VALUES ('infinity', '-infinity'), ('-infinity', 'infinity'), ('4713-01-01 BC', 'infinity')",
      ],
    },
    {
      name: 'numbers',
      why: 'NaN, and digits that no float has',
      ddl: 'id numeric PRIMARY KEY',
      fill: [
        each('numbers', '(g - 1000) * 1234567890123456789.000000001'),
        "INSERT INTO public.numbers VALUES ('NaN'), (0.00000000000000000001)",
      ],
    },
    {
      name: 'hostile',
      why: 'texts that mean something to SQL and to shells, in an order that is not that of their bytes',
      ddl: `id text COLLATE ${collation} PRIMARY KEY`,
      fill: [each('hostile', `(ARRAY['a', 'B', 'z', 'Z', '-', ''])[1 + g % 6] || ${HOSTILE}`)],
    },
    {
      name: 'stale',
      why: 'statistics of a tenth of the rows',
      ddl: 'id integer PRIMARY KEY',
      fill: [each('stale', '10000 + g', 1, 200), 'ANALYZE public.stale', each('stale', 'g * 7', 1, 1400)],
      analyzed: false,
    },
    {
      name: 'unknown',
      why: 'no statistics',
      ddl: 'id integer PRIMARY KEY',
      fill: [each('unknown', 'g')],
      analyzed: false,
    },
    {name: 'empty', why: 'no rows', ddl: 'id integer PRIMARY KEY', fill: []},
    {
      name: 'emptied',
      why: 'statistics of rows that are gone',
      ddl: 'id integer PRIMARY KEY',
      fill: [each('emptied', 'g'), 'ANALYZE public.emptied', 'DELETE FROM public.emptied WHERE id <> 77'],
      analyzed: false,
    },
  ];
}
