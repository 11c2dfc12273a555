import {anew, changed, extra, missing, notSo, type ObjectFault} from './fault.ts';
import {TYPE_FAULTS} from './type-faults.ts';

const TABLES: readonly ObjectFault[] = [
  anew(
    'table f.parted',
    'partitioned',
    'DROP TABLE f.parted; CREATE TABLE f.parted (id integer, part integer) PARTITION BY RANGE (part)',
    10,
  ),
  anew('table f.typed', 'type', 'ALTER TABLE f.typed NOT OF'),
  changed('table f.parted_1', 'partition of', 'ALTER TABLE f.parted DETACH PARTITION f.parted_1', 10),
  changed('table f.heir', 'access method', 'ALTER TABLE f.heir SET ACCESS METHOD f_heap', 15),
  changed('table f.child', 'keys not enforced', 'ALTER TABLE f.child DISABLE TRIGGER ALL'),
  changed('table f.parent', 'keys not enforced', 'ALTER TABLE f.parent DISABLE TRIGGER ALL'),
  anew(
    'foreign table f.away',
    'server',
    "DROP FOREIGN TABLE f.away; CREATE FOREIGN TABLE f.away (id integer) SERVER f_other OPTIONS (name 'x')",
  ),
  anew('foreign table f.away', 'checks', 'ALTER FOREIGN TABLE f.away ADD CONSTRAINT more CHECK (id > 0)'),
  anew('column f.away.id', 'foreign options', "ALTER FOREIGN TABLE f.away ALTER COLUMN id OPTIONS (ADD a 'b')"),
  anew(
    'column f.parent.at',
    'place',
    'ALTER TABLE f.parent DROP COLUMN at; ALTER TABLE f.parent ADD COLUMN at timestamptz DEFAULT now()',
  ),
  anew(
    'materialized view f.kept',
    'definition',
    'DROP MATERIALIZED VIEW f.kept; CREATE MATERIALIZED VIEW f.kept AS SELECT count(*) + 1 AS n FROM f.child',
  ),
  changed('materialized view f.kept', 'options', 'ALTER MATERIALIZED VIEW f.kept SET (fillfactor = 50)'),
  changed('sequence f.numbers', 'type', 'ALTER SEQUENCE f.numbers AS integer', 10),
  changed('sequence f.numbers', 'start', 'ALTER SEQUENCE f.numbers START WITH 11'),
  changed('sequence f.numbers', 'minimum', 'ALTER SEQUENCE f.numbers MINVALUE 5'),
  changed('sequence f.numbers', 'cycle', 'ALTER SEQUENCE f.numbers CYCLE'),
  changed('sequence f.fleeting', 'kept', 'ALTER SEQUENCE f.fleeting SET LOGGED', 15),
  anew(
    'policy own ON f.parent',
    'command',
    "DROP POLICY own ON f.parent; CREATE POLICY own ON f.parent FOR DELETE TO app USING (code <> 'hidden')",
  ),
  anew(
    'policy own ON f.parent',
    'permissive',
    "DROP POLICY own ON f.parent; CREATE POLICY own ON f.parent AS RESTRICTIVE FOR SELECT TO app USING (code <> 'hidden')",
    10,
  ),
  changed('policy fresh ON f.parent', 'check', 'ALTER POLICY fresh ON f.parent WITH CHECK (true)'),
];

const OF_TABLES: readonly ObjectFault[] = [
  {
    object: 'foreign key child_parent_fkey of f.child',
    differs: 'is there with another definition',
    change: 'ALTER TABLE f.child ALTER CONSTRAINT child_parent_fkey DEFERRABLE INITIALLY DEFERRED',
  },
  {
    object: 'check code_short of f.parent',
    differs: 'is there with another definition',
    change:
      'ALTER TABLE f.parent DROP CONSTRAINT code_short; ALTER TABLE f.parent ADD CONSTRAINT code_short CHECK (length(code) < 10) NO INHERIT',
  },
  {
    object: 'trigger checked of f.parent',
    differs: 'is there with another definition',
    change:
      'DROP TRIGGER checked ON f.parent; CREATE CONSTRAINT TRIGGER checked AFTER INSERT ON f.parent DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE PROCEDURE f.touch()',
  },
  missing('trigger instead of f.shown', 'DROP TRIGGER instead ON f.shown'),
  extra(
    'check x_there of f.strict',
    'ALTER TABLE f.strict ALTER COLUMN x DROP NOT NULL; ALTER TABLE f.strict ADD CONSTRAINT x_there NOT NULL x NOT VALID',
    18,
  ),
];

