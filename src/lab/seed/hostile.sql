-- A schema whose names are hostile to a shell, to psql, to a dump's patterns, to a regular expression and to a terminal. Runs as app_owner.

CREATE SCHEMA "hostile ""schema"" $1; *";
CREATE SCHEMA U&"\001b[2J\000a-x";
CREATE SCHEMA "'; DROP SCHEMA public CASCADE; --";
CREATE TABLE "hostile ""schema"" $1; *"."dou""ble" (id serial, "dou""ble" text, "new
line" integer DEFAULT 7, CONSTRAINT "pnew
line" PRIMARY KEY (id));
INSERT INTO "hostile ""schema"" $1; *"."dou""ble" ("dou""ble") VALUES ('it''s \ "0"'), (NULL), (E'\\.\n\t');
CREATE TABLE "hostile ""schema"" $1; *"."sin'gle" (id serial, "sin'gle" text, "UPPER" integer DEFAULT 7, CONSTRAINT "pUPPER" PRIMARY KEY (id));
INSERT INTO "hostile ""schema"" $1; *"."sin'gle" ("sin'gle") VALUES ('it''s \ "1"'), (NULL), (E'\\.\n\t');
CREATE TABLE "hostile ""schema"" $1; *"."two words" (id serial, "two words" text, "star*" integer DEFAULT 7, CONSTRAINT "pstar*" PRIMARY KEY (id));
INSERT INTO "hostile ""schema"" $1; *"."two words" ("two words") VALUES ('it''s \ "2"'), (NULL), (E'\\.\n\t');
CREATE TABLE "hostile ""schema"" $1; *"."dollar$1" (id serial, "dollar$1" text, "quest?ion" integer DEFAULT 7, CONSTRAINT "pquest?ion" PRIMARY KEY (id));
INSERT INTO "hostile ""schema"" $1; *"."dollar$1" ("dollar$1") VALUES ('it''s \ "3"'), (NULL), (E'\\.\n\t');
CREATE TABLE "hostile ""schema"" $1; *"."semi;colon" (id serial, "semi;colon" text, "brack[et]" integer DEFAULT 7, CONSTRAINT "pbrack[et]" PRIMARY KEY (id));
INSERT INTO "hostile ""schema"" $1; *"."semi;colon" ("semi;colon") VALUES ('it''s \ "4"'), (NULL), (E'\\.\n\t');
CREATE TABLE "hostile ""schema"" $1; *"."new
line" (id serial, "new
line" text, "back\slash" integer DEFAULT 7, CONSTRAINT "pback\slash" PRIMARY KEY (id));
INSERT INTO "hostile ""schema"" $1; *"."new
line" ("new
line") VALUES ('it''s \ "5"'), (NULL), (E'\\.\n\t');
CREATE TABLE "hostile ""schema"" $1; *"."UPPER" (id serial, "UPPER" text, "ünïcödé 名前" integer DEFAULT 7, CONSTRAINT "pünïcödé 名前" PRIMARY KEY (id));
INSERT INTO "hostile ""schema"" $1; *"."UPPER" ("UPPER") VALUES ('it''s \ "6"'), (NULL), (E'\\.\n\t');
CREATE TABLE "hostile ""schema"" $1; *"."star*" (id serial, "star*" text, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxa" integer DEFAULT 7, PRIMARY KEY (id));
INSERT INTO "hostile ""schema"" $1; *"."star*" ("star*") VALUES ('it''s \ "7"'), (NULL), (E'\\.\n\t');
CREATE TABLE "hostile ""schema"" $1; *"."quest?ion" (id serial, "quest?ion" text, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxb" integer DEFAULT 7, PRIMARY KEY (id));
INSERT INTO "hostile ""schema"" $1; *"."quest?ion" ("quest?ion") VALUES ('it''s \ "8"'), (NULL), (E'\\.\n\t');
CREATE TABLE "hostile ""schema"" $1; *"."brack[et]" (id serial, "brack[et]" text, U&"esc\001b[31mred" integer DEFAULT 7, CONSTRAINT U&"pesc\001b[31mred" PRIMARY KEY (id));
INSERT INTO "hostile ""schema"" $1; *"."brack[et]" ("brack[et]") VALUES ('it''s \ "9"'), (NULL), (E'\\.\n\t');
CREATE TABLE "hostile ""schema"" $1; *"."back\slash" (id serial, "back\slash" text, "per%cent %s" integer DEFAULT 7, CONSTRAINT "pper%cent %s" PRIMARY KEY (id));
INSERT INTO "hostile ""schema"" $1; *"."back\slash" ("back\slash") VALUES ('it''s \ "10"'), (NULL), (E'\\.\n\t');
CREATE TABLE "hostile ""schema"" $1; *"."ünïcödé 名前" (id serial, "ünïcödé 名前" text, "-dash" integer DEFAULT 7, CONSTRAINT "p-dash" PRIMARY KEY (id));
INSERT INTO "hostile ""schema"" $1; *"."ünïcödé 名前" ("ünïcödé 名前") VALUES ('it''s \ "11"'), (NULL), (E'\\.\n\t');
CREATE TABLE "hostile ""schema"" $1; *"."xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxa" (id serial, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxa" text, """; DROP TABLE public.accounts; --" integer DEFAULT 7, CONSTRAINT "p""; DROP TABLE public.accounts; --" PRIMARY KEY (id));
INSERT INTO "hostile ""schema"" $1; *"."xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxa" ("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxa") VALUES ('it''s \ "12"'), (NULL), (E'\\.\n\t');
CREATE TABLE "hostile ""schema"" $1; *"."xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxb" (id serial, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxb" text, "a.b" integer DEFAULT 7, CONSTRAINT "pa.b" PRIMARY KEY (id));
INSERT INTO "hostile ""schema"" $1; *"."xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxb" ("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxb") VALUES ('it''s \ "13"'), (NULL), (E'\\.\n\t');
CREATE TABLE "hostile ""schema"" $1; *".U&"esc\001b[31mred" (id serial, U&"esc\001b[31mred" text, "(x|y)+" integer DEFAULT 7, CONSTRAINT "p(x|y)+" PRIMARY KEY (id));
INSERT INTO "hostile ""schema"" $1; *".U&"esc\001b[31mred" (U&"esc\001b[31mred") VALUES ('it''s \ "14"'), (NULL), (E'\\.\n\t');
CREATE TABLE "hostile ""schema"" $1; *"."per%cent %s" (id serial, "per%cent %s" text, "^caret$" integer DEFAULT 7, CONSTRAINT "p^caret$" PRIMARY KEY (id));
INSERT INTO "hostile ""schema"" $1; *"."per%cent %s" ("per%cent %s") VALUES ('it''s \ "15"'), (NULL), (E'\\.\n\t');
CREATE TABLE "hostile ""schema"" $1; *"."-dash" (id serial, "-dash" text, "tab	here" integer DEFAULT 7, CONSTRAINT "ptab	here" PRIMARY KEY (id));
INSERT INTO "hostile ""schema"" $1; *"."-dash" ("-dash") VALUES ('it''s \ "16"'), (NULL), (E'\\.\n\t');
CREATE TABLE "hostile ""schema"" $1; *"."""; DROP TABLE public.accounts; --" (id serial, """; DROP TABLE public.accounts; --" text, " lead and trail " integer DEFAULT 7, CONSTRAINT "p lead and trail " PRIMARY KEY (id));
INSERT INTO "hostile ""schema"" $1; *"."""; DROP TABLE public.accounts; --" ("""; DROP TABLE public.accounts; --") VALUES ('it''s \ "17"'), (NULL), (E'\\.\n\t');
CREATE TABLE "hostile ""schema"" $1; *"."a.b" (id serial, "a.b" text, "{brace},{2}" integer DEFAULT 7, CONSTRAINT "p{brace},{2}" PRIMARY KEY (id));
INSERT INTO "hostile ""schema"" $1; *"."a.b" ("a.b") VALUES ('it''s \ "18"'), (NULL), (E'\\.\n\t');
CREATE TABLE "hostile ""schema"" $1; *"."(x|y)+" (id serial, "(x|y)+" text, "~tilde/slash/../x" integer DEFAULT 7, CONSTRAINT "p~tilde/slash/../x" PRIMARY KEY (id));
INSERT INTO "hostile ""schema"" $1; *"."(x|y)+" ("(x|y)+") VALUES ('it''s \ "19"'), (NULL), (E'\\.\n\t');
CREATE TABLE "hostile ""schema"" $1; *"."^caret$" (id serial, "^caret$" text, "`tick`" integer DEFAULT 7, CONSTRAINT "p`tick`" PRIMARY KEY (id));
INSERT INTO "hostile ""schema"" $1; *"."^caret$" ("^caret$") VALUES ('it''s \ "20"'), (NULL), (E'\\.\n\t');
CREATE TABLE "hostile ""schema"" $1; *"."tab	here" (id serial, "tab	here" text, "$$dollar$$" integer DEFAULT 7, CONSTRAINT "p$$dollar$$" PRIMARY KEY (id));
INSERT INTO "hostile ""schema"" $1; *"."tab	here" ("tab	here") VALUES ('it''s \ "21"'), (NULL), (E'\\.\n\t');
CREATE TABLE "hostile ""schema"" $1; *"." lead and trail " (id serial, " lead and trail " text, ":colon" integer DEFAULT 7, CONSTRAINT "p:colon" PRIMARY KEY (id));
INSERT INTO "hostile ""schema"" $1; *"." lead and trail " (" lead and trail ") VALUES ('it''s \ "22"'), (NULL), (E'\\.\n\t');
CREATE TABLE "hostile ""schema"" $1; *"."{brace},{2}" (id serial, "{brace},{2}" text, U&"rtl\202ename" integer DEFAULT 7, CONSTRAINT U&"prtl\202ename" PRIMARY KEY (id));
INSERT INTO "hostile ""schema"" $1; *"."{brace},{2}" ("{brace},{2}") VALUES ('it''s \ "23"'), (NULL), (E'\\.\n\t');
CREATE TABLE "hostile ""schema"" $1; *"."~tilde/slash/../x" (id serial, "~tilde/slash/../x" text, "back\" integer DEFAULT 7, CONSTRAINT "pback\" PRIMARY KEY (id));
INSERT INTO "hostile ""schema"" $1; *"."~tilde/slash/../x" ("~tilde/slash/../x") VALUES ('it''s \ "24"'), (NULL), (E'\\.\n\t');
CREATE TABLE "hostile ""schema"" $1; *"."`tick`" (id serial, "`tick`" text, "'" integer DEFAULT 7, CONSTRAINT "p'" PRIMARY KEY (id));
INSERT INTO "hostile ""schema"" $1; *"."`tick`" ("`tick`") VALUES ('it''s \ "25"'), (NULL), (E'\\.\n\t');
CREATE TABLE "hostile ""schema"" $1; *"."$$dollar$$" (id serial, "$$dollar$$" text, """.""" integer DEFAULT 7, CONSTRAINT "p"".""" PRIMARY KEY (id));
INSERT INTO "hostile ""schema"" $1; *"."$$dollar$$" ("$$dollar$$") VALUES ('it''s \ "26"'), (NULL), (E'\\.\n\t');
CREATE TABLE "hostile ""schema"" $1; *".":colon" (id serial, ":colon" text, "copy x from stdin;
\." integer DEFAULT 7, CONSTRAINT "pcopy x from stdin;
\." PRIMARY KEY (id));
INSERT INTO "hostile ""schema"" $1; *".":colon" (":colon") VALUES ('it''s \ "27"'), (NULL), (E'\\.\n\t');
CREATE TABLE "hostile ""schema"" $1; *".U&"rtl\202ename" (id serial, U&"rtl\202ename" text, "\N" integer DEFAULT 7, CONSTRAINT "p\N" PRIMARY KEY (id));
INSERT INTO "hostile ""schema"" $1; *".U&"rtl\202ename" (U&"rtl\202ename") VALUES ('it''s \ "28"'), (NULL), (E'\\.\n\t');
CREATE TABLE "hostile ""schema"" $1; *"."back\" (id serial, "back\" text, "dou""ble" integer DEFAULT 7, CONSTRAINT "pdou""ble" PRIMARY KEY (id));
INSERT INTO "hostile ""schema"" $1; *"."back\" ("back\") VALUES ('it''s \ "29"'), (NULL), (E'\\.\n\t');
CREATE TABLE U&"\001b[2J\000a-x"."'" (id serial, "'" text, "sin'gle" integer DEFAULT 7, CONSTRAINT "psin'gle" PRIMARY KEY (id));
INSERT INTO U&"\001b[2J\000a-x"."'" ("'") VALUES ('it''s \ "30"'), (NULL), (E'\\.\n\t');
CREATE TABLE "'; DROP SCHEMA public CASCADE; --".""".""" (id serial, """.""" text, "two words" integer DEFAULT 7, CONSTRAINT "ptwo words" PRIMARY KEY (id));
INSERT INTO "'; DROP SCHEMA public CASCADE; --".""".""" (""".""") VALUES ('it''s \ "31"'), (NULL), (E'\\.\n\t');
CREATE TABLE U&"\001b[2J\000a-x"."copy x from stdin;
\." (id serial, "copy x from stdin;
\." text, "dollar$1" integer DEFAULT 7, CONSTRAINT "pdollar$1" PRIMARY KEY (id));
INSERT INTO U&"\001b[2J\000a-x"."copy x from stdin;
\." ("copy x from stdin;
\.") VALUES ('it''s \ "32"'), (NULL), (E'\\.\n\t');
CREATE TABLE "'; DROP SCHEMA public CASCADE; --"."\N" (id serial, "\N" text, "semi;colon" integer DEFAULT 7, CONSTRAINT "psemi;colon" PRIMARY KEY (id));
INSERT INTO "'; DROP SCHEMA public CASCADE; --"."\N" ("\N") VALUES ('it''s \ "33"'), (NULL), (E'\\.\n\t');
CREATE TABLE "hostile ""schema"" $1; *"."index's; table" (id integer PRIMARY KEY, "va""lue" text, CONSTRAINT "con'str;aint *" UNIQUE ("va""lue"));
CREATE UNIQUE INDEX U&"in""dex\000a; DROP TABLE x \001b" ON "hostile ""schema"" $1; *"."index's; table" (lower("va""lue"));
CREATE INDEX "-F c %s $(touch /tmp/longhaul-hostile)" ON "hostile ""schema"" $1; *"."index's; table" ("va""lue") WHERE "va""lue" <> E'$1 '' \\ "x"';
CREATE SEQUENCE "hostile ""schema"" $1; *"."se""quence $1; '";
SELECT nextval($q$"hostile ""schema"" $1; *"."se""quence $1; '"$q$) \g /dev/null
CREATE TABLE "hostile ""schema"" $1; *"."child $(id)" (id integer PRIMARY KEY, "re f" integer, CONSTRAINT "fo""reign; key" FOREIGN KEY ("re f") REFERENCES "hostile ""schema"" $1; *"."index's; table" (id));
INSERT INTO "hostile ""schema"" $1; *"."index's; table" SELECT i, 'v' || i FROM generate_series(1, 9) AS i;
INSERT INTO "hostile ""schema"" $1; *"."child $(id)" SELECT i, i FROM generate_series(1, 9) AS i;
CREATE VIEW "hostile ""schema"" $1; *"."vi""ew" AS SELECT * FROM "hostile ""schema"" $1; *"."child $(id)";
COMMENT ON TABLE "hostile ""schema"" $1; *"."child $(id)" IS E'com''ment\n-- "x"; \\. \033[31m';
