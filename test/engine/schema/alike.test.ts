import {expect, test} from 'vitest';
import {leaveAlikeOut} from '../../../src/engine/schema/alike/leave-alike-out.ts';
import type {TocEntry} from '../../../src/engine/schema/copy/toc.ts';

/** An entry as pg_restore lists it, with the text that it writes. */
interface Dumped {
  readonly entry: TocEntry;
  readonly text: string;
}

function dumped(id: number, head: string, text: string, needs: readonly number[] = []): Dumped {
  const [kind = '', schema = '', name = ''] = head.split('|');
  return {
    entry: {id, kind, rest: `${schema} ${name} app`, needs},
    text: `--\n-- Name: ${name}; Type: ${kind}; Schema: ${schema}; Owner: -\n--\n\n${text}\n\n\n`,
  };
}

/** Entries by number. */
function leftOf(all: readonly Dumped[]): number[] {
  const file = `SET client_encoding = 'UTF8';\n\n${all.map(({text}) => text).join('')}--\n-- PostgreSQL database dump complete\n--\n\n\\unrestrict x\n\n`;
  return leaveAlikeOut(
    all.map(({entry}) => entry),
    file,
  ).entries.map(({id}) => id);
}

/** A tenant's two tables as pg_dump 15 writes them: a serial key, a check, an index, a foreign key between them. Eight entries from `id` on. */
function tenant(id: number, schema: string, changed: Readonly<Record<string, string>> = {}): Dumped[] {
  const table = (name: string): string =>
    `CREATE TABLE ${schema}.${name} (\n    id bigint NOT NULL,\n    paid numeric(12,2),\n    CONSTRAINT ${name}_paid_check CHECK ((paid >= (0)::numeric))\n);`;
  const key = (name: string): string =>
    `ALTER TABLE ONLY ${schema}.${name}\n    ADD CONSTRAINT ${name}_pkey PRIMARY KEY (id);`;
  const all: [string, string, number[]][] = [
    [`TABLE|${schema}|users`, table('users'), []],
    [`SEQUENCE|${schema}|users_id_seq`, `CREATE SEQUENCE ${schema}.users_id_seq\n    START WITH 1\n    CACHE 1;`, [id]],
    [
      `SEQUENCE OWNED BY|${schema}|users_id_seq`,
      `ALTER SEQUENCE ${schema}.users_id_seq OWNED BY ${schema}.users.id;`,
      [id + 1],
    ],
    [`TABLE|${schema}|orders`, table('orders'), []],
    [
      `DEFAULT|${schema}|users id`,
      `ALTER TABLE ONLY ${schema}.users ALTER COLUMN id SET DEFAULT nextval('${schema}.users_id_seq'::regclass);`,
      [id, id + 1],
    ],
    [`CONSTRAINT|${schema}|users users_pkey`, key('users'), [id]],
    [
      `INDEX|${schema}|orders_paid`,
      `CREATE INDEX orders_paid ON ${schema}.orders USING btree (paid) WHERE (paid IS NOT NULL);`,
      [id + 3],
    ],
    [
      `FK CONSTRAINT|${schema}|orders orders_id_fkey`,
      `ALTER TABLE ONLY ${schema}.orders\n    ADD CONSTRAINT orders_id_fkey FOREIGN KEY (id) REFERENCES ${schema}.users(id);`,
      [id, id + 3, id + 5],
    ],
  ];
  return all.map(([head, text, needs], at) => {
    const change = Object.entries(changed).find(([of]) => text.includes(of));
    return dumped(id + at, head, change === undefined ? text : text.replaceAll(change[0], change[1]), needs);
  });
}

const SCHEMAS = [dumped(1, 'SCHEMA|-|one', 'CREATE SCHEMA one;'), dumped(2, 'SCHEMA|-|Two', 'CREATE SCHEMA "Two";')];
const ids = (from: number, count: number): number[] => Array.from({length: count}, (_, at) => from + at);
const ONE = [1, 2, ...ids(10, 8)];
const BOTH = [...ONE, ...ids(20, 8)];

test('of two tenants that are alike one is tried, and the names of all that the other would make are kept', () => {
  const all = [...SCHEMAS, ...tenant(10, 'one'), ...tenant(20, '"Two"')].map((one) => ({
    ...one,
    // Headings and the list name a schema as it is.
    entry: {...one.entry, rest: one.entry.rest.replace('"Two"', 'Two')},
    text: one.text.replace('Schema: "Two"', 'Schema: Two'),
  }));
  const {entries, alike, notMade} = leaveAlikeOut(
    all.map(({entry}) => entry),
    all.map(({text}) => text).join(''),
  );
  expect(entries.map(({id}) => id)).toEqual(ONE);
  expect(alike).toBe(2);
  expect(new Set(notMade.map(({schema, name}) => `${schema}.${name}`))).toEqual(
    new Set(['users', 'users_id_seq', 'orders', 'users_pkey', 'orders_paid'].map((name) => `Two.${name}`)),
  );
});

