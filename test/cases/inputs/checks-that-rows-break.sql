-- Checks that are valid by the catalog and that rows break all the same: one that asks the clock, one whose function was replaced since, one of a domain whose function was, one on a partition. pg_dump | psql fails on each. Must come out: named by `check` with the table before anything is touched, or every row there.
CREATE TABLE tokens (id int PRIMARY KEY, until timestamptz, CONSTRAINT not_over CHECK (until > now())); INSERT INTO tokens SELECT i, now() + interval '2 seconds' FROM generate_series(1, 50) i;
CREATE FUNCTION fits(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'; CREATE TABLE codes (id int PRIMARY KEY, code text, CONSTRAINT code_fits CHECK (public.fits(code))); INSERT INTO codes SELECT i, 'code ' || i FROM generate_series(1, 50) i;
CREATE OR REPLACE FUNCTION fits(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT length($1) < 7';
CREATE FUNCTION known(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'; CREATE DOMAIN label AS text CONSTRAINT label_known CHECK (public.known(VALUE)); CREATE TABLE labels (id int PRIMARY KEY, l label, many label[]); INSERT INTO labels SELECT i, 'label ' || i, ARRAY['label']::label[] FROM generate_series(1, 50) i;
CREATE OR REPLACE FUNCTION known(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT length($1) < 7';
CREATE TABLE parted (id int, until timestamptz, CONSTRAINT parted_not_over CHECK (until > now())) PARTITION BY LIST (id); CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1); INSERT INTO parted SELECT 1, now() + interval '2 seconds' FROM generate_series(1, 50) i;
SELECT pg_sleep(3);
