-- What years of administration leave in a database, run as superuser after the tables: what a role without superuser cannot restore as it
-- is, and what a copy of the catalog alone would trip over.

-- Default privileges of a superuser, which nobody else may set.
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO reporting;
ALTER DEFAULT PRIVILEGES FOR ROLE app_owner IN SCHEMA billing GRANT SELECT ON TABLES TO reporting;

-- A grant that not the owner made.
GRANT SELECT ON public.lookup_2 TO app WITH GRANT OPTION;
SET ROLE app;
GRANT SELECT ON public.lookup_2 TO reporting;
RESET ROLE;

-- A large object of a superuser's, opened to a role.
SELECT lo_from_bytea(0, convert_to(repeat('of a superuser ', 50), 'UTF8')) AS loid \gset
GRANT SELECT ON LARGE OBJECT :loid TO reporting;

-- An index whose CREATE INDEX CONCURRENTLY failed and that nobody dropped: its table holds duplicates.
CREATE TABLE public.twice (id integer PRIMARY KEY, code text NOT NULL);
ALTER TABLE public.twice OWNER TO app_owner;
INSERT INTO public.twice SELECT i, 'same' FROM generate_series(1, 5) AS i;
CREATE INDEX twice_code ON public.twice (code);
UPDATE pg_index SET indisvalid = false, indisunique = true WHERE indexrelid = 'public.twice_code'::regclass;
COMMENT ON INDEX public.twice_code IS 'on an index that does not come along';

-- Comments on what is taken off the target and comes back, some of it only at cutover.
COMMENT ON INDEX public.audit_log_at IS 'brin: rows come in order of time';
COMMENT ON CONSTRAINT accounts_email_key ON public.accounts IS 'one account per address; it''s a rule';
COMMENT ON TRIGGER accounts_touch ON public.accounts IS 'keeps updated_at';
ALTER TABLE public.lookup_3 ADD CONSTRAINT label_is_short CHECK (length(label) < 1000) NOT VALID;
COMMENT ON CONSTRAINT label_is_short ON public.lookup_3 IS 'not validated on purpose';
