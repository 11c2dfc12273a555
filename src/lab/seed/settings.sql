-- Run as superuser, before the tables.
CREATE SCHEMA billing AUTHORIZATION app_owner;
-- What every database is made with is taken away, as many do.
REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public, billing TO app, reporting, app_owner;
ALTER DATABASE app SET search_path = public, billing;
ALTER DATABASE app SET statement_timeout = '2h';
ALTER ROLE app SET application_name = 'shop';
-- A schema whose name needs quotes, no schema at all, and a key that nobody should see in a journal.
ALTER ROLE app_owner SET search_path = "my-schema", public;
ALTER ROLE reporting SET search_path = '';
ALTER ROLE app SET app.api_key = 'hush-hush';
ALTER ROLE app VALID UNTIL '2031-01-01 00:00:00+00';
GRANT reporting TO app WITH ADMIN OPTION;
COMMENT ON DATABASE app IS 'the shop''s';
ALTER DATABASE app CONNECTION LIMIT 500;
REVOKE CONNECT ON DATABASE app FROM PUBLIC;
GRANT CONNECT ON DATABASE app TO app, reporting, longhaul;
ALTER ROLE reporting IN DATABASE app SET default_transaction_read_only = on;
