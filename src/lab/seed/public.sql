CREATE TABLE public.accounts (id integer PRIMARY KEY, balance bigint NOT NULL DEFAULT 0);
INSERT INTO public.accounts SELECT i, 0 FROM generate_series(1, (100000 * :scale)::int) AS i;
