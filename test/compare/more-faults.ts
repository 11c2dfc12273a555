import {changed, extra, forPeople, missing, notSo, type ObjectFault} from './fault.ts';
import {GIVEN, SAID} from './named-faults.ts';
import {PART_FAULTS} from './part-faults.ts';
import {USUAL_FAULTS} from './object-faults.ts';

const OPERATORS: readonly ObjectFault[] = [
  forPeople(missing('operator class f.int_ops USING btree', 'DROP OPERATOR CLASS f.int_ops USING btree')),
  forPeople(missing('operator family f.lonely USING btree', 'DROP OPERATOR FAMILY f.lonely USING btree')),
  forPeople(
    changed(
      'operator family f.int_ops USING btree',
      'members',
      'ALTER OPERATOR FAMILY f.int_ops USING btree ADD OPERATOR 1 < (integer, bigint)',
    ),
  ),
  extra(
    'operator f.<<<(integer,integer)',
    'CREATE OPERATOR f.<<< (PROCEDURE = int4lt, LEFTARG = integer, RIGHTARG = integer); ALTER OPERATOR f.<<<(integer, integer) OWNER TO app_owner',
  ),
  missing('conversion f.conversion', 'DROP CONVERSION f.conversion'),
  forPeople(
    changed(
      'conversion f.conversion',
      'is the default',
      "DROP CONVERSION f.conversion; CREATE DEFAULT CONVERSION f.conversion FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8; ALTER CONVERSION f.conversion OWNER TO app_owner",
    ),
  ),
];

const BY_EXTENSIONS: readonly ObjectFault[] = [
  missing('extension citext', 'DROP EXTENSION citext'),
  changed('extension citext', 'schema', 'ALTER EXTENSION citext SET SCHEMA public'),
  {
    object: 'extension hstore',
    differs: 'is expected',
    change: 'CREATE EXTENSION hstore SCHEMA f',
  },
  forPeople(missing('text search parser f.parser', 'DROP TEXT SEARCH PARSER f.parser')),
  forPeople(missing('text search template f.template', 'DROP TEXT SEARCH TEMPLATE f.template')),
  missing('text search dictionary f.dict', 'DROP TEXT SEARCH DICTIONARY f.dict'),
  forPeople(missing('foreign data wrapper f_wrapper', 'DROP FOREIGN DATA WRAPPER f_wrapper CASCADE')),
  forPeople(missing('server f_server', 'DROP SERVER f_server CASCADE')),
  missing('user mapping FOR app SERVER f_server', 'DROP USER MAPPING FOR app SERVER f_server'),
  forPeople(missing('foreign table f.away', 'DROP FOREIGN TABLE f.away')),
  forPeople(changed('server f_server', 'options', "ALTER SERVER f_server OPTIONS (SET host 'b')")),
  forPeople(changed('foreign table f.away', 'foreign options', "ALTER FOREIGN TABLE f.away OPTIONS (SET name 'y')")),
];

function expected(object: string, change: string, from = 0): ObjectFault {
  return {object, differs: 'is expected', change, from};
}