test.each([
  ['a column of another type', {'paid numeric(12,2)': 'paid numeric(12,3)'}],
  ['another check', {'paid >= (0)::numeric': 'paid > (0)::numeric'}],
  ['a check whose name has nothing to do with the table', {users_paid_check: 'u'}],
  ['an index with another condition', {'WHERE (paid IS NOT NULL)': 'WHERE (paid > (0)::numeric)'}],
  ['an index of another kind', {'USING btree': 'USING hash'}],
  ['a foreign key that does not wait', {'REFERENCES two.users(id)': 'REFERENCES two.users(id) DEFERRABLE'}],
  ['a foreign key to a table of another schema', {'REFERENCES two.users(id)': 'REFERENCES public.users(id)'}],
  ['a default that is no sequence', {"nextval('two.users_id_seq'::regclass)": 'public.next_id()'}],
  ['a sequence that goes in other steps', {'START WITH 1': 'START WITH 1\n    INCREMENT BY 2'}],
  ['a table with more than columns', {'numeric))\n);': 'numeric))\n)\nWITH (fillfactor=50);'}],
])('a tenant with %s is tried, too', (_, changed) => {
  const two = dumped(2, 'SCHEMA|-|two', 'CREATE SCHEMA two;');
  const all = [...SCHEMAS.slice(0, 1), two, ...tenant(10, 'one'), ...tenant(20, 'two', changed)];
  expect(leftOf(all)).toEqual(BOTH);
});

test('a schema that the dump does not make is like no other', () => {
  expect(leftOf([...SCHEMAS, ...tenant(10, 'one'), ...tenant(20, 'public')])).toEqual(BOTH);
});

const plain = (id: number, name: string, columns = '    id integer'): Dumped =>
  dumped(id, `TABLE|public|${name}`, `CREATE TABLE public.${name} (\n${columns}\n);`);

test.each(['VIEW', 'TRIGGER', 'TABLE ATTACH', 'POLICY', 'STATISTICS', 'RULE'])(
  'a table that a %s needs is tried',
  (kind) => {
    const needing = dumped(30, `${kind}|public|it`, 'whatever;', [20]);
    expect(leftOf([plain(10, 'a'), plain(20, 'b'), plain(25, 'c'), needing])).toEqual([10, 20, 30]);
  },
);

test('a table that another inherits from is tried with it', () => {
  const child = dumped(30, 'TABLE|public|child', 'CREATE TABLE public.child (\n)\nINHERITS (public.b);', [20]);
  expect(leftOf([plain(10, 'a'), plain(20, 'b'), child])).toEqual([10, 20, 30]);
});

test('tables of two access methods are not alike, whatever their texts say', () => {
  const heap = plain(10, 'a');
  const tail = 'SET default_table_access_method = columnar;\n\n';
  expect(leftOf([{...heap, text: heap.text + tail}, plain(20, 'b'), plain(30, 'c')])).toEqual([10, 20]);
});

test('a heading in the middle of a text leaves nothing out, for nobody knows where that text ends', () => {
  const fake = "    id text DEFAULT '\n--\n-- Name: b; Type: TABLE; Schema: public; Owner: -\n--\n'::text";
  expect(leftOf([plain(10, 'a', fake), plain(20, 'b'), plain(30, 'c')])).toEqual([10, 20, 30]);
});

test('headings in another order than the entries leave nothing out', () => {
  const [a, b, c] = [plain(10, 'a'), plain(20, 'b'), plain(30, 'c')];
  const {entries} = leaveAlikeOut(
    [a, b, c].map(({entry}) => entry),
    [b, a, c].map(({text}) => text).join(''),
  );
  expect(entries).toHaveLength(3);
});

test('a text of several lines in a default is compared to the letter, though it reads like a check', () => {
  const [a, b] = ['a', 'b'].map((name) => `    id text DEFAULT '\n    CONSTRAINT ${name}_c CHECK (true)\n'::text`);
  expect(leftOf([plain(10, 'a', a), plain(20, 'b', b)])).toEqual([10, 20]);
});

test('what pg_restore -v lists without writing a heading is passed over', () => {
  const preface = {entry: {id: 3, kind: 'ENCODING', rest: '- ENCODING ', needs: []}, text: ''};
  const comment = {entry: {id: 4, kind: 'COMMENT', rest: '- DATABASE app postgres', needs: []}, text: ''};
  expect(leftOf([preface, comment, plain(10, 'a'), plain(20, 'b')])).toEqual([3, 4, 10]);
});
