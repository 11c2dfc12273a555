-- As names-of-functions-in-rows, with names that only one has. Must come out: equal, and no blocker.
CREATE FUNCTION alone() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE jobs (id int PRIMARY KEY, f regproc, p regprocedure); INSERT INTO jobs VALUES (1, 'alone', 'lower(text)'), (2, 0::oid::regproc, NULL), (3, 'pg_backend_pid', 'alone()');
