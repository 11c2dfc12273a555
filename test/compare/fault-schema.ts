/** What every release has, but for what only a superuser may make. */
const USUAL = `
  CREATE SCHEMA f AUTHORIZATION app_owner;
  SET ROLE app_owner;
  CREATE TYPE f.mood AS ENUM ('sad', 'ok', 'happy');
  CREATE TYPE f.pair AS (a integer, b text);
  COMMENT ON COLUMN f.pair.a IS 'left';
  CREATE TYPE f.spans AS RANGE (SUBTYPE = float8);
  CREATE TYPE f.words AS RANGE (SUBTYPE = text, COLLATION = "C");
  CREATE DOMAIN f.code AS text COLLATE "C";
  CREATE DOMAIN f.positive AS integer DEFAULT 1 NOT NULL CONSTRAINT above_zero CHECK (VALUE > 0);
  CREATE SEQUENCE f.numbers START WITH 10 INCREMENT BY 5 CACHE 20;
  CREATE FUNCTION f.double(x integer, y integer DEFAULT 2) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS 'SELECT x * y';
  CREATE FUNCTION f.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE FUNCTION f.same(a f.pair, b f.pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT (a).a = (b).a';
  CREATE AGGREGATE f.total (integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');
  CREATE AGGREGATE f.moving (integer) (SFUNC = int4pl, STYPE = integer, MSFUNC = int4pl, MINVFUNC = int4mi, MSTYPE = integer, MINITCOND = '0');
  CREATE FUNCTION f.each() RETURNS SETOF integer LANGUAGE sql AS 'SELECT 1';
  CREATE OPERATOR f.=== (PROCEDURE = f.same, LEFTARG = f.pair, RIGHTARG = f.pair);
  CREATE FUNCTION f.to_text(f.pair) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ($1).b';
  CREATE CAST (f.pair AS text) WITH FUNCTION f.to_text(f.pair) AS ASSIGNMENT;
  CREATE COLLATION f.plain FROM "C";
  CREATE TEXT SEARCH DICTIONARY f.dict (TEMPLATE = simple);
  CREATE TEXT SEARCH CONFIGURATION f.conf (COPY = simple);
  CREATE TABLE f.parent (id serial PRIMARY KEY, code text COLLATE "C" NOT NULL DEFAULT 'x', amount numeric(12, 2), at timestamptz DEFAULT now(), big text);
  ALTER TABLE f.parent ALTER COLUMN big SET STORAGE EXTERNAL, ALTER COLUMN code SET STATISTICS 321;
  ALTER TABLE f.parent ADD CONSTRAINT code_short CHECK (length(code) < 10), SET (fillfactor = 70);
  CREATE UNIQUE INDEX parent_code ON f.parent (code);
  CREATE INDEX parent_amount ON f.parent (amount) WHERE amount > 0;
  CREATE TABLE f.child (id integer PRIMARY KEY, parent integer REFERENCES f.parent (id), note text);
  CREATE TABLE f.heir (extra text) INHERITS (f.child);
  CREATE TYPE f.sort AS (a integer, b text);
  CREATE TABLE f.typed OF f.sort;
  CREATE VIEW f.shown WITH (security_barrier = true) AS SELECT id, code FROM f.parent WHERE amount > 0;
  CREATE MATERIALIZED VIEW f.kept AS SELECT count(*) AS n FROM f.child;
  CREATE RULE no_delete AS ON DELETE TO f.child DO INSTEAD NOTHING;
  CREATE TRIGGER touched BEFORE UPDATE ON f.parent FOR EACH ROW EXECUTE PROCEDURE f.touch();
  CREATE POLICY own ON f.parent FOR SELECT TO app USING (code <> 'hidden');
  CREATE POLICY fresh ON f.parent FOR INSERT TO app WITH CHECK (code <> 'x');
  CREATE CONSTRAINT TRIGGER checked AFTER INSERT ON f.parent DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE PROCEDURE f.touch();
  CREATE TRIGGER instead INSTEAD OF INSERT ON f.shown FOR EACH ROW EXECUTE PROCEDURE f.touch();
  ALTER TABLE f.parent ENABLE ROW LEVEL SECURITY;
  ALTER TABLE f.child REPLICA IDENTITY FULL;
  COMMENT ON TABLE f.parent IS 'the parents';
  COMMENT ON COLUMN f.parent.code IS 'a code';
  COMMENT ON FUNCTION f.double(integer, integer) IS 'twice';
  COMMENT ON INDEX f.parent_code IS 'codes once';
  COMMENT ON CONSTRAINT code_short ON f.parent IS 'short';
  COMMENT ON TRIGGER touched ON f.parent IS 'touches';
  GRANT USAGE ON SCHEMA f TO app;
  GRANT SELECT, INSERT ON f.parent TO app;
  GRANT UPDATE ON f.child TO app WITH GRANT OPTION;
  GRANT UPDATE ON f.child TO reporting;
  GRANT DELETE ON f.child TO app WITH GRANT OPTION;
  GRANT SELECT (note) ON f.child TO reporting;
  GRANT EXECUTE ON FUNCTION f.double(integer, integer) TO reporting;
  REVOKE EXECUTE ON FUNCTION f.touch() FROM PUBLIC;
  ALTER DEFAULT PRIVILEGES IN SCHEMA f GRANT SELECT ON TABLES TO reporting;
  RESET ROLE;
  SET ROLE app;
  GRANT DELETE ON f.child TO reporting;
  RESET ROLE;
`;

