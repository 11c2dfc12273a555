-- What Longhaul needs on the source for cdc.engine native, beside source.sql. Replace the role's name `longhaul` by yours, and run it once as a
-- superuser in the database that moves:
--   psql -1 -d DATABASE -f native-source.sql
DO $$
DECLARE
  owner name;
BEGIN
  -- Publications, and the schema longhaul_cdc with the sentinels' tables.
  EXECUTE format('GRANT CREATE ON DATABASE %I TO longhaul', current_database());
  -- Only its owner publishes a table. With this, Longhaul's role could do whatever the owners can; Longhaul only names their tables in CREATE PUBLICATION.
  FOR owner IN SELECT DISTINCT r.rolname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles r ON r.oid = c.relowner
                WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^(pg_|information_schema$)' AND NOT r.rolsuper AND r.rolname <> 'longhaul' LOOP
    EXECUTE format('GRANT %I TO longhaul', owner);
  END LOOP;
END
$$;
