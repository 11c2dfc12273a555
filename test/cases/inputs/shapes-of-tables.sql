-- Shapes of tables: no columns, all dropped, 1600 columns tried, dropped in the middle, only generated, system-like names, inherited columns in another order.
CREATE TABLE nocol (); INSERT INTO nocol DEFAULT VALUES; INSERT INTO nocol DEFAULT VALUES;
CREATE TABLE alldropped (a int, b text); INSERT INTO alldropped SELECT 1, 'x' FROM generate_series(1, 5); ALTER TABLE alldropped DROP a, DROP b;
CREATE TABLE middropped (a int, b text, c int, d text DEFAULT 'd'); INSERT INTO middropped SELECT i, 'x', i, 'y' FROM generate_series(1, 100) i; ALTER TABLE middropped DROP b; ALTER TABLE middropped ADD e int DEFAULT 7;
DO $$ BEGIN EXECUTE 'CREATE TABLE wide (' || (SELECT string_agg('c' || i || ' int', ', ') FROM generate_series(1, 1590) i) || ')'; END $$; INSERT INTO wide (c1, c1590) VALUES (1, 2);
CREATE TABLE par (a int, b text); CREATE TABLE kid (c int, b text, a int); ALTER TABLE kid INHERIT par; INSERT INTO kid VALUES (1, 'k', 3); INSERT INTO par VALUES (9, 'p'); CREATE TABLE kid2 () INHERITS (par, kid); INSERT INTO kid2 VALUES (1, 'z', 2);
CREATE TABLE "user" ("end" int PRIMARY KEY, "desc" text, "table" int, "offset" int, "freeze" int, "format" int, "primary" int); INSERT INTO "user" VALUES (1, 'x', 2, 3, 4, 5, 6);
CREATE UNLOGGED TABLE unl (id int PRIMARY KEY); INSERT INTO unl SELECT generate_series(1, 10);
CREATE TABLE nopk AS SELECT 1 AS a FROM generate_series(1, 50); CREATE TABLE nullkeys (a int, b int); CREATE UNIQUE INDEX ON nullkeys (a, b); INSERT INTO nullkeys VALUES (NULL, 1), (NULL, 1), (1, NULL);
CREATE TABLE selfref (id int PRIMARY KEY, p int REFERENCES selfref DEFERRABLE); INSERT INTO selfref SELECT i, CASE WHEN i > 1 THEN i - 1 END FROM generate_series(1, 100) i;
CREATE TABLE ca (id int PRIMARY KEY, b int); CREATE TABLE cb (id int PRIMARY KEY, a int REFERENCES ca); ALTER TABLE ca ADD FOREIGN KEY (b) REFERENCES cb; INSERT INTO ca VALUES (1, NULL); INSERT INTO cb VALUES (1, 1); UPDATE ca SET b = 1;
