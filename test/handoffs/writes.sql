\set account random(1, 200)
\set other random(1, 200)
\set amount random(1, 1000)
\set one random(1, 50)
\set body random(1, 20)
\set nap random(0, 300)
BEGIN;
UPDATE public.accounts SET balance = balance + :amount WHERE id = :account;
INSERT INTO public.moves (account, amount) VALUES (:account, :amount);
SAVEPOINT never;
INSERT INTO public.moves (account, amount) VALUES (:other, -1);
ROLLBACK TO SAVEPOINT never;
INSERT INTO public.log (account, amount) VALUES (:account, :amount);
-- Some are open where P falls.
SELECT pg_sleep(:nap / 1000.0);
UPDATE public.whole SET b = 'w' || :amount WHERE a = :one;
UPDATE public.big SET n = n + 1 WHERE id = :body;
SAVEPOINT kept;
DELETE FROM public.moves WHERE id = (SELECT max(id) - 500 FROM public.moves);
RELEASE SAVEPOINT kept;
COMMIT;
