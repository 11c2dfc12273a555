-- A function of one's own that was made a member of an extension, and that a check and an index call: pg_dump leaves it out. Must come out: named before anything is touched.
CREATE EXTENSION pg_trgm; CREATE FUNCTION helper(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT length($1) > 0'; ALTER EXTENSION pg_trgm ADD FUNCTION helper(text);
CREATE TABLE t (id int PRIMARY KEY, v text CHECK (public.helper(v))); INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 100) i;
