-- Defaults that use a sequence which is nobody's, and one that another table owns.
CREATE SEQUENCE job_numbers; CREATE TABLE job (number int DEFAULT nextval('job_numbers') PRIMARY KEY, id serial);
INSERT INTO job SELECT FROM generate_series(1, 41);
CREATE TABLE lender (id serial PRIMARY KEY); CREATE TABLE borrower (id int DEFAULT nextval('lender_id_seq') PRIMARY KEY);
INSERT INTO lender SELECT FROM generate_series(1, 20); INSERT INTO borrower SELECT FROM generate_series(1, 7);
CREATE EXTENSION hstore; CREATE TABLE cfg (name text); ALTER EXTENSION hstore ADD TABLE cfg; INSERT INTO cfg VALUES ('a');
UPDATE pg_extension SET extconfig = ARRAY['cfg'::regclass::oid], extcondition = ARRAY[''] WHERE extname = 'hstore';
