/** An object of a database with everything in which two of the same name may differ. */
export interface Fact {
  /** PostgreSQL's word for it: `table`, `operator class`. */
  readonly kind: string;
  /** The schema that it is in, or that its table is in; null where it is in none. */
  readonly schema: string | null;
  /** The table that it is, belongs to or is part of; null where `tables` of longhaul.yaml does not decide about it. */
  readonly relation: string | null;
  /** As SQL names it behind the word, qualified and quoted by the server: `public.t.x`, `public.f(integer)`, `own ON public.t`. */
  readonly name: string;
  /** What it is like, by what it is called: `default`, `owner`. Null is without; `?` is what this role may not read. */
  readonly parts: Readonly<Record<string, string | null>>;
  /** The statement that makes it, without owner, privileges and comment; null where only pg_dump writes it. */
  readonly make: string | null;
}

/** What a role may not read, on either side, is not compared. */
export const UNKNOWN = '?';

/** How one kind of object is read: every text is SQL. */
export interface Reading {
  readonly kind: string;
  /** The schema's name; NULL where the object is in none. */
  readonly schema: string;
  readonly relation?: string;
  readonly name: string;
  readonly parts: Readonly<Record<string, string>>;
  readonly make?: string;
  /** FROM and WHERE. */
  readonly from: string;
  /** The catalog and the oid by which others depend on the object. */
  readonly object: readonly [catalog: string, oid: string];
  /** What an object that is renamed is known again by, within its kind and among those of `object`; the oid of `object` without it. */
  readonly id?: string;
  /** Whether it is made, called and dropped with the parent's own, as SQL; not where it is left out. */
  readonly inherited?: string;
}

/** What a reading is narrowed to, and what each fact gives besides, as SQL. */
export interface Chosen {
  readonly also: readonly string[];
  readonly condition: string;
}

/** One SELECT of facts: without the system's objects, extensions' own, what another object brings with it, and the schemas that never move. */
export function factsOf(
  {kind, schema, relation = 'NULL', name, parts, make = 'NULL', from, object}: Reading,
  chosen: Chosen = {also: [], condition: 'true'},
): string {
  const [catalog, oid] = object;
  const pairs = Object.entries(parts).map(([part, value]) => `'${part}', (${value})::text`);
  return `
    SELECT (${kind})::text AS "kind", (${schema})::text AS "schema", (${relation})::text AS "relation", (${name})::text AS "name",
           json_build_object(${pairs.join(', ')}) AS "parts", (${[`${make})::text AS "make"`, ...chosen.also].join(', ')}
      FROM ${from}${
        chosen.condition === 'true'
          ? ''
          : `
       AND ${chosen.condition}`
      }
       AND (${ofUser(schema)})
       AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '${catalog}'::regclass AND e.objid = ${oid} AND e.deptype = 'e')`;
}

/** Whether a schema, as SQL, is one that may move. */
export function ofUser(schema: string): string {
  return schema === 'NULL'
    ? 'true'
    : `${schema} !~ '^pg_' AND ${schema} NOT IN ('information_schema', 'pglogical', 'pglogical_origin', 'longhaul')`;
}

/** Several of them in one statement. */
export function union(readings: readonly Reading[]): string {
  return readings.map((reading) => factsOf(reading)).join('\n    UNION ALL');
}

/** The name of a role by its oid, as text. */
export function roleOf(oid: string): string {
  return `pg_get_userbyid(${oid})`;
}

/** The comment on an object. */
export function commentOf(oid: string, catalog: string): string {
  return `obj_description(${oid}, '${catalog}')`;
}

/** The items of an array in the order of their texts, which is the same in every database. */
export function listOf(array: string): string {
  return `(SELECT string_agg(one, ', ' ORDER BY one::text COLLATE "C") FROM unnest(${array}) AS one)`;
}
