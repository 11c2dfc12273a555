-- After netbox #23130: IS DISTINCT FROM, NULLIF, IN, CASE and JOIN USING find the `=` of their type by search_path, and no dump can qualify it. A type's `=` in public, of an extension and of our own: in triggers' WHEN, views, a check, an index, a policy, a column's generation, a matview. Must come out: named by `check` with the object, or there on the target as on the source.
CREATE EXTENSION hstore; CREATE TYPE pair AS (a int, b int);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE doc (id int PRIMARY KEY, h hstore, p pair, t text); INSERT INTO doc SELECT i, hstore('k', i::text), ROW(i, i)::pair, 't' FROM generate_series(1, 200) i;
CREATE TRIGGER doc_changed AFTER UPDATE ON doc FOR EACH ROW WHEN (OLD.h IS DISTINCT FROM NEW.h) EXECUTE FUNCTION touch();
CREATE TRIGGER doc_any AFTER UPDATE ON doc FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch();
CREATE TABLE other (h hstore, n int); INSERT INTO other SELECT hstore('k', i::text), i FROM generate_series(1, 100) i;
CREATE VIEW joined AS SELECT h, n FROM doc JOIN other USING (h); CREATE VIEW grammar AS SELECT id, NULLIF(h, 'k=>1'::hstore) AS nh, h IN ('k=>1'::hstore, 'k=>2'::hstore) AS i, CASE h WHEN 'k=>3'::hstore THEN 1 ELSE 0 END AS c, h IS NOT DISTINCT FROM 'k=>4'::hstore AS d FROM doc;
CREATE MATERIALIZED VIEW kept AS SELECT id FROM doc WHERE h IS NOT DISTINCT FROM 'k=>5'::hstore;
CREATE TABLE checked (id int PRIMARY KEY, h hstore, CONSTRAINT not_empty CHECK (h IS DISTINCT FROM ''::hstore)); INSERT INTO checked SELECT i, hstore('c', i::text) FROM generate_series(1, 50) i;
CREATE INDEX doc_null ON doc ((NULLIF(h, ''::hstore) IS NULL)); CREATE INDEX doc_part ON doc (id) WHERE h IS DISTINCT FROM 'k=>1'::hstore;
CREATE TABLE made (id int PRIMARY KEY, h hstore, same boolean GENERATED ALWAYS AS (h IS NOT DISTINCT FROM 'x=>1'::hstore) STORED); INSERT INTO made (id, h) SELECT i, hstore('x', i::text) FROM generate_series(1, 50) i;
CREATE TABLE owned (id int PRIMARY KEY, h hstore); INSERT INTO owned SELECT i, hstore('o', i::text) FROM generate_series(1, 50) i; ALTER TABLE owned ENABLE ROW LEVEL SECURITY; CREATE POLICY only_some ON owned USING (h IS DISTINCT FROM 'o=>1'::hstore);
CREATE RULE other_log AS ON UPDATE TO other WHERE OLD.h IS DISTINCT FROM NEW.h DO ALSO SELECT 1;