/** What only a superuser may make, and what more there is of it. */
const OF_SUPERUSERS = `
  CREATE EXTENSION citext SCHEMA f;
  CREATE OPERATOR CLASS f.int_ops FOR TYPE integer USING btree AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(integer, integer);
  CREATE OPERATOR FAMILY f.lonely USING btree;
  ALTER OPERATOR FAMILY f.lonely USING btree ADD FUNCTION 2 (integer, integer) btint4sortsupport(internal);
  CREATE TYPE f.raw;
  CREATE FUNCTION f.raw_in(cstring) RETURNS f.raw LANGUAGE internal IMMUTABLE STRICT AS 'textin';
  CREATE FUNCTION f.raw_out(f.raw) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
  CREATE TYPE f.raw (INPUT = f.raw_in, OUTPUT = f.raw_out);
  CREATE ACCESS METHOD f_index TYPE INDEX HANDLER bthandler;
  CREATE TRANSFORM FOR smallint LANGUAGE plpgsql (FROM SQL WITH FUNCTION prsd_lextype(internal), TO SQL WITH FUNCTION int2recv(internal));
  CREATE LANGUAGE f_language HANDLER plpgsql_call_handler;
  ALTER OPERATOR CLASS f.int_ops USING btree OWNER TO app_owner;
  ALTER OPERATOR FAMILY f.int_ops USING btree OWNER TO app_owner;
  ALTER OPERATOR FAMILY f.lonely USING btree OWNER TO app_owner;
  CREATE TEXT SEARCH PARSER f.parser (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
  CREATE TEXT SEARCH TEMPLATE f.template (INIT = dsimple_init, LEXIZE = dsimple_lexize);
  CREATE CONVERSION f.conversion FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
  ALTER CONVERSION f.conversion OWNER TO app_owner;
  CREATE FOREIGN DATA WRAPPER f_wrapper;
  CREATE SERVER f_server FOREIGN DATA WRAPPER f_wrapper OPTIONS (host 'a');
  ALTER SERVER f_server OWNER TO app_owner;
  CREATE SERVER f_other TYPE 'a' VERSION '1' FOREIGN DATA WRAPPER f_wrapper;
  GRANT USAGE ON FOREIGN SERVER f_server TO app;
  CREATE USER MAPPING FOR app SERVER f_server;
  CREATE FOREIGN TABLE f.away (id integer) SERVER f_server OPTIONS (name 'x');
  ALTER FOREIGN TABLE f.away OWNER TO app_owner;
  CREATE FUNCTION f.notice() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
  CREATE EVENT TRIGGER f_notice ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'DROP TABLE') EXECUTE PROCEDURE f.notice();
  SELECT lo_create(7100);
  ALTER LARGE OBJECT 7100 OWNER TO app_owner;
  GRANT SELECT ON LARGE OBJECT 7100 TO app;
  COMMENT ON LARGE OBJECT 7100 IS 'a file';
  SET ROLE app_owner;
  CREATE FUNCTION f.next() RETURNS integer LANGUAGE sql AS 'SELECT 7';
  CREATE TABLE f.marked (id integer NOT NULL, at date, n integer DEFAULT f.next(), CONSTRAINT marked_once UNIQUE (at) DEFERRABLE);
  CREATE UNIQUE INDEX marked_id ON f.marked (id);
  CREATE INDEX marked_at ON f.marked (at);
  ALTER TABLE f.marked REPLICA IDENTITY USING INDEX marked_id;
  ALTER TABLE f.marked CLUSTER ON marked_at;
  GRANT USAGE ON SEQUENCE f.numbers TO app;
  REVOKE USAGE ON TYPE f.mood FROM PUBLIC;
  ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
  RESET ROLE;
`;

