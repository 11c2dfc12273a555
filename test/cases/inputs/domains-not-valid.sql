-- Domains with NOT VALID checks, domains over domains, over arrays and composites, with defaults, NOT NULL, collations; a check that calls a function by search_path of its own.
CREATE DOMAIN d_text AS text; CREATE TABLE t_dom (id int PRIMARY KEY, d d_text, dd d_text[]); INSERT INTO t_dom VALUES (1, 'bad', ARRAY['bad', 'good']);
ALTER DOMAIN d_text ADD CONSTRAINT no_bad CHECK (VALUE <> 'bad') NOT VALID;
CREATE DOMAIN d_pos AS int DEFAULT 7 NOT NULL CHECK (VALUE > 0); CREATE DOMAIN d_small AS d_pos CHECK (VALUE < 100); COMMENT ON DOMAIN d_small IS 'it''s; small'; COMMENT ON CONSTRAINT d_small_check ON DOMAIN d_small IS 'check of "it"';
CREATE TABLE t_small (id int PRIMARY KEY, s d_small, a d_small[] DEFAULT ARRAY[1, 2]::d_small[]); INSERT INTO t_small (id) SELECT g FROM generate_series(1, 50) g;
CREATE TYPE pair AS (x d_pos, y text COLLATE "C"); CREATE TABLE t_pair (p pair, q pair[]); INSERT INTO t_pair VALUES (ROW(1, 'a,"b"'), ARRAY[ROW(2, NULL)::pair, ROW(3, '\\')::pair]);
CREATE SCHEMA rules; CREATE TABLE rules.allowed (v text PRIMARY KEY); INSERT INTO rules.allowed VALUES ('a');
CREATE FUNCTION rules.ok(v text) RETURNS boolean LANGUAGE plpgsql SET search_path = rules, pg_catalog AS $$ BEGIN RETURN v IS NOT NULL AND length(v) < 10; END $$;
CREATE DOMAIN d_ok AS text CHECK (rules.ok(VALUE)); CREATE TABLE t_ok (v d_ok); INSERT INTO t_ok VALUES ('a'), ('b');
CREATE COLLATION mine (lc_collate = 'C', lc_ctype = 'C'); CREATE DOMAIN d_mine AS text COLLATE mine; CREATE TABLE t_mine (v d_mine, w text COLLATE mine); CREATE INDEX ON t_mine (v, w COLLATE "POSIX" text_pattern_ops DESC NULLS LAST); INSERT INTO t_mine VALUES ('Z', 'a'), ('a', 'Z');
