-- Runs on 9.6 and later as app_owner; :scale 1 makes about 300 MB with billing.sql.
-- Values come from md5 of the row's number, not from random(): every lab of a size is the same.
CREATE TYPE public.order_status AS ENUM ('new', 'paid', 'sent', 'returned');
CREATE TYPE public.address AS (street text, city text, "postal code" text);
CREATE DOMAIN public.email AS citext CHECK (VALUE ~ '^[^@]+@[^@]+$');
COMMENT ON TYPE public.order_status IS 'Life of an order; it''s in this order';

CREATE SEQUENCE public.invoice_numbers START 1000 INCREMENT 7 CACHE 20;
SELECT nextval('public.invoice_numbers') FROM generate_series(1, 5) \g /dev/null

-- The bank of the write load: sum(accounts.balance) = sum(account_history.delta), and so for tellers.
CREATE TABLE public.accounts (
  id bigserial PRIMARY KEY,
  email public.email NOT NULL,
  holder varchar(80) NOT NULL,
  balance numeric NOT NULL DEFAULT 0,
  home public.address,
  tags text[] NOT NULL DEFAULT '{}',
  referred_by bigint REFERENCES public.accounts (id),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT accounts_email_key UNIQUE (email)
);
INSERT INTO public.accounts (email, holder, balance, home, tags, referred_by, updated_at)
SELECT 'user' || i || '@example.org', 'Holder ' || md5(i::text), i % 1000,
       ROW('Main St ' || i, CASE i % 3 WHEN 0 THEN 'Łódź' WHEN 1 THEN 'São Paulo' ELSE '東京' END, lpad((i % 99999)::text, 5, '0'))::public.address,
       ARRAY['t' || i % 7, 'quo"te', 'com,ma'], nullif(i / 2, 0), '2025-01-01'::timestamptz + i * interval '1 minute'
FROM generate_series(1, greatest(100, (100000 * :scale)::int)) AS i;
CREATE UNIQUE INDEX accounts_holder_lower ON public.accounts (lower(holder), id);
CREATE INDEX accounts_holder_trgm ON public.accounts USING gin (holder gin_trgm_ops) WHERE id < 5000;
CREATE INDEX accounts_tags ON public.accounts USING gin (tags);

