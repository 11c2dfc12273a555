import {carriedOut, forPeople, of, situations, type Remedy} from '../remedy.ts';

const FINDINGS = 'test/cases/stories/written-anew.pg.test.ts';
const MOVED = carriedOut(FINDINGS, 'partitions with rows that would come into another one today');
const LONG_ROWS = 'rows are longer than a page since a column is stored in the row itself';
const STORED = carriedOut(FINDINGS, 'rows that fit no page as they would be written today');

/** What preflight says of the database. */
export const OF_DATABASE: readonly Remedy[] = [
  ...of('engine/preflight/database/check-bytes.ts', [
    [
      'write their text in UTF-8, or in ASCII, on the source until the move is over: ALTER … RENAME, COMMENT ON … IS, or drop and create them; rows may hold any bytes',
      'a name is in another encoding',
      forPeople('what a name means, its owner says'),
    ],
  ]),
  ...of('engine/preflight/database/check-data.ts', [
    [
      '; and so for the other …',
      'there are many such tables',
      forPeople('a part of: what is shown of the first of many'),
    ],
    ['…; or fill them anew on the target', 'a table is unlogged', situations('data.unlogged')],
    [
      'ALTER TABLE … ALTER COLUMN … TYPE … USING …::…',
      'a column has a type that no target has',
      situations('data.type-gone'),
    ],
    [
      'on the source: partition the table by list or range, or by the hash of the column as text; or leave it out with its partitions (tables.exclude), and copy it through its parent (pg_dump --load-via-partition-root) while writes are stopped',
      'partitions are by the hash of an oid',
      forPeople('how a table is partitioned, its owner says'),
    ],
    ['ALTER TABLE … SET LOGGED', 'a table is unlogged', situations('data.unlogged')],
    ['ALTER TABLE … SET WITHOUT OIDS', 'a table has oids', situations('data.with-oids')],
    ['DROP INDEX CONCURRENTLY …', 'an index is invalid', situations('data.invalid-index')],
    [
      "it rewrites the table and keeps everybody out of it meanwhile, so in a quiet hour, on the source, as superuser: SET lock_timeout = '2s'; …",
      'a table is to be rewritten',
      situations('data.unlogged'),
    ],
    [
      'let nobody write large objects until cutover, or move them into bytea',
      'there are large objects',
      forPeople('what applications do, not what is run'),
    ],
    [
      'see that no CREATE INDEX CONCURRENTLY is building them now; on the source, as superuser: …; build those that are wanted again with CREATE INDEX CONCURRENTLY',
      'an index is invalid',
      situations('data.invalid-index'),
    ],
    [
      'see that nothing reads the column oid, and add a column where something does; …; or leave the oids behind',
      'a table has oids',
      situations('data.with-oids'),
    ],
  ]),
  ...of('engine/preflight/database/check-names-in-rows.ts', [
    [
      'ALTER TABLE … ALTER COLUMN … TYPE text…',
      'rows name indexes',
      carriedOut('test/cases/stories/findings.pg.test.ts', 'rows that name an index are found, and are well as text'),
    ],
    [
      'on the source: …; it rewrites the table and lets nobody at it meanwhile; or leave it out: tables.exclude',
      'rows name indexes',
      carriedOut('test/cases/stories/findings.pg.test.ts', 'rows that name an index are found, and are well as text'),
    ],
    [
      'see that no row of them names an index; where one does, make the column text, or leave the table out: tables.exclude',
      'a column that may name indexes could not be read in time',
      forPeople('whether one does, its owner says'),
    ],
  ]),
  ...of('engine/preflight/database/check-moved-partitions.ts', [
    [
      'on the source, from 11 on (a large one in pieces, by its key): …',
      'rows would come into another partition today, for its function was replaced',
      MOVED,
    ],
    [
      "UPDATE … SET … = … WHERE tableoid = '…'::regclass AND …",
      'rows would come into another partition today, for its function was replaced',
      MOVED,
    ],
  ]),
  ...of('engine/preflight/database/check-plain-columns.ts', [
    ['on the source: …', LONG_ROWS, STORED],
    ['ALTER TABLE … …', LONG_ROWS, STORED],
    ['ALTER COLUMN … SET STORAGE EXTENDED', LONG_ROWS, STORED],
  ]),
  ...of('engine/preflight/database/check-rows-by-checks.ts', [
    [
      'on the source (a large table in pieces, by its key): …',
      'a generated column was computed by a function that has changed since',
      carriedOut('test/cases/stories/findings.pg.test.ts', 'generated columns that would be others today are found'),
    ],
    [
      'ALTER DOMAIN … DROP CONSTRAINT …; ALTER DOMAIN … ADD CONSTRAINT … … NOT VALID',
      'rows break a check of a domain that they did not break when they were written',
      carriedOut('test/cases/stories/findings.pg.test.ts', 'values that break the check of a domain are found'),
    ],
    [
      'ALTER TABLE … DROP CONSTRAINT …, ADD CONSTRAINT … … NOT VALID',
      'rows break a check that they did not break when they were written',
      carriedOut('test/cases/stories/findings.pg.test.ts', 'rows that break a valid check are found'),
    ],
    [
      'on the source: …; such a check is off the target while rows come in, and is there again after them, NOT VALID as well. One that asks the clock is better dropped: a change may arrive at the target when it is true no longer',
      'rows break a check that they did not break when they were written',
      carriedOut('test/cases/stories/findings.pg.test.ts', 'rows that break a valid check are found'),
    ],
  ]),
  ...of('engine/preflight/database/check-functions.ts', [
    [
      'drop the constraint or view on the source (a trigger can write the same, and does not fire for rows that are copied), or leave its table out: tables.exclude',
      'a check calls a function that writes',
      carriedOut('test/cases/stories/findings.pg.test.ts', 'a check that writes is found'),
    ],
    [
      'ALTER FUNCTION … SET search_path = …',
      'a function looks by search_path',
      carriedOut(
        'test/cases/stories/findings.pg.test.ts',
        'their remedies, carried out to the letter, help, and the application goes on',
      ),
    ],
    [
      'an extension makes … anew on the target, where an ALTER of the source does not come: call it through a function of your own that has SET search_path = …, or leave the table out: tables.exclude',
      'a function of an extension looks by search_path',
      carriedOut('test/cases/stories/findings.pg.test.ts', 'one of an extension is called through one of its own'),
    ],
    [
      'on the source, as superuser: …; this changes nothing for those who have that search_path anyway (a function in SQL is no longer inlined)',
      'a function looks by search_path',
      carriedOut(
        'test/cases/stories/findings.pg.test.ts',
        'their remedies, carried out to the letter, help, and the application goes on',
      ),
    ],
  ]),
  ...of('engine/preflight/database/check-rights.ts', [
    [
      '; or from 14 on: GRANT pg_read_all_data TO …; the replica follows the source',
      'the role may not read everything',
      situations('source.select'),
    ],
    ['GRANT SELECT ON ALL SEQUENCES IN SCHEMA … TO …', 'the role may not read everything', situations('source.select')],
    ['GRANT SELECT ON ALL TABLES IN SCHEMA … TO …', 'the role may not read everything', situations('source.select')],
    ['GRANT USAGE ON SCHEMA … TO …', 'the role may not read everything', situations('source.select')],
    ['on the source, as superuser: ', 'the role may not read everything', situations('source.select')],
    [
      'on the source, as superuser: ALTER ROLE … BYPASSRLS',
      'row security hides rows from the role',
      situations('source.row-security'),
    ],
    [
      'on the source, as superuser: ALTER ROLE … SET lo_compat_privileges = on',
      'large objects may not be read',
      situations('source.large-objects'),
    ],
  ]),
  ...of('engine/preflight/database/check-superuser-objects.ts', [
    [
      '; drop or replace the others as well, or leave their schema out: tables.exclude_schemas',
      'the target’s role may not create what a superuser made',
      forPeople('a part of: which of them nothing needs, their owner says'),
    ],
    [
      'DROP FUNCTION …',
      'handlers of plpgsql are left from 8.x',
      carriedOut(
        'test/cases/stories/findings.pg.test.ts',
        'their remedies, carried out to the letter, help, and the application goes on',
      ),
    ],
    [
      'drop them on the source when nothing needs them (DROP … without CASCADE says what does), replace them by what an extension of the target brings, or leave their schema out: tables.exclude_schemas',
      'the target’s role may not create what a superuser made',
      forPeople('which of them nothing needs, their owner says'),
    ],
    [
      'on the source, as superuser: …; they are left over from PostgreSQL 8, and the language has its own in pg_catalog…',
      'handlers of plpgsql are left from 8.x',
      carriedOut(
        'test/cases/stories/findings.pg.test.ts',
        'their remedies, carried out to the letter, help, and the application goes on',
      ),
    ],
  ]),
  ...of('engine/preflight/database/check-tables.ts', [
    [
      'give them other names on the source, from a client in their own encoding, and whatever names them as well',
      'a name is no UTF-8',
      forPeople('what a name means, its owner says'),
    ],
    [
      'leave it out: tables.exclude_schemas: [longhaul]; one that has to move needs another name on the source, and so does all that names it',
      'a schema is named longhaul',
      carriedOut('test/remedies/nightly-load.pg.test.ts', 'a schema of the source is called longhaul'),
    ],
    [
      'let it move as well, or drop on the source what needs it; a schema can be left out whole: tables.exclude_schemas',
      'a filter cuts off what is needed',
      carriedOut(
        'test/engine/preflight/preflight.pg.test.ts',
        'what a filter cuts off is named before the schema is copied',
      ),
    ],
    [
      'let the tables that they name move as well, where the target is to keep the rule',
      'a filter cuts off what a foreign key names',
      carriedOut(
        'test/engine/preflight/preflight.pg.test.ts',
        'what a filter cuts off is named before the schema is copied',
      ),
    ],
    [
      'name the parent and every one of its partitions, or leave all of them out',
      'a filter parts a parent from its partitions',
      carriedOut(
        'test/engine/preflight/preflight.pg.test.ts',
        'what a filter cuts off is named before the schema is copied',
      ),
    ],
    [
      'write them as the source has them; names in capitals need double quotes: \'public."Orders"\'',
      'a table of longhaul.yaml is not on the source',
      carriedOut(
        'test/engine/preflight/preflight.pg.test.ts',
        'what a filter cuts off is named before the schema is copied',
      ),
    ],
  ]),
];
