-- Keys of every kind and foreign keys between them, few rows.
CREATE TABLE k (id int PRIMARY KEY, u int UNIQUE DEFERRABLE, v int, CONSTRAINT "v key" UNIQUE (v)); INSERT INTO k SELECT i, i, i FROM generate_series(1, 1000) i;
CREATE TABLE k2 (id int PRIMARY KEY, u int UNIQUE); INSERT INTO k2 SELECT i, i FROM generate_series(1, 1000) i;
CREATE TABLE par (id int PRIMARY KEY); INSERT INTO par SELECT generate_series(1, 100);
CREATE TABLE chi (id int PRIMARY KEY, a int REFERENCES par, b int REFERENCES par, c int REFERENCES par, d int REFERENCES par);
INSERT INTO chi SELECT i, i % 100 + 1, i % 99 + 1, i % 98 + 1, i % 97 + 1 FROM generate_series(1, 1000) i;
