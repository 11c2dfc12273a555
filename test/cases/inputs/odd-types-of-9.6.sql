-- cases: from=9.6
-- Every odd built-in type with odd values; partly binary-safe, partly not.
CREATE EXTENSION IF NOT EXISTS hstore; CREATE EXTENSION IF NOT EXISTS citext; CREATE EXTENSION IF NOT EXISTS ltree;
CREATE TYPE mood AS ENUM ('sad','ok'); ALTER TYPE mood ADD VALUE 'mid''dle' BEFORE 'ok';
CREATE TYPE comp AS (a int, b text, c mood); ALTER TYPE comp DROP ATTRIBUTE b; ALTER TYPE comp ADD ATTRIBUTE "B ""q" numeric;
CREATE DOMAIN dpos AS int CHECK (VALUE > 0); CREATE DOMAIN darr AS text[]; CREATE DOMAIN dd AS dpos NOT NULL DEFAULT 3;
CREATE TYPE fr AS RANGE (subtype = float8);
CREATE TABLE odd (id bigint PRIMARY KEY, ch "char", nm name, o oid, ov oidvector, iv int2vector, t tid, x xid, c cid, ls pg_lsn, ts txid_snapshot, rc regclass, rp regprocedure, rt regtype, acl aclitem[],
 tv tsvector, tq tsquery, m money, i interval, tz timetz, d date, tsz timestamptz, bt bit(5), vb varbit, mac macaddr, ip inet, ci cidr, p point, pg polygon, ci2 circle, ln line, bx box, pa path, ls2 lseg,
 j json, jb jsonb, h hstore, cx citext, lt ltree, e mood, ea mood[], cp comp, cpa comp[], dp dpos, da darr, r int4range, fr fr, n numeric, ba bytea, arr int[], arr2 text[], u uuid, rec int8range[]);
INSERT INTO odd (id, ch, nm, o, ov, iv, t, x, c, ls, ts, rc, rp, rt, acl, tv, tq, m, i, tz, d, tsz, bt, vb, mac, ip, ci, p, pg, ci2, ln, bx, pa, ls2, j, jb, h, cx, lt, e, ea, cp, cpa, dp, da, r, fr, n, ba, arr, arr2, u, rec)
 SELECT g, chr(65 + g % 26)::"char", 'na"me', 4294967295, '1 2 3', '4 5', '(1,2)', '7', '8', 'FFFFFFFF/FFFFFFFF', '10:20:10,14,15', 'pg_class', 'pg_catalog.lower(text)', 'int4', ARRAY['=r/app_owner'::aclitem] ,
 'a:1A b:2', 'a & !b', '-12.34', '-1 year 2 mons -3 days 04:05:06.7', '24:00:00-15:59', '4713-01-01 BC', '294276-12-31 23:59:59.999999+00', B'10101', B'', '08:00:2b:01:02:03', '::1/64', '10.0.0.0/8', '(NaN,-0)', '((0,0),(1,1),(2,0))', '<(0,0),0>', '{1,-1,0}', '(1,1),(0,0)', '[(0,0),(1,1)]', '[(0,0),(1,1)]',
 '{"a" : 1, "a": 2}', '{"a": 1e400}', 'a=>NULL,"b c"=>"\"x"', 'ÀbC', 'a.b.c', 'mid''dle', '{sad,NULL}', '(1,ok,NaN)', '{"(,,1)",NULL}', 1, '{"a,b",NULL,"\\N"}', 'empty', '(-infinity,Infinity]', 'NaN', '\x00ff5c', '[-2:0]={1,NULL,3}', '{{a,"b c"},{"","NULL"}}', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', '{"[1,2)",empty}'
 FROM generate_series(1, 30) g;
INSERT INTO odd (id, d, tsz, n, da, arr, j) VALUES (-1, 'infinity', '-infinity', '0.000000000000000000000000000000000000001', '[5:6]={x,y}', '{}', E'"\\u0041"'), (-2, '-infinity', 'infinity', 1e1000, NULL, NULL, 'null');
CREATE TABLE fl (a float4, b float8); INSERT INTO fl VALUES ('NaN', '-Infinity'), ('1e-45', '4.9406564584124654e-324'), ('-0', '-0'), (0.1, 0.1), (16777217, 9007199254740993);
