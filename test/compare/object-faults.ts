import {changed, extra, forPeople, missing, notSo, type ObjectFault} from './fault.ts';

const TABLES: readonly ObjectFault[] = [
  missing('table f.heir', 'DROP TABLE f.heir'),
  extra('table f.more', 'CREATE TABLE f.more (id integer); ALTER TABLE f.more OWNER TO app_owner'),
  changed('table f.parent', 'owner', 'ALTER TABLE f.parent OWNER TO longhaul'),
  changed('table f.parent', 'comment', "COMMENT ON TABLE f.parent IS 'parents'"),
  changed('table f.child', 'comment', "COMMENT ON TABLE f.child IS 'new'"),
  changed('table f.parent', 'options', 'ALTER TABLE f.parent SET (fillfactor = 80)'),
  changed('table f.parent', 'options', 'ALTER TABLE f.parent RESET (fillfactor)'),
  changed('table f.child', 'kept', 'ALTER TABLE f.child SET UNLOGGED'),
  changed('table f.parent', 'row security', 'ALTER TABLE f.parent DISABLE ROW LEVEL SECURITY'),
  changed('table f.parent', 'forced row security', 'ALTER TABLE f.parent FORCE ROW LEVEL SECURITY'),
  changed('table f.heir', 'inherits', 'ALTER TABLE f.heir NO INHERIT f.child'),
  changed('table f.parent', 'toast options', 'ALTER TABLE f.parent SET (toast.autovacuum_enabled = false)'),
  {
    object: 'table f.child',
    differs: 'has another REPLICA IDENTITY',
    change: 'ALTER TABLE f.child REPLICA IDENTITY DEFAULT',
  },
  missing('table f.parted_1', 'DROP TABLE f.parted_1', 10),
  forPeople(
    changed(
      'table f.parted_1',
      'bound',
      'ALTER TABLE f.parted DETACH PARTITION f.parted_1; ALTER TABLE f.parted ATTACH PARTITION f.parted_1 FOR VALUES IN (1, 2)',
      10,
    ),
  ),
];

const COLUMNS: readonly ObjectFault[] = [
  missing('column f.parent.big', 'ALTER TABLE f.parent DROP COLUMN big'),
  extra('column f.parent.more', 'ALTER TABLE f.parent ADD COLUMN more text'),
  changed('column f.child.note', 'type', 'ALTER TABLE f.child ALTER COLUMN note TYPE varchar(99)'),
  changed('column f.child.note', 'collation', 'ALTER TABLE f.child ALTER COLUMN note TYPE text COLLATE "C"'),
  changed('column f.parent.code', 'default', "ALTER TABLE f.parent ALTER COLUMN code SET DEFAULT 'y'"),
  changed('column f.parent.at', 'default', 'ALTER TABLE f.parent ALTER COLUMN at DROP DEFAULT'),
  changed('column f.parent.code', 'not null', 'ALTER TABLE f.parent ALTER COLUMN code DROP NOT NULL'),
  changed('column f.parent.big', 'storage', 'ALTER TABLE f.parent ALTER COLUMN big SET STORAGE EXTENDED'),
  changed('column f.parent.amount', 'storage', 'ALTER TABLE f.parent ALTER COLUMN amount SET STORAGE EXTERNAL'),
  changed('column f.parent.code', 'statistics', 'ALTER TABLE f.parent ALTER COLUMN code SET STATISTICS -1'),
  changed('column f.parent.amount', 'options', 'ALTER TABLE f.parent ALTER COLUMN amount SET (n_distinct = 5)'),
  changed('column f.parent.code', 'comment', 'COMMENT ON COLUMN f.parent.code IS NULL'),
  changed('column f.numbered.id', 'identity', 'ALTER TABLE f.numbered ALTER COLUMN id SET GENERATED ALWAYS', 10),
  changed('column f.parent.big', 'compression', 'ALTER TABLE f.parent ALTER COLUMN big SET COMPRESSION pglz', 14),
];

