-- Two tables whose rows take a while at a small rate.
CREATE TABLE public.left_hand (id integer PRIMARY KEY, words text NOT NULL);
CREATE TABLE public.right_hand (id integer PRIMARY KEY, words text NOT NULL);
INSERT INTO public.left_hand SELECT n, repeat(md5(n::text), 16) FROM generate_series(1, 3000) AS n;
INSERT INTO public.right_hand SELECT n, repeat(md5(n::text), 16) FROM generate_series(1, 3000) AS n;
ANALYZE;
