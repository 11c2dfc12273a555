-- cases: from=9.6
-- An operator without a right side in a view and of one's own: gone from 14 on. Must come out: told beforehand.
CREATE FUNCTION fac(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1'; CREATE OPERATOR !!! (LEFTARG = int, PROCEDURE = fac); CREATE VIEW pv AS SELECT 5 !!! AS x; CREATE VIEW pf AS SELECT 5 ! AS x;
CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1);
