import {carriedOut, forPeople, of, type Remedy} from '../remedy.ts';

const REST = 'test/e2e/cutover/rest-pglogical.test.ts';
const REFUSED = 'is refused before writes are stopped where triggers would fire';

/** What is said of what change capture does not carry. */
export const OF_THE_REST: readonly Remedy[] = [
  ...of('engine/cutover/rest/check-rest.ts', [
    [
      'make these tables of the target as they are on the source (columns; row security that lets our role see all rows), and give our role the rights that it lacks there; of unlogged ones cutover.unlogged: no leaves the rows that the target has…',
      'a table that has to be copied again cannot be',
      forPeople('what a table of the target was made for by hand, somebody has to know'),
    ],
    [
      '; or go back without these: cutover.copy_rest_back: no',
      'what is copied again on the way back cannot be',
      forPeople('whether one goes back without these rows, they decide'),
    ],
    [
      'raise cutover.copy_rest_limit and stop writes for as long…',
      'what is copied again on the way back takes longer than writes may be stopped',
      forPeople('how long writes may be stopped, and what may be left out, is theirs to say'),
    ],
    [
      'run examples/grants/source.sql as a superuser (lo_compat_privileges), or set cutover.large_objects to no',
      'large objects are hidden from our role',
      forPeople('rights on production are given by its administrators; the labs run the file'),
    ],
    [
      "make Longhaul's role there a member of their owners, or set cutover.large_objects to no",
      'large objects are hidden from our role',
      forPeople('whose they are on the target, somebody has to know'),
    ],
    [
      'bring those that are still wanted to the source (lo_export, lo_import with their numbers) and remove the others on the target (lo_unlink), or set cutover.large_objects to no',
      'the target has large objects of its own',
      forPeople('which of them are still wanted, somebody has to know'),
    ],
    [
      'days before: have nobody update or delete in these tables, remove old rows from them, or give them a primary key before a new load (longhaul release, then longhaul run); set cutover.large_objects to numbers where no large object is ever changed, and cutover.unlogged to no where their rows are made anew; or raise cutover.copy_rest_limit and stop writes for as long',
      'what is copied again takes longer than writes may be stopped',
      forPeople('how long writes may be stopped, and what may be left out, is theirs to say'),
    ],
  ]),
  ...of('engine/cutover/rest/unchanged-objects.ts', [
    [
      'see who writes them (lo_put, lowrite, lo_import, lo_unlink), which before 16 a session that is read-only may as well, and keep him off; then longhaul cutover',
      'large objects are written while the writes are stopped',
      forPeople('who writes, locks or waits there has to be ended by somebody who knows what it is'),
    ],
    [
      'compare them by hand on both sides, by what lo_get gives of each number in pg_largeobject_metadata, and bring those that are wanted to the target (lo_export, lo_import with their numbers)',
      'large objects are on the source alone',
      forPeople('which of them are still wanted, somebody has to know'),
    ],
  ]),
  ...of('engine/cutover/rest/compare-rest.ts', [
    [
      'longhaul cutover --check names them before writes are stopped: make the target follow the source there, then longhaul cutover',
      'a table that has to be copied again cannot be',
      forPeople('what a table of the target was made for by hand, somebody has to know'),
    ],
    [
      'see who writes to it on either side (triggers, rules, somebody’s session), then longhaul cutover',
      'a cutover cannot go on',
      forPeople('who writes, locks or waits there has to be ended by somebody who knows what it is'),
    ],
  ]),
  ...of('engine/cutover/rest/copy-tables.ts', [
    [
      'longhaul cutover --check has the statement that allows it; then longhaul cutover',
      'triggers would fire while a table is copied again',
      carriedOut(REST, REFUSED),
    ],
  ]),
  ...of('engine/cutover/rest/foresee-way-back.ts', [
    [
      'on the …, as superuser, from 15 on: GRANT SET ON PARAMETER session_replication_role TO …; before 15: ALTER ROLE … SUPERUSER',
      'triggers would fire while a table is copied again',
      carriedOut(REST, REFUSED),
    ],
    [
      'or leave it: cutover.copy_rest_back: no',
      'what is copied again on the way back will not be',
      forPeople('whether one goes back without these rows, they decide'),
    ],
    [
      'run examples/grants/cutover-source.sql as a superuser, or give these tables to an owner that our role is a member of; …',
      'what is copied again on the way back will not be',
      forPeople('rights on production are given by its administrators; the labs run the file'),
    ],
  ]),
  ...of('engine/cutover/rest/deadline.ts', [
    [
      'longhaul cutover --check says which tables and objects take so long; raise cutover.copy_rest_limit, or make there be less of it, then longhaul cutover',
      'what is copied again takes longer than writes may be stopped',
      forPeople('how long writes may be stopped, and what may be left out, is theirs to say'),
    ],
  ]),
];
