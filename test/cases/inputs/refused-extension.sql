-- An extension that only a superuser may make, with a server, user mappings (with a password) and foreign tables. Must come out: named before anything is touched, each with what to do; no password in a log.
CREATE EXTENSION postgres_fdw; CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', dbname 'none'); CREATE USER MAPPING FOR PUBLIC SERVER far OPTIONS (user 'x', password 'hush'); CREATE FOREIGN TABLE far_t (id int) SERVER far; GRANT USAGE ON FOREIGN SERVER far TO PUBLIC;
CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1);