CREATE TABLE public.account_history (
  id bigserial PRIMARY KEY,
  account_id bigint NOT NULL REFERENCES public.accounts (id),
  delta numeric NOT NULL,
  note text,
  created_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO public.account_history (account_id, delta, note, created_at)
SELECT id, balance, 'opening', updated_at FROM public.accounts;
CREATE INDEX account_history_account ON public.account_history (account_id, created_at);

CREATE TABLE public.tellers (id integer PRIMARY KEY, balance bigint NOT NULL DEFAULT 0, "Desk No." char(8) UNIQUE);
INSERT INTO public.tellers SELECT i, 0, 'D' || i FROM generate_series(1, 20) AS i;
-- No primary key, as pgbench_history: it can only replicate inserts.
CREATE TABLE public.teller_history (teller_id integer NOT NULL, delta bigint NOT NULL, created_at timestamptz NOT NULL DEFAULT now());

CREATE TABLE public.events (
  id bigserial PRIMARY KEY,
  account_id bigint NOT NULL,
  kind text NOT NULL,
  payload jsonb NOT NULL,
  body text,
  raw json,
  created_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO public.events (account_id, kind, payload, body, raw, created_at)
SELECT 1 + i % greatest(100, (100000 * :scale)::int), 'kind-' || i % 12,
       jsonb_build_object('n', i, 'hash', md5(i::text), 'path', ARRAY['a', md5((i + 1)::text)]),
       -- One in two hundred is TOASTed out of line: md5 text does not compress below 2 kB.
       CASE WHEN i % 200 = 0 THEN (SELECT string_agg(md5((i * 1000 + j)::text), '') FROM generate_series(1, 400) AS j)
            ELSE 'tab	newline
backslash \ and \. ' || md5(i::text) END,
       CASE WHEN i % 3 = 0 THEN '{"a":  1, "a": 2}'::json END,
       '2025-01-01'::timestamptz + i * interval '20 seconds'
FROM generate_series(1, (250000 * :scale)::int) AS i;
CREATE INDEX events_account ON public.events (account_id);
CREATE INDEX events_created ON public.events (created_at DESC NULLS LAST) WITH (fillfactor = 80);
CREATE INDEX events_payload ON public.events USING gin (payload jsonb_path_ops) WHERE kind = 'kind-1';

CREATE TABLE public.audit_log (
  id bigint PRIMARY KEY,
  at timestamp NOT NULL,
  who inet,
  what text NOT NULL,
  digest bytea NOT NULL
);
INSERT INTO public.audit_log
SELECT i, '2025-01-01'::timestamp + i * interval '90 seconds', ('10.' || i % 250 || '.0.' || i % 200)::inet,
       repeat('changed ', 4) || i, decode(md5(i::text), 'hex')
FROM generate_series(1, (250000 * :scale)::int) AS i;
CREATE INDEX audit_log_at ON public.audit_log USING brin (at);

CREATE TABLE public.notes (
  id integer PRIMARY KEY,
  author text NOT NULL,
  body text
);
INSERT INTO public.notes SELECT i, CASE i % 2 WHEN 0 THEN 'app' ELSE 'longhaul' END, md5(i::text) FROM generate_series(1, 200) AS i;
ALTER TABLE public.notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_notes ON public.notes USING (author = current_user) WITH CHECK (author = current_user);

CREATE UNLOGGED TABLE public.page_cache (url text PRIMARY KEY, body text);
INSERT INTO public.page_cache SELECT '/p/' || i, repeat('x', 100) FROM generate_series(1, 50) AS i;

CREATE TABLE public.nothing ();
CREATE TABLE public.empty_but_wide (id integer PRIMARY KEY, a text, b jsonb, UNIQUE (a));
CREATE TABLE public."order" ("select" integer PRIMARY KEY, "Mixed Case" text UNIQUE, "with space" integer DEFAULT nextval('public.invoice_numbers'));
INSERT INTO public."order" SELECT i, 'Row ' || i FROM generate_series(1, 30) AS i;
CREATE TABLE public."Mixed Case" ("Id" serial PRIMARY KEY, note text);
INSERT INTO public."Mixed Case" (note) VALUES ('one'), (NULL), (''), ('\N'), ('NULL');
COMMENT ON COLUMN public."Mixed Case".note IS 'a comment; with "quotes" and ''ticks''';

-- Inheritance: the parent has rows of its own, and a scan of it without ONLY counts the child's too.
CREATE TABLE public.vehicles (id integer PRIMARY KEY, wheels integer NOT NULL);
CREATE TABLE public.trucks (load_kg integer, PRIMARY KEY (id)) INHERITS (public.vehicles);
INSERT INTO public.vehicles SELECT i, 4 FROM generate_series(1, 10) AS i;
INSERT INTO public.trucks SELECT i, 6, 1000 * i FROM generate_series(11, 25) AS i;

DO $do$
BEGIN
  FOR i IN 1..40 LOOP
    EXECUTE format('CREATE TABLE public.%I (code integer PRIMARY KEY, label text NOT NULL UNIQUE, active boolean DEFAULT true)', 'lookup_' || i);
    EXECUTE format('INSERT INTO public.%I SELECT n, %L || n FROM generate_series(1, %s) AS n', 'lookup_' || i, 'label ', i * 5);
  END LOOP;
END
$do$;

CREATE VIEW public.rich_accounts AS SELECT id, holder, balance FROM public.accounts WHERE balance > 900;
-- Later than every timestamp, and a view that nobody has filled.
CREATE TABLE public.contracts (id integer PRIMARY KEY, created date NOT NULL);
INSERT INTO public.contracts VALUES (1, '2025-03-01'), (2, 'infinity'), (3, '5874897-12-31');
CREATE MATERIALIZED VIEW public.never_filled AS SELECT id FROM public.contracts WITH NO DATA;
CREATE MATERIALIZED VIEW public.events_by_kind AS SELECT kind, count(*) AS events FROM public.events GROUP BY kind;
CREATE UNIQUE INDEX events_by_kind_key ON public.events_by_kind (kind);

CREATE FUNCTION public.touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END $$;
CREATE TRIGGER accounts_touch BEFORE UPDATE ON public.accounts FOR EACH ROW EXECUTE PROCEDURE public.touch();

SELECT lo_from_bytea(0, convert_to(repeat('large object ', 500), 'UTF8')) FROM generate_series(1, 2) \g /dev/null

GRANT SELECT ON ALL TABLES IN SCHEMA public TO reporting;
GRANT UPDATE (label) ON public.lookup_1 TO reporting;
REVOKE EXECUTE ON FUNCTION public.touch() FROM PUBLIC;
