-- Run as superuser, before the tables.
CREATE SCHEMA billing AUTHORIZATION app_owner;
GRANT USAGE ON SCHEMA public, billing TO app, reporting;
ALTER DATABASE app SET search_path = public, billing;
ALTER DATABASE app SET statement_timeout = '2h';
ALTER ROLE app SET application_name = 'shop';
ALTER ROLE reporting IN DATABASE app SET default_transaction_read_only = on;
