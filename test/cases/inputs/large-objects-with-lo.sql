-- Large objects: empty, sparse, owned by another, with grants and comments, referenced through lo type and oid column, one orphan.
CREATE EXTENSION IF NOT EXISTS lo; DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lo owner') THEN CREATE ROLE "lo owner"; END IF; END $$;
CREATE TABLE files (id int PRIMARY KEY, o oid, l lo); CREATE TRIGGER t BEFORE UPDATE OR DELETE ON files FOR EACH ROW EXECUTE PROCEDURE lo_manage(l);
INSERT INTO files SELECT i, lo_create(100000 + i), lo_from_bytea(0, decode(repeat('00ff5c', 5000), 'hex')) FROM generate_series(1, 20) i; SELECT lo_create(200001); SELECT lo_put(100001, 5000000, '\x41'); ALTER LARGE OBJECT 100002 OWNER TO "lo owner"; GRANT SELECT ON LARGE OBJECT 100003 TO "lo owner", PUBLIC; COMMENT ON LARGE OBJECT 100004 IS 'lo''s comment';
