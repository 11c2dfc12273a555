-- cases: from=9.6
-- Settings of database and roles that a newer server does not know or reads otherwise. Must come out: named by name with what happens; the rest is there.
CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT i, 'v' FROM generate_series(1, 500) i; CREATE TABLE kid (x int) INHERITS (t); INSERT INTO kid VALUES (1000, 'k', 1); CREATE ROLE worker LOGIN;
ALTER DATABASE app SET sql_inheritance = off; ALTER DATABASE app SET default_with_oids = on; ALTER DATABASE app SET operator_precedence_warning = on; ALTER ROLE worker SET replacement_sort_tuples = 1000; ALTER DATABASE app SET password_encryption = on; ALTER ROLE worker SET force_parallel_mode = on; ALTER DATABASE app SET max_parallel_workers_per_gather = 0;
