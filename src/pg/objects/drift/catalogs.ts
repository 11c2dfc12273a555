import type {ServerVersion} from '../../../domain/pg/server-version.ts';
import {sql, type Statement} from '../../session/statement.ts';
import {ofUser} from '../fact.ts';
import {readingsByCatalog} from './chosen-facts.ts';
import {ownersOf, type Owner} from './owners.ts';

/** The catalogs that are watched. Pure. */
export function watchedCatalogs(version: ServerVersion): string[] {
  return Object.keys(ownersOf(version));
}

/** How often rows of a catalog were written, as far as the statistics tell. */
export interface CatalogCounter {
  readonly catalog: string;
  readonly written: number;
  readonly deleted: number;
}

/** How often rows of each catalog were written; none where the server does not count. A millisecond and a half. */
export function readCatalogCounters(version: ServerVersion): Statement<CatalogCounter> {
  return sql(
    `
    SELECT c.relname::text AS "catalog",
           pg_stat_get_tuples_inserted(c.oid) + pg_stat_get_tuples_updated(c.oid) + pg_stat_get_tuples_deleted(c.oid) AS "written",
           pg_stat_get_tuples_deleted(c.oid) AS "deleted"
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'pg_catalog' AND c.relname = ANY ($1::text[]) AND current_setting('track_counts')::boolean
     ORDER BY 1`,
    [watchedCatalogs(version)],
  );
}

/** The oldest transaction that may still write: whatever was not committed yet has this number or a later one, as `1234567`. */
export function readHorizon(): Statement<{horizon: string}> {
  return sql(`SELECT (txid_snapshot_xmin(txid_current_snapshot()) % (2::bigint ^ 32)::bigint)::text AS "horizon"`);
}

/** An object, by its catalog and its oid there. */
export interface ObjectKey {
  readonly catalog: string;
  readonly oid: string;
}

/** Relations in pieces, so that each is read in a moment: from this oid on and before that. */
export interface OidRange {
  readonly from: string;
  readonly to: string;
}

/** All of them. */
export const EVERY_OID: OidRange = {from: '0', to: '4294967295'};

/** The objects of which a row of this catalog was written since the horizon; by ranges of what the row belongs to. On a primary only. */
export function readTouched(
  version: ServerVersion,
  catalog: string,
  {horizon, range}: {readonly horizon: string; readonly range: OidRange},
): Statement<ObjectKey> {
  const selects = ownersIn(version, catalog).map(
    ({of, oid}) => `
      SELECT (${of})::text AS catalog, (${oid}) AS oid FROM pg_catalog.${catalog} k
       WHERE ${oid} >= $2::text::oid AND ${oid} < $3::text::oid AND age(k.xmin) <= age($1::text::xid)`,
  );
  return sql(
    `
    SELECT DISTINCT ${OBJECT}
      FROM (${selects.join('\n      UNION')}) t ${BEHIND}`,
    [horizon, range.from, range.to],
  );
}

/** The object that a row belongs to, where its relation is an index or a composite type; nothing of what is temporary. */
const OBJECT = `CASE c.relkind WHEN 'c' THEN 'pg_type' ELSE t.catalog END AS "catalog",
           (CASE c.relkind WHEN 'i' THEN i.indrelid WHEN 'I' THEN i.indrelid WHEN 'c' THEN c.reltype ELSE t.oid END)::text AS "oid"`;
const BEHIND = `
      LEFT JOIN pg_class c ON t.catalog = 'pg_class' AND c.oid = t.oid
      LEFT JOIN pg_index i ON c.relkind IN ('i', 'I') AND i.indexrelid = t.oid
     WHERE coalesce(c.relkind, 'r') <> 't' AND coalesce(c.relpersistence, 'p') <> 't'`;

function ownersIn(version: ServerVersion, catalog: string): readonly Owner[] {
  const owners = ownersOf(version)[catalog] ?? [];
  if (owners.length === 0) throw new Error(`bug: ${catalog} is not watched`);
  return owners;
}

/** How many rows of a catalog an object has. */
export interface OwnedRows extends ObjectKey {
  readonly rows: number;
}

/** How many rows of this catalog each object has: one that goes leaves nothing that could be found. Not of the system's own. */
export function countOwned(version: ServerVersion, catalog: string): Statement<OwnedRows> {
  const selects = ownersIn(version, catalog).map(
    ({of, oid}) => `
      SELECT (${of})::text AS catalog, (${oid}) AS oid FROM pg_catalog.${catalog} k WHERE ${oid} >= 16384`,
  );
  return sql(`
    SELECT ${OBJECT}, count(*)::int AS "rows"
      FROM (${selects.join('\n      UNION ALL')}) t ${BEHIND}
     GROUP BY 1, 2`);
}

/** Rows of these are not taken away from an object that stays: a column that is dropped stays as a row. */
const NEVER_LESS: ReadonlySet<string> = new Set([
  'pg_attribute',
  'pg_aggregate',
  'pg_range',
  'pg_foreign_table',
  'pg_sequence',
]);

/** The catalogs whose rows may be taken away from an object that stays. Pure. */
export function catalogsOfParts(version: ServerVersion): string[] {
  return Object.entries(ownersOf(version)).flatMap(([catalog, owners]) =>
    owners.some(({oid}) => oid === 'k.oid') || NEVER_LESS.has(catalog) ? [] : [catalog],
  );
}

const RELATIONS = `SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND ${ofUser('n.nspname')}`;

/** The oids of all objects of a catalog that may move, in their order. */
export function readOidsOf(version: ServerVersion, catalog: string): Statement<{oid: string}> {
  const readings = (readingsByCatalog(version).get(catalog) ?? []).filter(({id}) => id === undefined);
  const selects =
    catalog === 'pg_class'
      ? [RELATIONS]
      : readings.map(({object: [, oid], from, schema}) => `SELECT ${oid} AS oid FROM ${from} AND (${ofUser(schema)})`);
  return sql(`SELECT o.oid::text AS "oid" FROM (${selects.join('\n UNION ')}) o ORDER BY o.oid`);
}

/** The catalogs whose objects are read. Pure. */
export function catalogsOfObjects(version: ServerVersion): string[] {
  return [...readingsByCatalog(version)].flatMap(([catalog, readings]) =>
    readings.some(({id}) => id === undefined) ? [catalog] : [],
  );
}
