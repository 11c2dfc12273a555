-- An event, one in twenty with a TOASTed body, and a change of an older one that leaves its TOASTed value untouched.
\set account random(1, :accounts)
\set event random(1, :events)
\set words random(1, 20)
BEGIN;
INSERT INTO public.events (account_id, kind, payload, body)
SELECT :account, 'live', jsonb_build_object('at', clock_timestamp()),
       (SELECT string_agg(md5(random()::text), '') FROM generate_series(1, CASE WHEN :words = 20 THEN 300 ELSE :words END));
UPDATE public.events SET kind = 'seen' WHERE id = :event;
COMMIT;