const OF_TABLES: readonly ObjectFault[] = [
  missing('index f.parent_amount', 'DROP INDEX f.parent_amount'),
  missing('index f.parent_code', "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'f.parent_code'::regclass"),
  {
    object: 'index f.parent_amount',
    differs: 'is there with another definition',
    change: 'DROP INDEX f.parent_amount; CREATE INDEX parent_amount ON f.parent (amount) WHERE amount > 1',
  },
  {
    object: 'index f.parent_code',
    differs: 'is there with another definition',
    change: 'DROP INDEX f.parent_code; CREATE INDEX parent_code ON f.parent (code)',
  },
  extra('index f.more', 'CREATE INDEX more ON f.parent (at)'),
  {
    object: 'index f.parent_code',
    differs: 'has another mark of CLUSTER',
    change: 'ALTER TABLE f.parent CLUSTER ON parent_code',
  },
  {object: 'comment on index f.parent_code', differs: 'is not there', change: 'COMMENT ON INDEX f.parent_code IS NULL'},
  missing('index f.child_pkey', 'ALTER TABLE f.child DROP CONSTRAINT child_pkey'),
  missing('foreign key child_parent_fkey of f.child', 'ALTER TABLE f.child DROP CONSTRAINT child_parent_fkey'),
  {
    object: 'foreign key child_parent_fkey of f.child',
    differs: 'is not validated',
    change:
      'ALTER TABLE f.child DROP CONSTRAINT child_parent_fkey; ALTER TABLE f.child ADD FOREIGN KEY (parent) REFERENCES f.parent (id) NOT VALID',
  },
  {
    object: 'foreign key child_parent_fkey of f.child',
    differs: 'is there with another definition',
    change:
      'ALTER TABLE f.child DROP CONSTRAINT child_parent_fkey; ALTER TABLE f.child ADD FOREIGN KEY (parent) REFERENCES f.parent (id) ON DELETE CASCADE',
  },
  missing('check code_short of f.parent', 'ALTER TABLE f.parent DROP CONSTRAINT code_short'),
  {
    object: 'check code_short of f.parent',
    differs: 'is not validated',
    change:
      'ALTER TABLE f.parent DROP CONSTRAINT code_short; ALTER TABLE f.parent ADD CONSTRAINT code_short CHECK (length(code) < 10) NOT VALID',
  },
  extra('check more of f.parent', 'ALTER TABLE f.parent ADD CONSTRAINT more CHECK (id > 0)'),
  {
    object: 'comment on constraint code_short of f.parent',
    differs: 'is not there',
    change: "COMMENT ON CONSTRAINT code_short ON f.parent IS 'long'",
  },
  missing('trigger touched of f.parent', 'DROP TRIGGER touched ON f.parent'),
  {
    object: 'trigger touched of f.parent',
    differs: 'does not fire as on the source (O)',
    change: 'ALTER TABLE f.parent DISABLE TRIGGER touched',
  },
  {
    object: 'trigger touched of f.parent',
    differs: 'is there with another definition',
    change:
      'DROP TRIGGER touched ON f.parent; CREATE TRIGGER touched BEFORE INSERT ON f.parent FOR EACH ROW EXECUTE PROCEDURE f.touch()',
  },
  extra(
    'trigger more of f.parent',
    'CREATE TRIGGER more BEFORE INSERT ON f.parent FOR EACH ROW EXECUTE PROCEDURE f.touch()',
  ),
  missing('rule no_delete ON f.child', 'DROP RULE no_delete ON f.child'),
  changed('rule no_delete ON f.child', 'enabled', 'ALTER TABLE f.child DISABLE RULE no_delete'),
  changed(
    'rule no_delete ON f.child',
    'definition',
    'CREATE OR REPLACE RULE no_delete AS ON DELETE TO f.child WHERE old.id > 5 DO INSTEAD NOTHING',
  ),
  missing('policy own ON f.parent', 'DROP POLICY own ON f.parent'),
  changed('policy own ON f.parent', 'using', 'ALTER POLICY own ON f.parent USING (true)'),
  changed('policy own ON f.parent', 'roles', 'ALTER POLICY own ON f.parent TO PUBLIC'),
  missing('statistics f.both_columns', 'DROP STATISTICS f.both_columns', 10),
  changed('statistics f.both_columns', 'target', 'ALTER STATISTICS f.both_columns SET STATISTICS 77', 13),
];