const ROUTINE = 'function f.double(integer,integer)';
const MOVING = 'CREATE AGGREGATE f.moving (integer) (SFUNC = int4pl, STYPE = integer, MSFUNC = int4pl, ';

function total(part: string, how: string, from = 0): ObjectFault {
  return anew(
    'aggregate f.total(integer)',
    part,
    `DROP AGGREGATE f.total(integer); CREATE AGGREGATE f.total (integer) (${how}, INITCOND = '0')`,
    from,
  );
}

function moving(part: string, how: string): ObjectFault {
  return anew('aggregate f.moving(integer)', part, `DROP AGGREGATE f.moving(integer); ${MOVING}${how})`);
}

const ROUTINES: readonly ObjectFault[] = [
  changed(
    ROUTINE,
    'language',
    "CREATE OR REPLACE FUNCTION f.double(x integer, y integer DEFAULT 2) RETURNS integer LANGUAGE plpgsql IMMUTABLE STRICT AS 'BEGIN RETURN x * y; END'",
  ),
  anew(
    ROUTINE,
    'returns',
    "DROP FUNCTION f.double(integer, integer); CREATE FUNCTION f.double(x integer, y integer DEFAULT 2) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT AS 'SELECT (x * y)::bigint'",
  ),
  changed(ROUTINE, 'leakproof', 'ALTER FUNCTION f.double(integer, integer) LEAKPROOF'),
  changed('function f.each()', 'rows', 'ALTER FUNCTION f.each() ROWS 7'),
  changed(
    'function f.counted(integer)',
    'body',
    'CREATE OR REPLACE FUNCTION f.counted(n integer) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM f.told p WHERE p.id > n; END',
    14,
  ),
  total('state function', 'SFUNC = int4mul, STYPE = integer'),
  total('final function', 'SFUNC = int4pl, STYPE = integer, FINALFUNC = int4abs'),
  total('state type', 'SFUNC = int84pl, STYPE = bigint'),
  total('sort operator', 'SFUNC = int4pl, STYPE = integer, SORTOP = OPERATOR(pg_catalog.<)'),
  total('combine function', 'SFUNC = int4pl, STYPE = integer, COMBINEFUNC = int4pl'),
  total('parallel', 'SFUNC = int4pl, STYPE = integer, PARALLEL = SAFE'),
  total('state size', 'SFUNC = int4pl, STYPE = integer, SSPACE = 64'),
  total('modifies', 'SFUNC = int4pl, STYPE = integer, FINALFUNC = int4abs, FINALFUNC_MODIFY = READ_WRITE', 11),
  moving('inverse state function', "MINVFUNC = int4pl, MSTYPE = integer, MINITCOND = '0'"),
  moving('moving final function', "MINVFUNC = int4mi, MSTYPE = integer, MFINALFUNC = int4abs, MINITCOND = '0'"),
  moving('first moving state', "MINVFUNC = int4mi, MSTYPE = integer, MINITCOND = '1'"),
];

/** What nobody has granted, and everybody, or the owner, has all the same. */
const REVOKED: readonly ObjectFault[] = [
  notSo(
    'GRANT EXECUTE ON ROUTINE f.double(integer,integer) TO PUBLIC',
    'REVOKE EXECUTE ON FUNCTION f.double(integer, integer) FROM PUBLIC',
  ),
  notSo('GRANT USAGE ON TYPE f.positive TO PUBLIC', 'REVOKE USAGE ON DOMAIN f.positive FROM PUBLIC'),
  notSo('GRANT UPDATE ON TABLE f.parent TO "app_owner"', 'REVOKE UPDATE ON f.parent FROM app_owner'),
  notSo('GRANT CREATE ON SCHEMA f TO "app_owner"', 'REVOKE CREATE ON SCHEMA f FROM app_owner'),
  notSo('GRANT TEMPORARY ON DATABASE "app" TO PUBLIC', 'REVOKE TEMPORARY ON DATABASE app FROM PUBLIC'),
];

/** A change of each part of each kind that the other lists have none of. */
export const PART_FAULTS: readonly ObjectFault[] = [...TABLES, ...OF_TABLES, ...ROUTINES, ...TYPE_FAULTS, ...REVOKED];
