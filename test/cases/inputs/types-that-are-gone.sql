-- cases: from=9.6
-- Types that are gone from 12 on: abstime, reltime, tinterval in a table. Must come out: told beforehand, with the column.
CREATE TABLE gone (id int PRIMARY KEY, a abstime, r reltime, t tinterval); INSERT INTO gone VALUES (1, 'now', '1 day', '["1999-01-01" "2000-01-01"]');
