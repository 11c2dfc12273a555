-- Text that tears COPY: end markers, backslashes, CR, tabs, NULL words, quotes, BOM, every unicode plane, in columns and in names.
CREATE TABLE traps (id int PRIMARY KEY, t text, v varchar(10), c char(10));
INSERT INTO traps VALUES (1, E'\\.', E'\\.', E'\\.'), (2, E'a\n\\.\nb', 'x', ''), (3, E'\\N', E'\\N', 'N'), (4, '', '', ''), (5, NULL, NULL, NULL), (6, E'\r\n\t\b\f\v\\', E'\r', E'\t'), (7, U&'\FEFF\+01F600\200B', 'é', 'ß'), (8, 'NULL', 'null', '\N'), (9, E'COPY 5\n', ';', '--'), (10, '${HOME} `id` $(id) %s %% :x :''x''', ':x', '`');
CREATE TABLE "we'ird ""t"" \. ${x} `id`
new" ("c\ol" int PRIMARY KEY, "a ""b""" text, ":x" text, "%I" text, " " text, "é" text); INSERT INTO "we'ird ""t"" \. ${x} `id`
new" VALUES (1, 'a', 'b', 'c', 'd', 'e');
CREATE INDEX "in'dex ""i"" ; drop" ON "we'ird ""t"" \. ${x} `id`
new" (":x");
CREATE SCHEMA "Sch.ema -- ""x"""; CREATE TABLE "Sch.ema -- ""x"""."T.a*b?c|d" (id int PRIMARY KEY); INSERT INTO "Sch.ema -- ""x"""."T.a*b?c|d" VALUES (1);
CREATE TABLE "Sch.ema -- ""x"""."T.aXbYc" (id int PRIMARY KEY); INSERT INTO "Sch.ema -- ""x"""."T.aXbYc" VALUES (2);
CREATE TABLE "--help" (id int); INSERT INTO "--help" VALUES (1); CREATE TABLE "-t" (id int); INSERT INTO "-t" VALUES (1);
CREATE TABLE "tab	name" (id int); INSERT INTO "tab	name" VALUES (3);
