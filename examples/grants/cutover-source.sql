-- What Longhaul needs on the source for `longhaul cutover`, beside source.sql. Replace the role's name `longhaul` by yours, and run it once as a superuser in the database that moves:
--   psql -1 -d DATABASE -f cutover-source.sql
DO $$
DECLARE
  owner name;
BEGIN
  -- Ending the clients that may still write; those of superusers only a superuser ends.
  GRANT pg_signal_backend TO longhaul;
  -- Only its owner sets the database read-only, and only who may change a table locks it against writes. With this, Longhaul's role could do whatever the owners can.
  FOR owner IN SELECT pg_get_userbyid(d.datdba) FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba
                WHERE d.datname = current_database() AND NOT r.rolsuper AND r.rolname <> 'longhaul'
               UNION
               SELECT r.rolname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles r ON r.oid = c.relowner
                WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^(pg_|information_schema$)' AND NOT r.rolsuper AND r.rolname <> 'longhaul' LOOP
    EXECUTE format('GRANT %I TO longhaul', owner);
  END LOOP;
END
$$;
