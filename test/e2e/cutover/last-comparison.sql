-- Two small tables that nobody writes to, and one that is large, and written to before the cutover; views that can and cannot be filled beside readers; a sequence that is behind its column.
-- Without an index: who reads the definitions of all indexes would wait as well where they are locked.
CREATE TABLE public.held_a (id integer, words text);
CREATE TABLE public.held_b (id integer, words text);
ALTER TABLE public.held_a REPLICA IDENTITY FULL;
ALTER TABLE public.held_b REPLICA IDENTITY FULL;
-- Somebody alters it on the open target.
CREATE TABLE public.altered (id integer PRIMARY KEY, words text, extra text);
INSERT INTO public.altered SELECT n, repeat('altered ', 10) FROM generate_series(1, 1500) AS n;
ALTER TABLE public.altered OWNER TO app_owner;
CREATE TABLE public.still (id integer PRIMARY KEY, words text);
CREATE TABLE public.busy (id serial PRIMARY KEY, words text);
INSERT INTO public.held_a SELECT n, 'a' || n FROM generate_series(1, 10) AS n;
INSERT INTO public.held_b SELECT n, 'b' || n FROM generate_series(1, 10) AS n;
INSERT INTO public.still SELECT n, repeat('still ', 10) FROM generate_series(1, 3000) AS n;
INSERT INTO public.busy (words) SELECT repeat('busy ', 20) FROM generate_series(1, 20000) AS n;
INSERT INTO public.busy (id, words) VALUES (900000, 'by hand');
CREATE MATERIALIZED VIEW public.plain AS SELECT count(*) AS n FROM public.busy;
CREATE MATERIALIZED VIEW public.keyed AS SELECT 1 AS id, count(*) AS n, timestamptz '2026-01-01 12:00Z'::text AS noon FROM public.busy;
ALTER DATABASE app SET timezone = 'Asia/Tokyo';
CREATE UNIQUE INDEX ON public.keyed (id);
ALTER TABLE public.held_a OWNER TO app_owner;
ALTER TABLE public.held_b OWNER TO app_owner;
ALTER TABLE public.still OWNER TO app_owner;
ALTER TABLE public.busy OWNER TO app_owner;
ALTER MATERIALIZED VIEW public.plain OWNER TO app_owner;
ALTER MATERIALIZED VIEW public.keyed OWNER TO app_owner;
ANALYZE;
