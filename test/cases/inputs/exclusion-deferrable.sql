-- Exclusion constraints (deferrable, partial, over expressions, with operators of other schemas), deferrable uniques and keys, circular foreign keys, self references, MATCH FULL, all actions, foreign keys to unique indexes.
CREATE SCHEMA ext; CREATE EXTENSION btree_gist SCHEMA ext;
CREATE TABLE booking (id int PRIMARY KEY, room int, during tsrange, gone boolean DEFAULT false, CONSTRAINT no_overlap EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (NOT gone) DEFERRABLE INITIALLY DEFERRED);
INSERT INTO booking SELECT g, g % 5, tsrange(timestamp '2020-01-01' + g * interval '1 hour', timestamp '2020-01-01' + (g + 1) * interval '1 hour') FROM generate_series(1, 300) g;
CREATE TABLE ex2 (a int4range, b text, EXCLUDE USING gist (a WITH &&, lower(b) ext.gist_text_ops WITH OPERATOR(pg_catalog.=))); INSERT INTO ex2 VALUES ('[1,3)', 'A'), ('[3,5)', 'a'), ('[1,3)', 'B');
CREATE TABLE a (id int PRIMARY KEY, b int NOT NULL); CREATE TABLE b (id int PRIMARY KEY, a int NOT NULL REFERENCES a DEFERRABLE INITIALLY DEFERRED);
ALTER TABLE a ADD CONSTRAINT a_to_b FOREIGN KEY (b) REFERENCES b DEFERRABLE INITIALLY IMMEDIATE; BEGIN; SET CONSTRAINTS ALL DEFERRED; INSERT INTO a SELECT g, g FROM generate_series(1, 100) g; INSERT INTO b SELECT g, 101 - g FROM generate_series(1, 100) g; COMMIT;
CREATE TABLE tree (id int PRIMARY KEY, parent int REFERENCES tree ON DELETE CASCADE ON UPDATE SET NULL, CONSTRAINT not_own CHECK (id <> parent) NO INHERIT); INSERT INTO tree SELECT g, nullif(g / 2, 0) FROM generate_series(1, 200) g;
CREATE TABLE two (x int, y int, z text, CONSTRAINT two_u UNIQUE (x, y) DEFERRABLE INITIALLY IMMEDIATE, UNIQUE (z)); CREATE UNIQUE INDEX two_yx ON two (y, x); INSERT INTO two VALUES (1, 2, 'a'), (2, 3, NULL), (NULL, NULL, NULL);
CREATE TABLE ref (x int, y int, z text REFERENCES two (z) ON DELETE SET DEFAULT, FOREIGN KEY (y, x) REFERENCES two (y, x) MATCH FULL); INSERT INTO ref VALUES (1, 2, 'a'), (NULL, NULL, NULL);
ALTER TABLE ref ADD CONSTRAINT late FOREIGN KEY (x, y) REFERENCES two (y, x) NOT VALID;
CREATE TABLE "Ünïcode ""quoted"" 'name'" ("id""" int PRIMARY KEY, "a b" int REFERENCES "Ünïcode ""quoted"" 'name'"); INSERT INTO "Ünïcode ""quoted"" 'name'" VALUES (1, 1); CREATE INDEX "idx $1 \ " ON "Ünïcode ""quoted"" 'name'" ("a b" DESC);
