-- Odd partitions: list with NULL and default, hash, several levels, own indexes, own defaults and checks, columns in another order, partitions in another schema, detached ones, without any, foreign keys from and to; triggers at each level.
CREATE SCHEMA parts;
CREATE TABLE p (id bigint, k text, d date DEFAULT '2020-01-01', v int) PARTITION BY LIST (k);
CREATE TABLE parts.p_null PARTITION OF p FOR VALUES IN (NULL, ''); CREATE TABLE p_default PARTITION OF p DEFAULT PARTITION BY HASH (id);
CREATE TABLE parts."p h0" PARTITION OF p_default (v DEFAULT 9) FOR VALUES WITH (MODULUS 3, REMAINDER 0); CREATE TABLE parts.p_h1 PARTITION OF p_default FOR VALUES WITH (MODULUS 3, REMAINDER 1); CREATE TABLE p_h2 PARTITION OF p_default (CONSTRAINT big CHECK (v < 1000000)) FOR VALUES WITH (MODULUS 3, REMAINDER 2) WITH (fillfactor = 70);
CREATE TABLE other_order (v int, extra int, d date, k text, id bigint); ALTER TABLE other_order DROP COLUMN extra; ALTER TABLE p ATTACH PARTITION other_order FOR VALUES IN ('x', 'y');
INSERT INTO p SELECT g, (ARRAY[NULL, '', 'x', 'y', 'z', 'w'])[1 + g % 6], date '2020-01-01' + g % 700, g FROM generate_series(1, 3000) g;
CREATE INDEX p_d ON p (d); CREATE INDEX only_here ON parts.p_h1 (v) WHERE v > 10; CREATE UNIQUE INDEX own_unique ON p_h2 (id); ALTER TABLE p_h2 REPLICA IDENTITY FULL;
CREATE INDEX part_only ON ONLY p (k);
CREATE TABLE r (id int, at timestamptz, PRIMARY KEY (id, at)) PARTITION BY RANGE (at, id); CREATE TABLE r_min PARTITION OF r FOR VALUES FROM (MINVALUE, MINVALUE) TO ('2020-01-01 00:00+00', 0); CREATE TABLE r_max PARTITION OF r FOR VALUES FROM ('2020-01-01 00:00+00', 0) TO (MAXVALUE, MAXVALUE);
INSERT INTO r SELECT g, timestamptz '2019-06-01 00:00+00' + g * interval '1 day' FROM generate_series(1, 500) g; CREATE TABLE of_r (id int, at timestamptz, FOREIGN KEY (id, at) REFERENCES r); INSERT INTO of_r SELECT * FROM r;
CREATE TABLE nobody (a int, b int) PARTITION BY RANGE (((a + b) % 10)); CREATE INDEX ON nobody (a);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER on_r BEFORE INSERT ON r FOR EACH ROW EXECUTE FUNCTION touch(); ALTER TABLE r_min DISABLE TRIGGER on_r; ALTER TABLE r_max ENABLE ALWAYS TRIGGER on_r;
ALTER TABLE p DETACH PARTITION parts.p_null; ALTER TABLE p_default ALTER COLUMN d SET DEFAULT '2021-01-01';
CREATE STATISTICS parts.st (dependencies, ndistinct, mcv) ON k, d FROM p; CREATE STATISTICS st_expr ON (v % 7), (lower(k)) FROM parts.p_h1; ALTER STATISTICS st_expr SET STATISTICS 50; ANALYZE p;
COMMENT ON TABLE parts."p h0" IS 'first'; COMMENT ON INDEX p_d IS 'on all'; COMMENT ON STATISTICS parts.st IS 'stat';