/** What a finding leaves out is expected where it is missing, and a difference where it is there and other. */
const LEFT_BEHIND: readonly ObjectFault[] = [
  expected('event trigger f_notice', 'DROP EVENT TRIGGER f_notice'),
  expected('event trigger f_more', 'CREATE EVENT TRIGGER f_more ON ddl_command_end EXECUTE PROCEDURE f.notice()'),
  changed('event trigger f_notice', 'enabled', 'ALTER EVENT TRIGGER f_notice DISABLE'),
  forPeople(
    changed(
      'event trigger f_notice',
      'tags',
      "DROP EVENT TRIGGER f_notice; CREATE EVENT TRIGGER f_notice ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE PROCEDURE f.notice()",
    ),
  ),
  expected('publication f_changes', 'DROP PUBLICATION f_changes', 10),
  expected('publication f_more', 'CREATE PUBLICATION f_more', 10),
  changed('publication f_changes', 'tables', 'ALTER PUBLICATION f_changes DROP TABLE f.marked', 10),
  changed('publication f_changes', 'tables', 'ALTER PUBLICATION f_changes ADD TABLE f.child', 10),
  changed('publication f_changes', 'tables', 'ALTER PUBLICATION f_changes SET TABLE f.marked, f.numbered (id)', 15),
  changed(
    'publication f_changes',
    'tables',
    'ALTER PUBLICATION f_changes SET TABLE f.marked WHERE (id > 5), f.numbered',
    15,
  ),
  changed('publication f_changes', 'tables', 'ALTER PUBLICATION f_changes ADD TABLES IN SCHEMA f', 15),
  forPeople(
    changed(
      'publication f_changes',
      'tables',
      "DROP PUBLICATION f_changes; CREATE PUBLICATION f_changes FOR ALL TABLES WITH (publish = 'insert, update'); ALTER PUBLICATION f_changes OWNER TO postgres",
      10,
    ),
  ),
  changed('publication f_changes', 'publishes', "ALTER PUBLICATION f_changes SET (publish = 'insert, delete')", 10),
  changed(
    'publication f_changes',
    'partition root',
    'ALTER PUBLICATION f_changes SET (publish_via_partition_root = true)',
    13,
  ),
];

const LARGE_OBJECTS: readonly ObjectFault[] = [
  {object: 'large object 7100', differs: 'has another owner', change: 'ALTER LARGE OBJECT 7100 OWNER TO longhaul'},
  forPeople({
    object: 'large object 7100',
    differs: 'has other privileges',
    change: 'REVOKE SELECT ON LARGE OBJECT 7100 FROM app',
  }),
  {object: 'large object 7100', differs: 'has another comment', change: 'COMMENT ON LARGE OBJECT 7100 IS NULL'},
  {object: 'large object 7100', differs: 'has another comment', change: "COMMENT ON LARGE OBJECT 7100 IS 'a log'"},
  forPeople({object: 'large object 7100', differs: 'is not there', change: 'SELECT lo_unlink(7100)'}),
  forPeople({
    object: 'large objects',
    differs: 'differ in number, owner or privileges',
    change: 'SELECT lo_create(7200)',
  }),
];

const MARKS: readonly ObjectFault[] = [
  {
    object: 'index f.marked_id',
    differs: 'is not the REPLICA IDENTITY of its table',
    change: 'ALTER TABLE f.marked REPLICA IDENTITY DEFAULT',
  },
  {
    object: 'index f.marked_at',
    differs: 'has another mark of CLUSTER',
    change: 'ALTER TABLE f.marked SET WITHOUT CLUSTER',
  },
  {
    object: 'index f.marked_next',
    differs: 'has other statistics targets',
    change: 'ALTER INDEX f.marked_next ALTER COLUMN 1 SET STATISTICS -1',
    from: 11,
  },
  missing('index f.marked_at', "UPDATE pg_index SET indisready = false WHERE indexrelid = 'f.marked_at'::regclass"),
  {
    object: 'index f.marked_once',
    differs: 'is there with another definition',
    change:
      'ALTER TABLE f.marked DROP CONSTRAINT marked_once; ALTER TABLE f.marked ADD CONSTRAINT marked_once UNIQUE (at)',
  },
  {
    object: 'trigger of_all of f.parted_1',
    differs: 'does not fire as on the source (O)',
    change: 'ALTER TABLE f.parted_1 DISABLE TRIGGER of_all',
    from: 11,
  },
  {
    object: 'trigger touched of f.parent',
    differs: 'does not fire as on the source (O)',
    change: 'ALTER TABLE f.parent ENABLE ALWAYS TRIGGER touched',
  },
  forPeople(changed('column f.made.twice', 'generated', 'ALTER TABLE f.made ALTER COLUMN twice DROP EXPRESSION', 13)),
  forPeople(
    changed(
      'column f.made.twice',
      'generated',
      'ALTER TABLE f.made DROP COLUMN twice; ALTER TABLE f.made ADD COLUMN twice integer GENERATED ALWAYS AS (id * 3) STORED',
      12,
    ),
  ),
  // The source's words cannot be made on the target, which has none.
  changed('column f.marked.n', 'default', 'ALTER TABLE f.marked ALTER COLUMN n DROP DEFAULT; DROP FUNCTION f.next()'),
  missing('table f.numbered', 'DROP TABLE f.numbered', 10),
  changed('column f.numbered.id', 'identity', 'ALTER TABLE f.numbered ALTER COLUMN id DROP IDENTITY', 10),
  changed('column f.shown.code', 'default', "ALTER VIEW f.shown ALTER COLUMN code SET DEFAULT 'z'"),
  forPeople(
    changed(
      'statistics f.both_columns',
      'definition',
      'DROP STATISTICS f.both_columns; CREATE STATISTICS f.both_columns (ndistinct) ON code, amount FROM f.parent; ALTER STATISTICS f.both_columns OWNER TO app_owner',
      10,
    ),
  ),
  forPeople(
    changed(
      'domain constraint above_zero ON f.positive',
      'definition',
      'ALTER DOMAIN f.positive DROP CONSTRAINT above_zero; ALTER DOMAIN f.positive ADD CONSTRAINT above_zero CHECK (VALUE > 1)',
    ),
  ),
  missing('procedure f.work(integer)', 'DROP PROCEDURE f.work(integer)', 11),
  changed(
    'procedure f.work(integer)',
    'body',
    "CREATE OR REPLACE PROCEDURE f.work(x integer) LANGUAGE plpgsql AS 'BEGIN NULL; END'",
    11,
  ),
];

