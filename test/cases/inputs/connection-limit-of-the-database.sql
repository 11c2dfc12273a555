-- CONNECTION LIMIT 2 on the source's database, and 1 on the role that loads. Must come out: `check` names the limit and its value before anything is touched.
CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1);
ALTER DATABASE app CONNECTION LIMIT 2; ALTER ROLE longhaul CONNECTION LIMIT 1;
