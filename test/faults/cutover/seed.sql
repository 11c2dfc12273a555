-- What an application keeps equal by itself: each account has the sum of its moves, and as many as are counted; each move is once in the log.
CREATE TABLE public.accounts (id integer PRIMARY KEY, balance bigint NOT NULL DEFAULT 0);
CREATE TABLE public.moves (id bigserial PRIMARY KEY, account integer NOT NULL REFERENCES public.accounts, amount bigint NOT NULL, token text NOT NULL);
CREATE TABLE public.log (token text NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE TABLE public.counted (account integer PRIMARY KEY, n bigint NOT NULL);
CREATE FUNCTION public.count_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE public.counted SET n = n + 1 WHERE account = NEW.account; RETURN NULL; END $$;
CREATE TRIGGER counting AFTER INSERT ON public.moves FOR EACH ROW EXECUTE PROCEDURE public.count_it();
-- Fires while changes are applied as well, and would count twice.
ALTER TABLE public.moves ENABLE ALWAYS TRIGGER counting;
INSERT INTO public.accounts SELECT n, 0 FROM generate_series(1, 200) AS n;
INSERT INTO public.counted SELECT n, 0 FROM generate_series(1, 200) AS n;
ALTER TABLE public.accounts OWNER TO app_owner;
ALTER TABLE public.moves OWNER TO app_owner;
ALTER TABLE public.log OWNER TO app_owner;
ALTER TABLE public.counted OWNER TO app_owner;
ALTER FUNCTION public.count_it() OWNER TO app_owner;
-- A role that is bound by no setting of the database.
CREATE ROLE batch LOGIN IN ROLE app_owner;
ANALYZE;