function ofDefaults(object: string, differs: string, change: string): ObjectFault {
  return {
    object: `default privileges ALTER DEFAULT PRIVILEGES FOR ROLE ${object}`,
    differs,
    change: `ALTER DEFAULT PRIVILEGES FOR ROLE ${change}`,
  };
}

const PRIVILEGES: readonly ObjectFault[] = [
  notSo('GRANT USAGE ON SEQUENCE f.numbers TO "app"', 'REVOKE USAGE ON SEQUENCE f.numbers FROM app'),
  notSo('REVOKE USAGE ON TYPE f.mood FROM PUBLIC', 'GRANT USAGE ON TYPE f.mood TO PUBLIC'),
  notSo('GRANT USAGE ON FOREIGN SERVER f_server TO "app"', 'REVOKE USAGE ON FOREIGN SERVER f_server FROM app'),
  notSo(
    'GRANT DELETE ON TABLE f.child TO "app" WITH GRANT OPTION',
    'REVOKE GRANT OPTION FOR DELETE ON f.child FROM app CASCADE',
  ),
  extra('grant GRANT TRUNCATE ON TABLE f.child TO "app"', 'GRANT TRUNCATE ON f.child TO app'),
  extra(
    'grant GRANT SELECT ON TABLE f.parent TO "app" WITH GRANT OPTION',
    'GRANT SELECT ON f.parent TO app WITH GRANT OPTION',
  ),
  ofDefaults(
    '"app_owner" REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC',
    'is not so',
    'app_owner GRANT EXECUTE ON FUNCTIONS TO PUBLIC',
  ),
  ofDefaults(
    '"postgres" IN SCHEMA "f" GRANT INSERT ON TABLES TO "reporting"',
    'is on the target only',
    'postgres IN SCHEMA f GRANT INSERT ON TABLES TO reporting',
  ),
];

/** Every single change. */
export const OBJECT_FAULTS: readonly ObjectFault[] = [
  ...USUAL_FAULTS,
  ...OPERATORS,
  ...BY_EXTENSIONS,
  ...LEFT_BEHIND,
  ...LARGE_OBJECTS,
  ...MARKS,
  ...PRIVILEGES,
  ...PART_FAULTS,
  ...SAID,
  ...GIVEN,
];
