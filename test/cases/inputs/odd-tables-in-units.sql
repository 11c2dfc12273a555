-- cases: unit=64kB
-- Tables that units might tear: keys only by partial or expression indexes, keys with NULLs, inherited parents with rows of their own beside children and a key each, no columns and two hundred thousand rows, only generated columns, exactly one page, one page and much TOAST, statistics newer than the rows, a key that is INCLUDE'd into, names that mean something to psql, shells and YAML. Must come out: equal.
CREATE TABLE partial_only (id int NOT NULL, alive bool, v text); INSERT INTO partial_only SELECT i, i % 2 = 0, repeat('x', 60) FROM generate_series(1, 8000) i; CREATE UNIQUE INDEX ON partial_only (id) WHERE alive; CREATE UNIQUE INDEX ON partial_only ((id * 2), md5(v), (v || id));
CREATE TABLE nullable_key (a int, b text); INSERT INTO nullable_key SELECT NULLIF(i % 5, 0), CASE WHEN i % 3 > 0 THEN 'b' || i END FROM generate_series(1, 12000) i; CREATE UNIQUE INDEX ON nullable_key (a, b);
CREATE TABLE parent (id int PRIMARY KEY, v text); CREATE TABLE child1 (PRIMARY KEY (id)) INHERITS (parent); CREATE TABLE child2 (extra int, PRIMARY KEY (id)) INHERITS (parent); INSERT INTO parent SELECT i, repeat('p', 50) FROM generate_series(1, 6000) i; INSERT INTO child1 SELECT i, repeat('c', 50) FROM generate_series(3000, 9000) i; INSERT INTO child2 SELECT i, repeat('d', 50), i FROM generate_series(1, 5000) i;
CREATE TABLE void (); INSERT INTO void SELECT FROM generate_series(1, 40000); CREATE TABLE void_freed (a int); INSERT INTO void_freed SELECT 1 FROM generate_series(1, 9000); ALTER TABLE void_freed DROP a;
CREATE TABLE one_page (id int PRIMARY KEY, v text); INSERT INTO one_page SELECT i, 'v' FROM generate_series(1, 180) i; CREATE TABLE one_page_toast (id int PRIMARY KEY, v text); ALTER TABLE one_page_toast ALTER v SET STORAGE EXTERNAL; INSERT INTO one_page_toast SELECT i, repeat(md5(i::text), 300) FROM generate_series(1, 60) i;
CREATE TABLE newer (id int PRIMARY KEY, v text); INSERT INTO newer SELECT i, repeat('n', 50) FROM generate_series(1, 9000) i; ANALYZE newer; DELETE FROM newer WHERE id < 8000; INSERT INTO newer SELECT -i, repeat('m', 50) FROM generate_series(1, 7000) i;
CREATE TABLE keyed (t text, n int, v text, PRIMARY KEY (t, n)); INSERT INTO keyed SELECT CASE WHEN i % 7 > 0 THEN '' ELSE E'a\\b''"%s $1 :x
' || i END, i, 'v' FROM generate_series(1, 9000) i;
CREATE TABLE "%s $1 \ "":x"" 'y'
z	{a: [b]} # c" ("k %I $$ \. :'v'
" int PRIMARY KEY, "__proto__" text, ":v" text); INSERT INTO "%s $1 \ "":x"" 'y'
z	{a: [b]} # c" SELECT i, repeat('x', 40), E'\\.' FROM generate_series(1, 6000) i;
CREATE SCHEMA "${S} `id`"; CREATE TABLE "${S} `id`"."unit_size: 1.pages-0-on" (id uuid PRIMARY KEY, v text); INSERT INTO "${S} `id`"."unit_size: 1.pages-0-on" SELECT md5(i::text)::uuid, repeat('u', 40) FROM generate_series(1, 6000) i;
CREATE TABLE self (id serial PRIMARY KEY, up int REFERENCES self, v text); INSERT INTO self (up, v) SELECT CASE WHEN i > 1 THEN i / 2 END, repeat('s', 50) FROM generate_series(1, 6000) i; CREATE TABLE points (id int REFERENCES self, v text); INSERT INTO points SELECT 1 + i % 6000, repeat('r', 50) FROM generate_series(1, 6000) i;
ANALYZE partial_only; ANALYZE keyed; ANALYZE self;
