-- The second schema, with references into public and back. Runs on 9.6 and later as app_owner.
CREATE TABLE billing.orders (
  id bigserial PRIMARY KEY,
  account_email public.email NOT NULL REFERENCES public.accounts (email),
  status public.order_status NOT NULL DEFAULT 'new',
  reference varchar(40) NOT NULL,
  notes text,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT orders_reference_key UNIQUE (reference) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT orders_notes_short CHECK (length(notes) < 10000)
);
INSERT INTO billing.orders (account_email, status, reference, notes, created_at)
SELECT 'user' || 1 + i % greatest(100, (100000 * :scale)::int) || '@example.org',
       (ARRAY['new', 'paid', 'sent', 'returned'])[1 + i % 4]::public.order_status,
       'R-' || i || '-' || left(md5(i::text), 24), CASE WHEN i % 5 = 0 THEN repeat('note ', 20) END,
       '2025-03-01'::timestamptz + i * interval '3 minutes'
FROM generate_series(1, greatest(100, (60000 * :scale)::int)) AS i;
CREATE INDEX orders_open ON billing.orders (created_at) WHERE status = 'new';

CREATE TABLE billing.line_items (
  order_id bigint NOT NULL REFERENCES billing.orders (id) ON DELETE CASCADE,
  position integer NOT NULL,
  sku text NOT NULL,
  quantity integer NOT NULL CHECK (quantity > 0),
  price numeric(12, 2) NOT NULL,
  weight numeric,
  PRIMARY KEY (order_id, position)
);
INSERT INTO billing.line_items
SELECT o.id, p, 'SKU-' || (o.id * 7 + p) % 5000, 1 + (o.id % 5), (o.id * p % 100000) / 100.0, 1.000 / p
FROM billing.orders AS o, generate_series(1, 10) AS p;
CREATE UNIQUE INDEX line_items_sku_once ON billing.line_items (order_id, sku, position);
CREATE INDEX line_items_sku ON billing.line_items (sku, price);

CREATE TABLE billing.invoices (
  id integer PRIMARY KEY,
  order_id bigint NOT NULL UNIQUE REFERENCES billing.orders (id) DEFERRABLE INITIALLY DEFERRED,
  number bigint NOT NULL DEFAULT nextval('public.invoice_numbers'),
  paid_by integer,
  period daterange,
  EXCLUDE USING gist (order_id WITH =, period WITH &&)
);
-- A cycle of two tables: neither can be loaded before the other while the keys are there.
CREATE TABLE billing.payments (
  id integer PRIMARY KEY,
  invoice_id integer NOT NULL REFERENCES billing.invoices (id),
  amount numeric NOT NULL
);
INSERT INTO billing.invoices (id, order_id, paid_by, period)
SELECT id::int, id, CASE WHEN id % 2 = 0 THEN id::int END, daterange('2025-01-01'::date + (id % 300)::int, '2025-01-02'::date + (id % 300)::int)
FROM billing.orders WHERE id <= 40000;
INSERT INTO billing.payments SELECT id, id, 10.5 FROM billing.invoices WHERE paid_by IS NOT NULL;
ALTER TABLE billing.invoices ADD CONSTRAINT invoices_paid_by_fkey FOREIGN KEY (paid_by) REFERENCES billing.payments (id);
-- An old row breaks this one, as production has it.
CREATE TABLE billing.refunds (id integer PRIMARY KEY, payment_id integer, reason text);
INSERT INTO billing.refunds VALUES (1, -1, 'the payment is long gone'), (2, 2, 'damaged');
ALTER TABLE billing.refunds ADD CONSTRAINT refunds_payment_fkey FOREIGN KEY (payment_id) REFERENCES billing.payments (id) NOT VALID;

CREATE FUNCTION billing.log_status() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO billing.status_log (order_id, old, new) VALUES (NEW.id, OLD.status, NEW.status);
  RETURN NULL;
END $$;
CREATE TABLE billing.status_log (
  id bigserial PRIMARY KEY,
  order_id bigint NOT NULL,
  old public.order_status,
  new public.order_status,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER orders_status AFTER UPDATE OF status ON billing.orders FOR EACH ROW WHEN (OLD.status <> NEW.status) EXECUTE PROCEDURE billing.log_status();
ALTER TABLE billing.status_log ALTER COLUMN at SET STATISTICS 500, REPLICA IDENTITY FULL;
GRANT SELECT ON ALL TABLES IN SCHEMA billing TO reporting;
