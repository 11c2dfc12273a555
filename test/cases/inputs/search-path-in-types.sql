-- A domain whose check finds a function by search_path, not as the type of a column but inside of one: in a composite type, an array of it, a range, a domain over them. Each refuses every row of a load. Must come out: `check` names each column before anything is touched.
CREATE SCHEMA shop; SET search_path = shop;
CREATE FUNCTION good(text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN length($1) = 5; END $$;
CREATE FUNCTION is_zip(text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN good($1); END $$;
CREATE DOMAIN zip AS text CHECK (is_zip(VALUE)); CREATE TYPE address AS (street text, code zip); CREATE TYPE person AS (name text, home address);
CREATE TABLE people (id int PRIMARY KEY, a address); INSERT INTO people VALUES (1, ROW('x', '12345'));
CREATE TABLE groups (id int PRIMARY KEY, p person[]); INSERT INTO groups VALUES (1, ARRAY[ROW('ana', ROW('x', '12345')::address)::person]);
CREATE TYPE zips AS RANGE (subtype = zip); CREATE TABLE areas (id int PRIMARY KEY, z zips); INSERT INTO areas VALUES (1, zips('10000', '20000'));
CREATE DOMAIN home AS address CHECK ((VALUE).street IS NOT NULL); CREATE TABLE homes (id int PRIMARY KEY, h home); INSERT INTO homes VALUES (1, ROW('x', '12345')::address);
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = shop, public', current_database()); END $$;
