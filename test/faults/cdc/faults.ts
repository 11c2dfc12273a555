import {setTimeout as wait} from 'node:timers/promises';
import type {Lab} from '../../../src/lab/lab.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';
import type {Way} from './proxy.ts';

/** What a fault works with. `number` is another in each story. */
export interface Broken {
  readonly lab: Lab;
  readonly way: Way;
  readonly random: () => number;
  readonly number: number;
}

/** A fault in change capture that runs: breaks it, and has it mended again as what is told of it says. Gives what was not as it has to be. */
export type CdcFault = (broken: Broken) => Promise<string[]>;

/** For whoever means it: the target's database is read-only by default. */
const WRITE = 'SET default_transaction_read_only = off;';
/** An alarm is due after twenty seconds without a worker. */
const TOLD_MS = 120_000;

async function told(lab: Lab, id: string): Promise<void> {
  await eventually(
    `the alarm ${id}`,
    async () => ((await stateOf(lab)).alarms.some((alarm) => alarm.id.startsWith(id)) ? true : null),
    TOLD_MS,
  );
}

async function terminate(lab: Lab, on: 'source' | 'target', pids: string): Promise<string[]> {
  await lab[on].sql(`SELECT pg_terminate_backend(pid) FROM (${pids}) AS p`);
  return [];
}

/** How many subscriptions a worker applies. */
async function workers(lab: Lab): Promise<number> {
  const [[count = '0'] = []] = await lab.target.sql('SELECT count(*) FROM pg_stat_subscription WHERE pid IS NOT NULL');
  return Number(count);
}

/** Those that pass by themselves, and those that are told and mended. */
export const CDC_FAULTS: Readonly<Record<string, CdcFault>> = {
  'an apply worker ended': async ({lab}) =>
    terminate(lab, 'target', 'SELECT pid FROM pg_stat_subscription WHERE pid IS NOT NULL LIMIT 1'),
  'every walsender ended': async ({lab}) =>
    terminate(
      lab,
      'source',
      "SELECT active_pid AS pid FROM pg_replication_slots WHERE slot_type = 'logical' AND active",
    ),
  'kill -9 supervisor': async ({lab}) => {
    const pid = (await stateOf(lab)).supervisor?.pid;
    if (pid === undefined) return ['there was no supervisor'];
    process.kill(pid, 'SIGKILL');
    await mustEndWell(lab, 'run', '--detach');
    return [];
  },
  'crash of the target': async ({lab}) => {
    await lab.target.restart('immediate');
    return [];
  },
  'crash of the source': async ({lab}) => {
    await lab.source.restart('immediate');
    return [];
  },
  'the network cut for a moment': async ({way, random}) => {
    way.cut();
    await wait(500 + random() * 3000);
    way.mend();
    return [];
  },
  'the network cut until it is told': async ({lab, way}) => {
    way.cut();
    await told(lab, 'cdc.down:');
    way.mend();
    return [];
  },
  'the target read-only as a whole for a while': async ({lab, random}) => {
    await lab.target.sql('ALTER SYSTEM SET default_transaction_read_only = on');
    await lab.target.sql('SELECT pg_reload_conf()');
    await wait(500 + random() * 3000);
    await lab.target.sql('ALTER SYSTEM RESET default_transaction_read_only');
    await lab.target.sql('SELECT pg_reload_conf()');
    return [];
  },
  'a row in the way, taken away': async ({lab, number}) => {
    await lab.target.sql(`${WRITE} INSERT INTO public.accounts (id, note) VALUES (-${number}, 'in the way')`);
    await lab.source.sql(`INSERT INTO public.accounts (id, note) VALUES (-${number}, 'from the source')`);
    await told(lab, 'cdc.down:');
    const others = await workers(lab);
    await lab.target.sql(`${WRITE} DELETE FROM public.accounts WHERE id = -${number}`);
    return others >= 1 ? [] : ['another slot had stopped as well'];
  },
  'a row in the way, skipped': async ({lab, number}) => {
    await lab.target.sql(`${WRITE} INSERT INTO public.accounts (id, note) VALUES (-${number}, 'in the way')`);
    await lab.source.sql(`INSERT INTO public.accounts (id, note) VALUES (-${number}, 'in the way')`);
    await eventually('the transaction to be skipped', async () => {
      const shown = await longhaul(lab, 'cdc', 'skip', await slotOf(lab, 'accounts'));
      const lsn = /--lsn (\S+)/.exec(shown.stderr)?.[1];
      if (lsn === undefined || !shown.stdout.includes(`(id -${number})`)) return null;
      return (await longhaul(lab, 'cdc', 'skip', await slotOf(lab, 'accounts'), '--lsn', lsn, '--yes', 'rehearsal'))
        .code === 0
        ? true
        : null;
    });
    return (await stateOf(lab)).capture.owed.some(({table}) => table.name === 'accounts')
      ? []
      : ['no comparison is owed'];
  },
  'a table missing on the target': async ({lab}) => {
    await lab.target.sql(`${WRITE} ALTER TABLE public.whole RENAME TO hidden`);
    await lab.source.sql("INSERT INTO public.whole VALUES (51, 'w')");
    await told(lab, 'cdc.down:');
    await lab.target.sql(`${WRITE} ALTER TABLE public.hidden RENAME TO whole`);
    return [];
  },
  'a table locked on the target': async ({lab}) => {
    const held = lab.target
      .sql(`${WRITE} BEGIN; LOCK TABLE public.accounts IN SHARE MODE; SELECT pg_sleep(602)`)
      .catch(() => []);
    await told(lab, 'cdc.blocked:');
    await lab.target.sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(602)%' AND pid <> pg_backend_pid()`,
    );
    await held;
    return [];
  },
  'a subscription disabled by somebody': async ({lab}) => {
    const slot = await slotOf(lab, 'moves');
    await lab.target.sql(`${WRITE} ALTER SUBSCRIPTION "${slot}" DISABLE`);
    await told(lab, `cdc.stopped:${slot}`);
    await mustEndWell(lab, 'cdc', 'resume', slot);
    return [];
  },
  'a slot paused for a while': async ({lab, random}) => {
    const slot = await slotOf(lab, 'big');
    await mustEndWell(lab, 'cdc', 'pause', slot);
    await wait(random() * 2000);
    await mustEndWell(lab, 'cdc', 'resume', slot);
    return [];
  },
  'a table made meanwhile': async ({lab, number}) => {
    const name = `born_${number}`;
    await lab.source.sql(
      `CREATE TABLE public.${name} (id integer PRIMARY KEY, note text); ALTER TABLE public.${name} OWNER TO app_owner; INSERT INTO public.${name} SELECT n, 'born' FROM generate_series(1, 500) AS n`,
    );
    await told(lab, `cdc.uncaptured:public.${name}`);
    await eventually('it to be adopted', async () =>
      (await longhaul(lab, 'adopt', `public.${name}`, '--yes', 'rehearsal')).code === 0 ? true : null,
    );
    await lab.source.sql(
      `UPDATE public.${name} SET note = 'changed' WHERE id = 7; DELETE FROM public.${name} WHERE id = 8`,
    );
    return [];
  },
};

/** The slot that captures a table of the application. */
async function slotOf(lab: Lab, table: string): Promise<string> {
  const [[publication = ''] = []] = await lab.source.sql(
    `SELECT pubname FROM pg_publication_tables WHERE schemaname = 'public' AND tablename = '${table}'`,
  );
  return publication.replace(/^i(?=lh_)/, '');
}
