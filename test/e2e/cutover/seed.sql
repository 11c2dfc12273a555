-- What a cutover has to bring over: sequences of every kind, keys, triggers in every state, a view with rows.
CREATE TABLE public.accounts (id integer PRIMARY KEY, balance bigint NOT NULL DEFAULT 0);
CREATE TABLE public.moves (id bigserial PRIMARY KEY, account integer NOT NULL REFERENCES public.accounts, amount bigint NOT NULL, seen text);
CREATE TABLE public.counted (account integer PRIMARY KEY, n bigint NOT NULL);
-- Nobody writes here, and no autovacuum comes by.
CREATE TABLE public.countries (code text PRIMARY KEY, name text);
CREATE INDEX countries_name ON public.countries (lower(name));
INSERT INTO public.countries SELECT n::text, 'country ' || n FROM generate_series(1, 200) AS n;
CREATE SEQUENCE public.unused;
CREATE SEQUENCE public.down INCREMENT -3 MAXVALUE 1000 MINVALUE -1000 START 1000 CYCLE;
CREATE FUNCTION public.mark() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.seen := coalesce(NEW.seen, '') || TG_NAME; RETURN NEW; END $$;
CREATE FUNCTION public.count_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO public.counted VALUES (NEW.account, 1); RETURN NULL; EXCEPTION WHEN unique_violation THEN
  UPDATE public.counted SET n = n + 1 WHERE account = NEW.account; RETURN NULL; END $$;
CREATE TRIGGER at_origin BEFORE INSERT ON public.moves FOR EACH ROW EXECUTE PROCEDURE public.mark();
CREATE TRIGGER never BEFORE INSERT ON public.moves FOR EACH ROW EXECUTE PROCEDURE public.mark();
CREATE TRIGGER counting AFTER INSERT ON public.moves FOR EACH ROW EXECUTE PROCEDURE public.count_it();
ALTER TABLE public.moves DISABLE TRIGGER never;
-- Fires while changes are applied, too, and would count twice.
ALTER TABLE public.moves ENABLE ALWAYS TRIGGER counting;
INSERT INTO public.accounts SELECT n, 0 FROM generate_series(1, 200) AS n;
ALTER TABLE public.accounts ADD CONSTRAINT sane CHECK (balance > -1000000000);
CREATE STATISTICS public.together (dependencies) ON code, name FROM public.countries;
-- As pg_cron has it; no server here has that.
CREATE SCHEMA cron;
CREATE TABLE cron.job (jobid bigserial PRIMARY KEY, schedule text NOT NULL, command text NOT NULL, nodename text NOT NULL DEFAULT '', nodeport int NOT NULL DEFAULT 5432,
  database text NOT NULL DEFAULT current_database(), username text NOT NULL DEFAULT current_user, active boolean NOT NULL DEFAULT true, jobname name);
INSERT INTO cron.job (schedule, command, active, jobname) VALUES ('0 3 * * *', 'SELECT 1', true, 'nightly'), ('* * * * *', 'SELECT 2', false, 'off');
ALTER TABLE cron.job OWNER TO app_owner;
ALTER SCHEMA cron OWNER TO app_owner;
CREATE MATERIALIZED VIEW public.totals AS SELECT count(*) AS n FROM public.moves;
SELECT nextval('public.down') FROM generate_series(1, 5);
ALTER TABLE public.countries OWNER TO app_owner;
ALTER TABLE public.accounts OWNER TO app_owner;
ALTER TABLE public.moves OWNER TO app_owner;
ALTER TABLE public.counted OWNER TO app_owner;
ALTER SEQUENCE public.unused OWNER TO app_owner;
ALTER SEQUENCE public.down OWNER TO app_owner;
ALTER MATERIALIZED VIEW public.totals OWNER TO app_owner;
ALTER STATISTICS public.together OWNER TO app_owner;
ALTER FUNCTION public.mark() OWNER TO app_owner;
ALTER FUNCTION public.count_it() OWNER TO app_owner;
ANALYZE;
