-- Rows that are NULL where their column is NOT NULL by now, and a domain's: somebody has set it in the catalog, and an empty subquery gets by the domain. pg_dump | psql fails on them. Must come out: a blocker of `check` that names both columns.
CREATE DOMAIN code AS text NOT NULL;
CREATE TABLE t (id int PRIMARY KEY, v text, c code); INSERT INTO t SELECT i, CASE WHEN i % 10 > 0 THEN 'v' END, 'c' FROM generate_series(1, 100) i; ANALYZE t; UPDATE pg_attribute SET attnotnull = true WHERE attrelid = 't'::regclass AND attname = 'v';
CREATE TABLE u (id int PRIMARY KEY, c code); INSERT INTO u SELECT i, (SELECT c FROM t WHERE false) FROM generate_series(1, 100) i; ANALYZE u;
