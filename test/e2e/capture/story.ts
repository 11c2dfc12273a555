import {join} from 'node:path';
import {compareFingerprints, fingerprintDatabase} from '../../../src/lab/fingerprint.ts';
import {startLab, type Lab, type LabOptions} from '../../../src/lab/lab.ts';
import {drained} from '../../support/drained.ts';
import {edit} from '../../support/edit.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';

/** Whether the slower stories are told. */
export const NIGHTLY = process.env['LONGHAUL_NIGHTLY'] !== undefined;
/** Of a session that writes to a target that is read-only by default. */
export const WRITE = 'SET default_transaction_read_only = off;';
/** Engines whose subscriptions are the target's own. */
export const ENGINES = ['native', 'pglogical'] as const;
/** One of them. */
export type Subscribing = (typeof ENGINES)[number];

/** What has a slot's worker begin anew, by SQL on the target. */
export const AGAIN: Readonly<Record<Subscribing, readonly string[]>> = {
  native: ['ALTER SUBSCRIPTION lh_01 DISABLE', 'ALTER SUBSCRIPTION lh_01 ENABLE'],
  pglogical: [
    "SELECT pglogical.alter_subscription_disable('lh_01', true)",
    "SELECT pglogical.alter_subscription_enable('lh_01', true)",
  ],
};

const SEED = join(import.meta.dirname, '../../handoffs/seed.sql');
const LIMIT_MS = 300_000;

/** What a story's lab is, beside its engine. */
export interface CaptureLab extends LabOptions {
  /** Of the plan; one by default. */
  readonly slots?: number;
  /** How often it is watched; `500ms` by default. */
  readonly interval?: string;
  /** Before the run begins. */
  readonly before?: (lab: Lab) => Promise<void>;
}

/** A lab whose change capture has caught up, watched twice a second; a worker that has failed is tried again at once. */
export async function capturing(
  engine: Subscribing,
  {slots = 1, interval = '500ms', before, ...options}: CaptureLab = {},
): Promise<Lab> {
  const lab = await startLab({seed: SEED, engine, ...options});
  try {
    await edit(
      lab,
      ['caught_up_for: 3s', 'caught_up_for: 1s'],
      ['count: 3', `count: ${slots}`],
      ['load:\n', `probes: {interval: ${interval}}\nload:\n`],
    );
    await lab.target.sql("ALTER SYSTEM SET wal_retrieve_retry_interval = '300ms'");
    await lab.target.sql('SELECT pg_reload_conf()');
    await before?.(lab);
    await mustEndWell(lab, 'run', '--plain');
    return lab;
  } catch (error) {
    await ended(lab);
    throw error;
  }
}

/** Ends a story's run and its servers. */
export async function ended(lab: Lab | undefined): Promise<void> {
  if (lab === undefined) return;
  await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
  await lab.stop();
}

/** In which tables the target differs from the source once all is applied. */
export async function differing(lab: Lab): Promise<string[]> {
  await drained(lab);
  const sides = [await fingerprintDatabase(lab.source), await fingerprintDatabase(lab.target)] as const;
  return compareFingerprints(...sides).map(({table, seen}) => `${table} ${seen}`);
}

/** Waits for an alarm of the run whose id begins so, and gives it. */
export async function alarmOf(lab: Lab, id: string): Promise<{readonly seen: string; readonly remedy: string}> {
  return eventually(
    `the alarm ${id}`,
    async () => (await stateOf(lab)).alarms.find((alarm) => alarm.id.startsWith(id)) ?? null,
    LIMIT_MS,
  );
}

/** Waits until no alarm of the run begins so any more. */
export async function over(lab: Lab, id: string): Promise<void> {
  await eventually(
    `${id} to be over`,
    async () => ((await stateOf(lab)).alarms.some((alarm) => alarm.id.startsWith(id)) ? null : true),
    LIMIT_MS,
  );
}

/** Adopts every table that is told to be captured by nothing. */
export async function adoptAll(lab: Lab): Promise<void> {
  for (const table of await uncaptured(lab)) await mustEndWell(lab, 'adopt', table, '--yes', 'rehearsal');
}

/** Compares each table that is owed a comparison: those that are copied again by the cutover only by their names. */
export async function compareOwed(lab: Lab): Promise<void> {
  const owed = (await stateOf(lab)).capture.owed.map(({table}) => `${table.schema}.${table.name}`);
  if (owed.length > 0) await mustEndWell(lab, 'compare', '--again', ...owed);
}

/** The tables that are told to be captured by nothing, as `public.moves`. */
export async function uncaptured(lab: Lab): Promise<string[]> {
  return (await stateOf(lab)).capture.newTables.map(({table}) => `${table.schema}.${table.name}`);
}

/** Waits until a table is told to be captured by nothing now; the alarm of a time before may still be raised. */
export async function told(lab: Lab, table: string): Promise<void> {
  await eventually(
    `${table} to be told`,
    async () => ((await uncaptured(lab)).includes(table) ? true : null),
    LIMIT_MS,
  );
}

/** Waits until the watch over the source has asked it two rounds more. */
export async function guardedAgain(lab: Lab): Promise<void> {
  const [[since = ''] = []] = await lab.source.sql('SELECT clock_timestamp()');
  // It asks every 2.5 s.
  const later = `SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'longhaul/%/guard' AND query_start > '${since}'::timestamptz + interval '6 s'`;
  await eventually('the source to be watched on', async () => ((await lab.source.sql(later)).length > 0 ? true : null));
}
