-- A check constraint calls a function that writes: COPY evaluates it for each row, and what it writes on the target is there beside the rows that are copied. Must come out: no row twice; or named by `check`.
CREATE TABLE audit (id serial, what text); CREATE FUNCTION noted(text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.audit (what) VALUES ($1); RETURN true; END $$;
CREATE TABLE t (id int PRIMARY KEY, v text, CONSTRAINT is_noted CHECK (public.noted(v))); INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 40) i;
CREATE SEQUENCE counted; CREATE TABLE u (id int PRIMARY KEY, CONSTRAINT is_counted CHECK (nextval('public.counted') > 0)); INSERT INTO u SELECT generate_series(1, 10);
