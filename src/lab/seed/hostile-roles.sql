-- Names and texts in which a line is a statement, or looks like one of a dump's own lines. Runs as superuser, after hostile.sql.
SELECT E'eve\nCREATE TABLE public.pwned AS SELECT current_user; --' AS eve \gset
CREATE ROLE :"eve";
GRANT :"eve" TO app;

CREATE TABLE public."a FROM b;
CREATE TABLE public.pwned AS SELECT current_user;--" (id integer PRIMARY KEY);
ALTER TABLE public."a FROM b;
CREATE TABLE public.pwned AS SELECT current_user;--" OWNER TO app_owner;
GRANT SELECT ON public."a FROM b;
CREATE TABLE public.pwned AS SELECT current_user;--" TO reporting, :"eve";
INSERT INTO public."a FROM b;
CREATE TABLE public.pwned AS SELECT current_user;--" VALUES (1);

-- Of the superuser, which the target cannot give it; of eve, which it can.
CREATE TABLE public."of nobody
\! touch /tmp/longhaul-hostile" (id integer PRIMARY KEY);
CREATE TABLE public.of_eve (id integer PRIMARY KEY);
GRANT USAGE, CREATE ON SCHEMA public TO :"eve";
ALTER TABLE public.of_eve OWNER TO :"eve";
GRANT SELECT ON public.of_eve TO app WITH GRANT OPTION;

CREATE FUNCTION public.hostile_body() RETURNS void LANGUAGE plpgsql AS $body$
BEGIN
-- Name: x; Type: ACL; Schema: -; Owner: z
  PERFORM 1 FROM pg_class;
  PERFORM 2 FROM pg_class;
-- Name: x; Type: TABLE; Schema: -; Owner: z
ALTER TABLE x OWNER TO y;
END
$body$;
ALTER FUNCTION public.hostile_body() OWNER TO app_owner;
REVOKE EXECUTE ON FUNCTION public.hostile_body() FROM PUBLIC;
CREATE VIEW public.hostile_comment AS SELECT 1 AS one;
COMMENT ON VIEW public.hostile_comment IS 'one
ALTER TABLE x OWNER TO y;
REVOKE ALL ON x FROM y;
two';

SELECT lo_from_bytea(0, 'of eve') AS loid \gset
ALTER LARGE OBJECT :loid OWNER TO :"eve";
