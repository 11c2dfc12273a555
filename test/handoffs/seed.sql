-- Small tables of every kind that change capture treats in its own way, for many rounds in a few minutes.
CREATE TABLE public.accounts (id integer PRIMARY KEY, balance bigint NOT NULL DEFAULT 0, note text);
CREATE TABLE public.moves (id bigserial PRIMARY KEY, account integer NOT NULL REFERENCES public.accounts, amount bigint NOT NULL);
CREATE TABLE public.log (account integer NOT NULL, amount bigint NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE TABLE public.whole (a integer, b text);
ALTER TABLE public.whole REPLICA IDENTITY FULL;
CREATE TABLE public.big (id integer PRIMARY KEY, body text NOT NULL, n integer NOT NULL DEFAULT 0);
INSERT INTO public.accounts SELECT n, 0, 'opened' FROM generate_series(1, 200) AS n;
INSERT INTO public.whole SELECT n, 'w' || n FROM generate_series(1, 50) AS n;
-- Out of line, so that an update of n alone brings no body.
INSERT INTO public.big SELECT n, (SELECT string_agg(md5((n * 1000 + j)::text), '') FROM generate_series(1, 300) AS j) FROM generate_series(1, 20) AS n;
ALTER TABLE public.accounts OWNER TO app_owner;
ALTER TABLE public.moves OWNER TO app_owner;
ALTER TABLE public.log OWNER TO app_owner;
ALTER TABLE public.whole OWNER TO app_owner;
ALTER TABLE public.big OWNER TO app_owner;
ANALYZE;
