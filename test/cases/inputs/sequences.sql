-- Sequences of every kind: descending, cycle, cached, unused, bigint, owned by another table's column, shared by two columns, hostile name, at its maximum.
CREATE SEQUENCE s_desc INCREMENT -5 MINVALUE -100 MAXVALUE 100 START 50 CYCLE; SELECT nextval('s_desc'), nextval('s_desc');
CREATE SEQUENCE s_unused START 77; CREATE SEQUENCE s_cache CACHE 50; SELECT nextval('s_cache'); CREATE SEQUENCE s_max MAXVALUE 3; SELECT nextval('s_max'), nextval('s_max'), nextval('s_max');
CREATE SEQUENCE "S ""q"" seq"; SELECT setval('"S ""q"" seq"', 9223372036854775807); CREATE TABLE s1 (id int DEFAULT nextval('s_cache'), b bigserial, x int); ALTER SEQUENCE s_cache OWNED BY s1.x; CREATE TABLE s2 (id int DEFAULT nextval('s1_b_seq')); INSERT INTO s1 DEFAULT VALUES; INSERT INTO s2 DEFAULT VALUES; INSERT INTO s2 DEFAULT VALUES;
SELECT setval('s_unused', 80, false); CREATE TABLE ser (id smallserial PRIMARY KEY); INSERT INTO ser SELECT FROM generate_series(1, 40); ALTER SEQUENCE ser_id_seq RENAME TO renamed_seq; COMMENT ON SEQUENCE renamed_seq IS 'moved';
CREATE SCHEMA seqs; ALTER SEQUENCE renamed_seq OWNED BY NONE; ALTER SEQUENCE renamed_seq SET SCHEMA seqs;
