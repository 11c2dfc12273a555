-- Rows and definitions that cannot be built back on a target, and states that are easily lost beside them.
-- Rows that break a validated foreign key, made while triggers were off.
CREATE TABLE parent (id int PRIMARY KEY, x text); INSERT INTO parent SELECT i, 'p' FROM generate_series(1, 10) i;
CREATE TABLE child_a (id int PRIMARY KEY, pid int REFERENCES parent);
CREATE TABLE child_b (id int PRIMARY KEY, pid int REFERENCES parent);
CREATE TABLE child_c (id int PRIMARY KEY, pid int REFERENCES parent);
CREATE TABLE child_d (id int PRIMARY KEY, pid int);
INSERT INTO child_a VALUES (1, 1); INSERT INTO child_c VALUES (1, 1);
SET session_replication_role = replica;
INSERT INTO child_b VALUES (1, 99), (2, 98); INSERT INTO child_a VALUES (2, 77); INSERT INTO child_d VALUES (1, 55);
RESET session_replication_role;
ALTER TABLE child_d ADD CONSTRAINT never_checked FOREIGN KEY (pid) REFERENCES parent NOT VALID;
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER t AFTER INSERT ON child_c FOR EACH ROW EXECUTE PROCEDURE tf();
CREATE TRIGGER off AFTER INSERT ON child_c FOR EACH ROW WHEN (NEW.id IN (1, 2)) EXECUTE PROCEDURE tf();
ALTER TABLE child_c DISABLE TRIGGER off;
CREATE MATERIALIZED VIEW mv AS SELECT count(*) FROM child_c;
-- One that reads another through a function, and comes before it by its name: no catalog knows.
CREATE FUNCTION of_mv() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count FROM public.mv';
CREATE MATERIALIZED VIEW after_mv AS SELECT public.of_mv() AS n; CREATE FUNCTION of_after() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT n FROM public.after_mv';
CREATE MATERIALIZED VIEW "a first" AS SELECT public.of_after() AS n;
CREATE RULE r AS ON DELETE TO child_c DO INSTEAD NOTHING;

-- A duplicate that a unique index has not seen.
CREATE TABLE users (id int PRIMARY KEY, email text); INSERT INTO users SELECT i, 'u' || i FROM generate_series(1, 1000) i;
CREATE UNIQUE INDEX users_email ON users (email); CREATE INDEX users_mod ON users ((id % 10));
COMMENT ON INDEX users_email IS 'one mailbox, one user';
UPDATE pg_index SET indisready = false, indislive = false WHERE indexrelid = 'users_email'::regclass;
INSERT INTO users VALUES (5001, 'u7');
UPDATE pg_index SET indisready = true, indislive = true WHERE indexrelid = 'users_email'::regclass;

-- An index whose function is gone astray, beside one with every mark.
CREATE TABLE big (id int PRIMARY KEY, u int NOT NULL, t text); INSERT INTO big SELECT i, i, 'x' FROM generate_series(1, 2000) i;
CREATE UNIQUE INDEX big_u ON big (u); ALTER TABLE big REPLICA IDENTITY USING INDEX big_u; ALTER TABLE big CLUSTER ON big_u;
CREATE INDEX big_e ON big ((id % 7)); ALTER INDEX big_e ALTER COLUMN 1 SET STATISTICS 500;
CREATE SCHEMA lost;
CREATE FUNCTION lost.inner_f(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower($1)';
CREATE FUNCTION outer_f(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN inner_f($1); END';
CREATE TABLE small (id int PRIMARY KEY, t text); INSERT INTO small VALUES (1, 'A');
SET search_path = public, lost; CREATE INDEX small_f ON small (outer_f(t));
CREATE MATERIALIZED VIEW mv_f AS SELECT outer_f(t) AS f FROM small; RESET search_path;
CREATE TABLE wide (id int PRIMARY KEY); ALTER TABLE wide REPLICA IDENTITY FULL;

-- Functions that are written for the search_path that the database has.
CREATE SCHEMA shop; SET search_path = shop;
CREATE FUNCTION fold(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT lower($1) $$;
CREATE FUNCTION fold_name(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN fold($1); END $$;
CREATE TABLE job (id int PRIMARY KEY, name text, st varchar(10)); INSERT INTO job SELECT i, 'Job ' || i, 'new' FROM generate_series(1, 100) i;
CREATE INDEX job_name ON job (fold_name(name)); CREATE INDEX job_st ON job (st) WHERE st IN ('new', 'done');
ALTER TABLE job ADD CONSTRAINT known CHECK (st IN ('new', 'done'));
RESET search_path; ALTER DATABASE app SET search_path = public, shop;

-- A check that was never validated, and rows that break it; comments on policies that are called like other objects.
CREATE TABLE t (id int PRIMARY KEY, x int); INSERT INTO t VALUES (1, 1), (2, NULL), (3, -5);
ALTER TABLE t ADD CONSTRAINT positive CHECK (x IS NOT NULL AND x > 0) NOT VALID;
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY "the INDEX of t" ON t USING (true); COMMENT ON POLICY "the INDEX of t" ON t IS 'not an index';
CREATE POLICY "a TRIGGER b" ON t USING (true); COMMENT ON POLICY "a TRIGGER b" ON t IS 'not a trigger';
CREATE TRIGGER "on POLICY x" BEFORE INSERT ON t FOR EACH ROW EXECUTE PROCEDURE tf(); COMMENT ON TRIGGER "on POLICY x" ON t IS 'a trigger';

-- A policy whose function is not on the target when its turn comes.
CREATE FUNCTION guard() RETURNS boolean LANGUAGE sql AS 'SELECT true'; CREATE POLICY guarded ON t USING (guard());

-- Partitions, one of which has its trigger disabled.
CREATE TABLE pt (id int, d date, PRIMARY KEY (id, d)) PARTITION BY RANGE (d);
CREATE TABLE pt1 PARTITION OF pt FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE pt2 PARTITION OF pt FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
CREATE INDEX ON pt (d); INSERT INTO pt VALUES (1, '2020-05-05'), (2, '2021-05-05');
CREATE TRIGGER touch BEFORE INSERT ON pt FOR EACH ROW EXECUTE PROCEDURE tf();
ALTER TABLE pt2 DISABLE TRIGGER touch; ALTER TABLE pt1 ENABLE ALWAYS TRIGGER touch;

-- What is configured of an extension, and who may use its functions.
CREATE EXTENSION hstore; CREATE TABLE cfg (name text, value text); ALTER EXTENSION hstore ADD TABLE cfg;
UPDATE pg_extension SET extconfig = ARRAY['cfg'::regclass::oid], extcondition = ARRAY['WHERE name <> ''own'''] WHERE extname = 'hstore';
INSERT INTO cfg VALUES ('own', '0'), ('a', '1'), ('b', '2'), ('c', '3');
CREATE ROLE clerk; REVOKE ALL ON FUNCTION hstore(text, text) FROM PUBLIC; GRANT EXECUTE ON FUNCTION hstore(text, text) TO clerk;
-- An extension that a managed server creates as its own: whoever restores may grant nothing on its functions.
CREATE EXTENSION fuzzystrmatch; GRANT EXECUTE ON FUNCTION soundex(text) TO clerk;
-- Rows that break a domain's check that was never validated: they are loaded, the first time and again.
CREATE DOMAIN pos AS int; CREATE TABLE of_pos (id int PRIMARY KEY, p pos); INSERT INTO of_pos VALUES (1, 1), (2, -2);
ALTER DOMAIN pos ADD CONSTRAINT pos_positive CHECK (VALUE > 0) NOT VALID;
