import type {Lab} from '../../../src/lab/lab.ts';

/** The engines whose faults are told. */
export type FaultEngine = 'native' | 'pglogical';

/** What a fault asks of an engine, by SQL of the lab's superuser. */
export interface EngineHands {
  readonly slots: readonly string[];
  /** The pids of its workers on the target. */
  readonly workers: string;
  /** The slots that a worker applies. */
  readonly running: (lab: Lab) => Promise<readonly string[]>;
  /** The slot that captures a table of the application. */
  readonly slotOf: (lab: Lab, table: string) => Promise<string>;
  /** What disables a slot's subscription. */
  readonly disable: (slot: string) => string;
  /** Whether a change of a row that the target lacks is an error, and not skipped without a word. */
  readonly isStrict: boolean;
}

const SLOTS = ['lh_01', 'lh_02'];

/** What each engine's faults are made with. */
export const HANDS: Readonly<Record<FaultEngine, EngineHands>> = {
  native: {
    slots: SLOTS,
    workers: 'SELECT pid FROM pg_stat_subscription WHERE pid IS NOT NULL',
    running: async (lab) => column(lab.target.sql('SELECT subname FROM pg_stat_subscription WHERE pid IS NOT NULL')),
    slotOf: async (lab, table) =>
      first(
        lab.source.sql(
          `SELECT regexp_replace(pubname, '^i', '') FROM pg_publication_tables WHERE schemaname = 'public' AND tablename = '${table}'`,
        ),
      ),
    disable: (slot) => `ALTER SUBSCRIPTION "${slot}" DISABLE`,
    isStrict: false,
  },
  pglogical: {
    slots: SLOTS,
    workers: "SELECT pid FROM pg_stat_activity WHERE backend_type LIKE 'pglogical apply%'",
    running: async (lab) =>
      column(
        lab.target.sql(
          "SELECT subscription_name FROM pglogical.show_subscription_status() WHERE status = 'replicating'",
        ),
      ),
    slotOf: async (lab, table) =>
      first(
        lab.source.sql(
          `SELECT regexp_replace(set_name, '^i', '') FROM pglogical.tables WHERE nspname = 'public' AND relname = '${table}' AND set_name ~ '^i?lh_'`,
        ),
      ),
    disable: (slot) => `SELECT pglogical.alter_subscription_disable('${slot}', true)`,
    isStrict: true,
  },
};

async function column(rows: Promise<string[][]>): Promise<readonly string[]> {
  return (await rows).map(([value = '']) => value);
}

async function first(rows: Promise<string[][]>): Promise<string> {
  return (await column(rows))[0] ?? '';
}