const OTHERS: readonly ObjectFault[] = [
  changed(
    'view f.shown',
    'definition',
    'CREATE OR REPLACE VIEW f.shown AS SELECT id, code FROM f.parent WHERE amount > 1',
  ),
  changed('view f.shown', 'options', 'ALTER VIEW f.shown RESET (security_barrier)'),
  missing('view f.shown', 'DROP VIEW f.shown'),
  missing('materialized view f.kept', 'DROP MATERIALIZED VIEW f.kept'),
  changed('materialized view f.kept', 'filled', 'REFRESH MATERIALIZED VIEW f.kept WITH NO DATA'),
  changed('sequence f.numbers', 'increment', 'ALTER SEQUENCE f.numbers INCREMENT BY 1'),
  changed('sequence f.numbers', 'cache', 'ALTER SEQUENCE f.numbers CACHE 1'),
  changed('sequence f.numbers', 'maximum', 'ALTER SEQUENCE f.numbers MAXVALUE 1000'),
  changed('sequence f.parent_id_seq', 'owned by', 'ALTER SEQUENCE f.parent_id_seq OWNED BY NONE'),
  missing('sequence f.numbers', 'DROP SEQUENCE f.numbers'),
  changed(
    'function f.double(integer,integer)',
    'body',
    "CREATE OR REPLACE FUNCTION f.double(x integer, y integer DEFAULT 2) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS 'SELECT x * y + 0'",
  ),
  changed(
    'function f.double(integer,integer)',
    'arguments',
    "CREATE OR REPLACE FUNCTION f.double(x integer, y integer DEFAULT 3) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS 'SELECT x * y'",
  ),
  changed('function f.double(integer,integer)', 'volatility', 'ALTER FUNCTION f.double(integer, integer) STABLE'),
  changed(
    'function f.double(integer,integer)',
    'null',
    'ALTER FUNCTION f.double(integer, integer) CALLED ON NULL INPUT',
  ),
  changed(
    'function f.double(integer,integer)',
    'security',
    'ALTER FUNCTION f.double(integer, integer) SECURITY DEFINER',
  ),
  changed(
    'function f.double(integer,integer)',
    'settings',
    "ALTER FUNCTION f.double(integer, integer) SET work_mem = '1MB'",
  ),
  changed('function f.double(integer,integer)', 'cost', 'ALTER FUNCTION f.double(integer, integer) COST 7'),
  changed('function f.double(integer,integer)', 'parallel', 'ALTER FUNCTION f.double(integer, integer) PARALLEL SAFE'),
  changed('function f.double(integer,integer)', 'owner', 'ALTER FUNCTION f.double(integer, integer) OWNER TO longhaul'),
  changed(
    'function f.double(integer,integer)',
    'comment',
    "COMMENT ON FUNCTION f.double(integer, integer) IS 'thrice'",
  ),
  missing('function f.double(integer,integer)', 'DROP FUNCTION f.double(integer, integer)'),
  forPeople(
    changed(
      'aggregate f.total(integer)',
      'first state',
      "DROP AGGREGATE f.total(integer); CREATE AGGREGATE f.total (integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '1'); ALTER AGGREGATE f.total(integer) OWNER TO app_owner",
    ),
  ),
  missing('aggregate f.total(integer)', 'DROP AGGREGATE f.total(integer)'),
  missing('operator f.===(f.pair,f.pair)', 'DROP OPERATOR f.=== (f.pair, f.pair)'),
  forPeople(
    changed(
      'operator f.===(f.pair,f.pair)',
      'restrict',
      'ALTER OPERATOR f.=== (f.pair, f.pair) SET (RESTRICT = eqsel)',
    ),
  ),
  missing('cast (f.pair AS text)', 'DROP CAST (f.pair AS text)'),
  forPeople(
    changed(
      'cast (f.pair AS text)',
      'context',
      'DROP CAST (f.pair AS text); CREATE CAST (f.pair AS text) WITH FUNCTION f.to_text(f.pair)',
    ),
  ),
  forPeople(missing('collation f.plain', 'DROP COLLATION f.plain')),
  forPeople(changed('type f.mood', 'labels', "ALTER TYPE f.mood ADD VALUE 'glad' AFTER 'ok'")),
  forPeople(changed('type f.pair', 'attributes', 'ALTER TYPE f.pair ADD ATTRIBUTE c text')),
  changed('type f.mood', 'owner', 'ALTER TYPE f.mood OWNER TO longhaul'),
  missing('type f.spans', 'DROP TYPE f.spans'),
  changed('domain f.positive', 'default', 'ALTER DOMAIN f.positive SET DEFAULT 2'),
  changed('domain f.positive', 'not null', 'ALTER DOMAIN f.positive DROP NOT NULL'),
  missing('domain constraint above_zero ON f.positive', 'ALTER DOMAIN f.positive DROP CONSTRAINT above_zero'),
  changed(
    'domain constraint above_zero ON f.positive',
    'validated',
    'ALTER DOMAIN f.positive DROP CONSTRAINT above_zero; ALTER DOMAIN f.positive ADD CONSTRAINT above_zero CHECK (VALUE > 0) NOT VALID',
  ),
  forPeople(
    changed('text search dictionary f.dict', 'options', 'ALTER TEXT SEARCH DICTIONARY f.dict (accept = false)'),
  ),
  forPeople(
    changed(
      'text search configuration f.conf',
      'mappings',
      'ALTER TEXT SEARCH CONFIGURATION f.conf DROP MAPPING FOR email',
    ),
  ),
  forPeople(missing('text search configuration f.conf', 'DROP TEXT SEARCH CONFIGURATION f.conf')),
  changed('schema f', 'owner', 'ALTER SCHEMA f OWNER TO longhaul'),
];