/** What came later, by the release. */
const LATER: readonly (readonly [from: number, sql: string])[] = [
  [
    10,
    `
  SET ROLE app_owner;
  CREATE STATISTICS f.both_columns (dependencies) ON code, amount FROM f.parent;
  CREATE TABLE f.numbered (id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, note text);
  CREATE TABLE f.parted (id integer, part integer) PARTITION BY LIST (part);
  CREATE TABLE f.parted_1 PARTITION OF f.parted FOR VALUES IN (1);
  RESET ROLE;
  CREATE PUBLICATION f_changes FOR TABLE ONLY f.numbered, ONLY f.marked WITH (publish = 'insert, update');
  ALTER PUBLICATION f_changes OWNER TO app_owner;
`,
  ],
  [
    11,
    `
  SET ROLE app_owner;
  CREATE PROCEDURE f.work(x integer) LANGUAGE plpgsql AS 'BEGIN END';
  CREATE TRIGGER of_all AFTER INSERT ON f.parted FOR EACH ROW EXECUTE PROCEDURE f.touch();
  CREATE INDEX marked_next ON f.marked ((id + 1));
  ALTER INDEX f.marked_next ALTER COLUMN 1 SET STATISTICS 500;
  RESET ROLE;
`,
  ],
  [
    12,
    `
  SET ROLE app_owner;
  CREATE TABLE f.made (id integer PRIMARY KEY, twice integer GENERATED ALWAYS AS (id * 2) STORED);
  RESET ROLE;
  CREATE ACCESS METHOD f_heap TYPE TABLE HANDLER heap_tableam_handler;
`,
  ],
  [
    14,
    `
  SET ROLE app_owner;
  CREATE TABLE f.told (id integer PRIMARY KEY, note text);
  CREATE FUNCTION f.counted(n integer) RETURNS bigint LANGUAGE sql
    BEGIN ATOMIC SELECT count(*) FROM f.told p JOIN f.told c ON c.id = p.id WHERE p.id > n GROUP BY p.note ORDER BY 1 LIMIT 1; END;
  CREATE FUNCTION f.alone(n integer) RETURNS bigint LANGUAGE sql
    BEGIN ATOMIC SELECT count(*) FROM f.told WHERE id > n GROUP BY note; END;
  CREATE FUNCTION f.added(n integer) RETURNS integer LANGUAGE sql
    BEGIN ATOMIC INSERT INTO f.told (id, note) VALUES (n, upper('a' || n)) ON CONFLICT (id) DO UPDATE SET note = excluded.note RETURNING id; END;
  RESET ROLE;
`,
  ],
  [
    15,
    `
  SET ROLE app_owner;
  CREATE UNLOGGED SEQUENCE f.fleeting;
  RESET ROLE;
`,
  ],
  [
    16,
    `
  SET ROLE app_owner;
  CREATE COLLATION f.ruled (provider = icu, locale = 'und', rules = '&a < b');
  RESET ROLE;
`,
  ],
  [
    18,
    `
  SET ROLE app_owner;
  CREATE TABLE f.strict (x integer, CONSTRAINT x_there NOT NULL x);
  RESET ROLE;
`,
  ],
];

/** Objects of every kind that servers of this release have, for both sides: made as superuser, given to app_owner where that can be said. */
export function faultSchema(release: number): string {
  return [USUAL, OF_SUPERUSERS, ...LATER.flatMap(([from, sql]) => (release >= from ? [sql] : []))].join('');
}
