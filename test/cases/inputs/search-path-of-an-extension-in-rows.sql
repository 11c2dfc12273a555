-- As search-path-of-an-extension, in a generated column: each row would be refused. Must come out: a blocker whose remedy helps on the target too.
CREATE SCHEMA geo; CREATE EXTENSION cube SCHEMA geo; CREATE EXTENSION earthdistance SCHEMA geo; SET search_path = public, geo;
CREATE TABLE places (id int PRIMARY KEY, lat float8, lng float8, pos earth GENERATED ALWAYS AS (ll_to_earth(lat, lng)) STORED); INSERT INTO places SELECT i, i % 90, i % 180 FROM generate_series(1, 100) i;
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, geo', current_database()); END $$;
