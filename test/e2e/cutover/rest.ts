import {expect} from 'vitest';
import type {Lab} from '../../../src/lab/lab.ts';

/** What an application does after P that no change capture brings. */
export const WRITES = [
  "UPDATE public.log SET amount = amount + 1 WHERE words IN ('line 3', 'line 7')",
  "DELETE FROM public.log WHERE words = 'line 11' AND ctid IN (SELECT ctid FROM public.log WHERE words = 'line 11' LIMIT 5)",
  "INSERT INTO public.log VALUES ('infinity', NULL, 'NaN'), ('infinity', NULL, 'NaN')",
  "DELETE FROM public.tags WHERE code = 'code 50'",
  "UPDATE public.tags SET words = 'others' WHERE code < 'code 2'",
  "UPDATE public.lines SET words = 'changed' WHERE n IN (17, 49999)",
  'DELETE FROM public.lines WHERE ctid IN (SELECT ctid FROM public.lines WHERE n = 5 LIMIT 1)',
  "UPDATE public.sessions SET words = words || '!' WHERE id < 10",
  "SELECT lo_put(70001, 300100, 'abc'), lo_put(70002, 3, 'abc'), lo_unlink(70003), lo_from_bytea(80001, decode(repeat('07', 600000), 'hex')), lo_create(80002)",
  "COMMENT ON LARGE OBJECT 80001 IS 'it''s new'",
  'ALTER LARGE OBJECT 80001 OWNER TO app_owner',
  'ALTER LARGE OBJECT 80002 OWNER TO app_owner',
  'GRANT SELECT ON LARGE OBJECT 70004 TO app',
];
/** A table whose rows are updated and deleted, some of them twins. */
export const LOG = 'SELECT * FROM public.log ORDER BY 1, 2, 3';
/** What both sides have to have alike then. */
const SAME = [
  LOG,
  'SELECT * FROM public.quiet ORDER BY 1',
  'SELECT * FROM public.tags ORDER BY 1',
  'SELECT * FROM public.tagged ORDER BY 1',
  'SELECT * FROM public.counted ORDER BY 1',
  'SELECT n, words, count(*) FROM public.lines GROUP BY 1, 2 ORDER BY 1, 2',
  'SELECT * FROM public.sessions ORDER BY 1',
  // What an owner may do anyway may be written out.
  `SELECT oid, md5(lo_get(oid)), obj_description(oid, 'pg_largeobject'), pg_get_userbyid(lomowner),
          (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(coalesce(lomacl, acldefault('L', lomowner))) AS a)
     FROM pg_largeobject_metadata ORDER BY 1`,
];

/** Every row and every large object of rest.sql, with owners and grants. */
export async function mustBeTheSame(lab: Pick<Lab, 'source' | 'target'>): Promise<void> {
  for (const query of SAME) expect(await lab.target.sql(query), query).toEqual(await lab.source.sql(query));
}
