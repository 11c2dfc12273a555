-- A database of code alone.
CREATE FUNCTION public.one() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE TYPE public.mood AS ENUM ('sad', 'glad');
