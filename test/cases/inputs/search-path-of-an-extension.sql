-- The everyday case: earthdistance's functions find cube's by search_path. An index and a generated column call them. Must come out: named by `check` with a remedy that helps (an ALTER of an extension's function on the source is not carried to the target), or it works.
CREATE SCHEMA geo; CREATE EXTENSION cube SCHEMA geo; CREATE EXTENSION earthdistance SCHEMA geo; SET search_path = public, geo;
CREATE TABLE places (id int PRIMARY KEY, lat float8, lng float8); INSERT INTO places SELECT i, i % 90, i % 180 FROM generate_series(1, 1000) i;
CREATE INDEX places_earth ON places USING gist (ll_to_earth(lat, lng));
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, geo', current_database()); END $$;
