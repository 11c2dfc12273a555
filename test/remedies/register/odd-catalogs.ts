import {carriedOut, forPeople, of, type Remedy} from '../remedy.ts';

const FINDINGS = 'test/cases/stories/written-anew.pg.test.ts';
const UNREAD = 'rows have values that no server reads in again';
const READ = carriedOut(FINDINGS, 'values that no server reads in again are found');
const BY_OID = 'a check or a column is computed of the number that its table has';
const NAMED = carriedOut(FINDINGS, 'what is computed of a number that its table has is found');
const NULLS = 'a column that is NOT NULL has rows that are NULL';
const FILLED_IN = carriedOut(FINDINGS, 'rows that are NULL in a column that is NOT NULL are found');
const UNLOGGED_VIEW = 'a materialized view is over an unlogged table';
const FILLED = forPeople('when the rows are there again, who fills the table says');
const UNOWNED = 'a role that owns something is no more';
const OWNED = carriedOut(FINDINGS, 'what belongs to a role that is no more is found');

/** What preflight says of catalogs that are not as most are. */
export const OF_ODD_CATALOGS: readonly Remedy[] = [
  ...of('engine/preflight/database/check-names-in-rows.ts', [['ALTER TABLE … ALTER COLUMN … TYPE …', UNREAD, READ]]),
  ...of('engine/preflight/database/check-rows-by-checks.ts', [
    ['ALTER DOMAIN … DROP NOT NULL', NULLS, FILLED_IN],
    ['SELECT ctid FROM ONLY … WHERE … LIMIT 1', NULLS, forPeople('looks, and changes nothing')],
    ['ALTER TABLE … ALTER COLUMN … DROP NOT NULL', NULLS, FILLED_IN],
    [
      'on the source: …; or give these rows a value first (UPDATE … WHERE pg_column_size(…) IS NULL: a server from 17 on finds none with IS NULL alone)',
      NULLS,
      FILLED_IN,
    ],
    [
      'on the source, and nothing is to come: …; where a row does, what it is to have in its place, or NOT NULL taken off the column, has to come before the run',
      'a large column that is NOT NULL may have rows that are NULL',
      forPeople('what a row is to have, its owner says'),
    ],
  ]),
  ...of('engine/preflight/database/check-data.ts', [
    ['ALTER TABLE … DROP COLUMN …', BY_OID, NAMED],
    ['ALTER TABLE … DROP CONSTRAINT …', BY_OID, NAMED],
    ['on the source: …; or leave it out: tables.exclude', BY_OID, NAMED],
    ['REFRESH MATERIALIZED VIEW …', UNLOGGED_VIEW, FILLED],
    [
      "once these rows are there, on the target: …; behind a cutover of Longhaul's own, cutover.refresh_views: all does it",
      UNLOGGED_VIEW,
      FILLED,
    ],
  ]),
  ...of('engine/preflight/database/check-left-behind.ts', [
    [
      'on the source, write the operator instead, as in NOT (a … b) and in JOIN … ON (a … b); or make them anew on the target after the load, with the search_path of the source, and compare what they do: compare-objects sees no difference',
      'a definition has an operator that no dump can write with its schema',
      forPeople('how a condition is to be written, its owner says'),
    ],
  ]),
  ...of('engine/preflight/database/check-functions.ts', [
    ['once these rows are there, on the target: …', UNLOGGED_VIEW, FILLED],
    ['REFRESH MATERIALIZED VIEW …', UNLOGGED_VIEW, FILLED],
    [
      'on the source: ALTER TABLE … SET LOGGED for what the functions read (it rewrites the table and lets nobody at it meanwhile), or drop the constraint until the move is over; or leave the table out: tables.exclude',
      'a check reads an unlogged table through a function',
      forPeople('which table a function reads, its owner says'),
    ],
  ]),
  ...of('engine/preflight/database/check-superuser-objects.ts', [
    [
      '; and so for the other …',
      'there are many such objects',
      forPeople('a part of: what is shown of the first of many'),
    ],
    ['ALTER … … OWNER TO …', UNOWNED, OWNED],
    ['on the source, as superuser, or to another role that is to have them: ……', UNOWNED, OWNED],
  ]),
];
