-- Moves an amount through one account and one teller; accounts before tellers, always, so that two never wait for each other.
\set account random(1, :accounts)
\set teller random(1, 20)
\set delta random(-5000, 5000)
BEGIN;
UPDATE public.accounts SET balance = balance + :delta WHERE id = :account;
INSERT INTO public.account_history (account_id, delta, note) VALUES (:account, :delta, 'teller ' || :teller);
UPDATE public.tellers SET balance = balance + :delta WHERE id = :teller;
INSERT INTO public.teller_history (teller_id, delta) VALUES (:teller, :delta);
COMMIT;
