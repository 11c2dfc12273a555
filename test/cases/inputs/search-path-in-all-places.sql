-- Functions that find what they use by search_path, in every place where one can be without a row being refused: predicate of an index, exclusion constraint, extended statistics, default, policy, WHEN of a trigger, rule, view, a materialized view over a materialized view. Must come out: index, exclusion and views named by `check`, all of them there at the end.
CREATE SCHEMA shop; SET search_path = shop; CREATE EXTENSION btree_gist SCHEMA shop;
CREATE TABLE kinds (k text PRIMARY KEY); INSERT INTO kinds VALUES ('new'), ('paid');
CREATE FUNCTION fold(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT lower($1) $$;
CREATE FUNCTION folded(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN fold($1); END $$;
CREATE FUNCTION is_open(text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN fold($1) = 'new'; END $$;
CREATE FUNCTION next_kind() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT min(k) FROM kinds); END $$;
CREATE TABLE job (id serial PRIMARY KEY, name text, kind text DEFAULT next_kind(), span int4range, EXCLUDE USING gist (folded(name) WITH =, span WITH &&));
INSERT INTO job (name, span) SELECT 'Job ' || i, int4range(i, i + 1) FROM generate_series(1, 500) i;
CREATE INDEX job_open ON job (id) WHERE is_open(kind); CREATE STATISTICS job_stat ON (folded(name)), kind FROM job; ANALYZE job;
CREATE FUNCTION tg() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.name = fold(NEW.name); RETURN NEW; END';
CREATE TRIGGER job_t BEFORE INSERT OR UPDATE ON job FOR EACH ROW WHEN (is_open(NEW.kind)) EXECUTE FUNCTION tg(); ALTER TABLE job ENABLE ALWAYS TRIGGER job_t;
CREATE RULE job_r AS ON DELETE TO job WHERE is_open(OLD.kind) DO ALSO SELECT next_kind();
ALTER TABLE job ENABLE ROW LEVEL SECURITY; CREATE POLICY job_p ON job USING (is_open(kind)) WITH CHECK (folded(name) <> '');
CREATE VIEW open_jobs AS SELECT id, folded(name) AS name FROM job WHERE is_open(kind); CREATE MATERIALIZED VIEW a_top AS SELECT name FROM open_jobs; CREATE MATERIALIZED VIEW "0_over" AS SELECT folded(name) AS n, count(*) FROM a_top GROUP BY 1; CREATE UNIQUE INDEX ON "0_over" (n);
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = shop, public', current_database()); END $$;
