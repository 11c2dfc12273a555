-- A database that is loaded in a moment.
CREATE TABLE public.accounts (id integer PRIMARY KEY, owner text NOT NULL);
CREATE TABLE public.entries (id serial PRIMARY KEY, account integer NOT NULL REFERENCES public.accounts, amount integer NOT NULL);
INSERT INTO public.accounts SELECT n, 'owner ' || n FROM generate_series(1, 100) AS n;
INSERT INTO public.entries (account, amount) SELECT 1 + n % 100, n FROM generate_series(1, 1000) AS n;
CREATE INDEX entries_account ON public.entries (account);
ANALYZE;
