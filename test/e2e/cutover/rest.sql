-- What no change capture carries: rows of tables without a key that are changed, large objects, unlogged tables.
CREATE TABLE public.moves (id bigserial PRIMARY KEY, account integer NOT NULL, amount bigint NOT NULL);
CREATE TABLE public.accounts (id integer PRIMARY KEY, balance bigint NOT NULL DEFAULT 0);
INSERT INTO public.accounts SELECT n, 0 FROM generate_series(1, 200) AS n;
CREATE TABLE public.log (at timestamptz, words text, amount numeric);
INSERT INTO public.log SELECT '2026-01-01'::timestamptz + n * interval '1 s', 'line ' || n % 50, n / 7.0 FROM generate_series(1, 2000) AS n;
INSERT INTO public.log SELECT * FROM public.log WHERE words = 'line 7';
CREATE TABLE public.quiet (words text);
INSERT INTO public.quiet SELECT 'same ' || n % 3 FROM generate_series(1, 300) AS n;
-- Another refers to it, and its triggers count: neither may be touched by the copy.
CREATE TABLE public.tags (code text UNIQUE, words text);
CREATE TABLE public.tagged (id integer PRIMARY KEY, code text REFERENCES public.tags (code) ON DELETE CASCADE);
CREATE TABLE public.counted (n bigint PRIMARY KEY);
CREATE FUNCTION public.count_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.counted SELECT coalesce(max(n), 0) + 1 FROM public.counted; RETURN NEW; END $$;
INSERT INTO public.tags SELECT 'code ' || n, 'words' FROM generate_series(1, 50) AS n;
INSERT INTO public.tagged SELECT n, 'code ' || n FROM generate_series(1, 50) AS n;
CREATE TRIGGER counting BEFORE INSERT ON public.tags FOR EACH ROW EXECUTE PROCEDURE public.count_it();
-- Large, and few of its rows are changed: about 10 MB.
CREATE TABLE public.lines (n integer, words text);
INSERT INTO public.lines SELECT n % 50000, repeat('w', 150) || n % 7 FROM generate_series(1, 55000) AS n;
CREATE UNLOGGED TABLE public.sessions (id integer PRIMARY KEY, words text);
INSERT INTO public.sessions SELECT n, 'session ' || n FROM generate_series(1, 100) AS n;
SELECT lo_from_bytea(n, decode(repeat('0a0b', n), 'hex')) FROM generate_series(70001, 70040) AS n;
SELECT lo_put(70001, 300000, decode(repeat('ff', 700000), 'hex'));
ALTER TABLE public.moves OWNER TO app_owner;
ALTER TABLE public.accounts OWNER TO app_owner;
ALTER TABLE public.log OWNER TO app_owner;
ALTER TABLE public.quiet OWNER TO app_owner;
ALTER TABLE public.tags OWNER TO app_owner;
ALTER TABLE public.tagged OWNER TO app_owner;
ALTER TABLE public.counted OWNER TO app_owner;
ALTER TABLE public.lines OWNER TO app_owner;
ALTER TABLE public.sessions OWNER TO app_owner;
ALTER FUNCTION public.count_it() OWNER TO app_owner;
DO $$ BEGIN FOR o IN 70001..70040 LOOP EXECUTE format('ALTER LARGE OBJECT %s OWNER TO app_owner', o); END LOOP; END $$;
ANALYZE;