const PRIVILEGES: readonly ObjectFault[] = [
  notSo('GRANT USAGE ON SCHEMA f TO "app"', 'REVOKE USAGE ON SCHEMA f FROM app'),
  notSo('GRANT INSERT ON TABLE f.parent TO "app"', 'REVOKE INSERT ON f.parent FROM app'),
  notSo('GRANT SELECT ("note") ON TABLE f.child TO "reporting"', 'REVOKE SELECT (note) ON f.child FROM reporting'),
  notSo('REVOKE EXECUTE ON ROUTINE f.touch() FROM PUBLIC', 'GRANT EXECUTE ON FUNCTION f.touch() TO PUBLIC'),
  extra('grant GRANT DELETE ON TABLE f.parent TO "reporting"', 'GRANT DELETE ON f.parent TO reporting'),
  extra(
    'grant GRANT UPDATE ON TABLE f.child TO "reporting", given by app',
    'SET ROLE app; GRANT UPDATE ON f.child TO reporting; RESET ROLE',
  ),
  extra('grant GRANT SELECT ON TABLE f.child TO PUBLIC', 'GRANT SELECT ON f.child TO PUBLIC'),
  {
    object:
      'default privileges ALTER DEFAULT PRIVILEGES FOR ROLE "app_owner" IN SCHEMA "f" GRANT SELECT ON TABLES TO "reporting"',
    differs: 'is not so',
    change: 'ALTER DEFAULT PRIVILEGES FOR ROLE app_owner IN SCHEMA f REVOKE SELECT ON TABLES FROM reporting',
  },
  {
    object:
      'default privileges ALTER DEFAULT PRIVILEGES FOR ROLE "app_owner" IN SCHEMA "f" GRANT INSERT ON TABLES TO "reporting"',
    differs: 'is on the target only',
    change: 'ALTER DEFAULT PRIVILEGES FOR ROLE app_owner IN SCHEMA f GRANT INSERT ON TABLES TO reporting',
  },
];

/** Every single change of what databases usually have; the rest is in more-faults.ts. */
export const USUAL_FAULTS: readonly ObjectFault[] = [...TABLES, ...COLUMNS, ...OF_TABLES, ...OTHERS, ...PRIVILEGES];
