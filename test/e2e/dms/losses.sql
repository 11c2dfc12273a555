-- A table for each thing that AWS's documentation says DMS changes or drops.
CREATE TYPE public.mood AS ENUM ('calm', 'cross');
CREATE TYPE public.place AS (x integer, y integer);
CREATE TABLE public.rekeyed (id integer PRIMARY KEY, v varchar(10));
INSERT INTO public.rekeyed VALUES (1, 'a'), (2, 'b');
CREATE TABLE public.emptied (id integer PRIMARY KEY, v varchar(10));
INSERT INTO public.emptied VALUES (1, 'a'), (2, 'b');
CREATE TABLE public.times (id integer PRIMARY KEY, d date, t timestamp, z timestamptz);
CREATE TABLE public.numbers (id integer PRIMARY KEY, n numeric);
CREATE TABLE public.kinds (id integer PRIMARY KEY, mood public.mood, place public.place, span int4range, ip inet, mac macaddr, mac8 macaddr8, box box, circle circle,
  line line, lseg lseg, path path, o oid, query tsquery, words tsvector);
CREATE TABLE public.lists (id integer PRIMARY KEY, l integer[]);
CREATE TABLE public.padded (id integer PRIMARY KEY, v varchar(10));
CREATE TABLE public.bodies (id integer PRIMARY KEY, body text);
CREATE TABLE public.keyless (a integer, v varchar(10));
INSERT INTO public.keyless VALUES (1, 'a'), (2, 'b');
CREATE TABLE public.must_have (id integer PRIMARY KEY, body text NOT NULL);
DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['rekeyed', 'emptied', 'times', 'numbers', 'kinds', 'lists', 'padded', 'bodies', 'keyless', 'must_have'] LOOP
    EXECUTE format('ALTER TABLE public.%I OWNER TO app_owner', t);
  END LOOP;
END $$;
ANALYZE;
