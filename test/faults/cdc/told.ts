import {setTimeout as wait} from 'node:timers/promises';
import {eventually, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';
import {othersRun, said, told, WRITE, type Broken, type CdcFault} from './broken.ts';

const LOG = "the target's log says why";

/** Faults that last until somebody mends them as what is told of them says. */
export const TOLD: Readonly<Record<string, CdcFault>> = {
  'the network cut until it is told': async ({lab, hands, way}) => {
    way.cut();
    const problems: string[] = [];
    for (const slot of hands.slots)
      problems.push(...(await told(lab, {alarm: 'down', slot, remedy: 'takes connections from the target'})));
    way.mend();
    return problems;
  },
  'a row in the way, taken away': async (broken) => {
    const {lab, hands, number} = broken;
    await inTheWay(broken, 'from the source');
    const problems = await stopsAlone(broken, await hands.slotOf(lab, 'accounts'));
    await lab.target.sql(`${WRITE} DELETE FROM public.accounts WHERE id = -${number}`);
    return problems;
  },
  'a row in the way, skipped': async (broken) => {
    const {lab, hands, number} = broken;
    await inTheWay(broken, 'in the way');
    const slot = await hands.slotOf(lab, 'accounts');
    await eventually('the transaction to be skipped', async () => {
      const shown = await longhaul(lab, 'cdc', 'skip', slot);
      const lsn = /--lsn (\S+)/.exec(`${shown.stdout}${shown.stderr}`)?.[1];
      if (lsn === undefined || !shown.stdout.includes(`(id -${number})`)) return null;
      return (await longhaul(lab, 'cdc', 'skip', slot, '--lsn', lsn, '--yes', 'rehearsal')).code === 0 ? true : null;
    });
    const isOwed = async (): Promise<boolean> =>
      (await stateOf(lab)).capture.owed.some(({table}) => table.name === 'accounts');
    const problems = (await isOwed()) ? [] : ['no comparison is owed'];
    await mustEndWell(lab, 'compare', '--again', 'public.accounts');
    if (await isOwed()) problems.push('the comparison is still owed');
    return problems;
  },
  'a row missing on the target': async (broken) => {
    const {lab, hands, number} = broken;
    const row = `INSERT INTO public.accounts (id, note) VALUES (-${number}, 'before')`;
    await lab.source.sql(row);
    await eventually('the row', async () =>
      (await lab.target.sql(`SELECT 1 FROM public.accounts WHERE id = -${number}`)).length > 0 ? true : null,
    );
    await lab.target.sql(`${WRITE} DELETE FROM public.accounts WHERE id = -${number}`);
    await lab.source.sql(`UPDATE public.accounts SET note = 'after' WHERE id = -${number}`);
    if (hands.isStrict) {
      const problems = await stopsAlone(broken, await hands.slotOf(lab, 'accounts'));
      await lab.target.sql(`${WRITE} ${row}`);
      return problems;
    }
    // Up to 17 the server skips it without a word: the comparison names it.
    const compared = await longhaul(lab, 'compare', '--again', 'public.accounts', '--json');
    await lab.target.sql(`${WRITE} ${row.replace('before', 'after')}`);
    await mustEndWell(lab, 'compare', '--again', 'public.accounts');
    return compared.code === 1 && compared.stdout.includes(`"-${number}"`)
      ? []
      : [`the comparison has not named it: ${compared.stdout.slice(0, 300)}`];
  },
  'a row that a check of the target refuses': async (broken) => {
    const {lab, hands, number} = broken;
    await lab.target.sql(
      `${WRITE} ALTER TABLE public.accounts ADD CONSTRAINT fault CHECK (note <> 'fault ${number}') NOT VALID`,
    );
    await lab.source.sql(`UPDATE public.accounts SET note = 'fault ${number}' WHERE id = 7`);
    const problems = await stopsAlone(broken, await hands.slotOf(lab, 'accounts'));
    await lab.target.sql(`${WRITE} ALTER TABLE public.accounts DROP CONSTRAINT fault`);
    return problems;
  },
  'a table missing on the target': async (broken) => {
    const {lab, hands} = broken;
    await lab.target.sql(`${WRITE} ALTER TABLE public.whole RENAME TO hidden`);
    await lab.source.sql("INSERT INTO public.whole VALUES (51, 'w')");
    const problems = await stopsAlone(broken, await hands.slotOf(lab, 'whole'));
    await lab.target.sql(`${WRITE} ALTER TABLE public.hidden RENAME TO whole`);
    return problems;
  },
  'a table locked on the target': async (broken) => {
    const {lab, hands} = broken;
    const held = lab.target
      .sql(`${WRITE} BEGIN; LOCK TABLE public.accounts IN SHARE MODE; SELECT pg_sleep(602)`)
      .catch(() => []);
    const slot = await hands.slotOf(lab, 'accounts');
    const problems = [
      ...(await told(lab, {alarm: 'blocked', slot, remedy: 'pg_terminate_backend'})),
      ...(await othersRun(broken, slot)),
    ];
    await lab.target.sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(602)%' AND pid <> pg_backend_pid()`,
    );
    await held;
    return problems;
  },
  'a subscription disabled by somebody': async ({lab, hands}) => {
    const slot = await hands.slotOf(lab, 'moves');
    await lab.target.sql(`${WRITE} ${hands.disable(slot)}`);
    const problems = await told(lab, {alarm: 'stopped', slot, remedy: `longhaul cdc resume ${slot}`});
    await mustEndWell(lab, 'cdc', 'resume', slot);
    return problems;
  },
  'a table made meanwhile': async (broken) => {
    const name = await born(broken);
    await eventually('it to be adopted', async () => adopted(broken, name));
    await changeBorn(broken, name);
    return [];
  },
  'a table made meanwhile, and kill -9 supervisor while it is adopted': async (broken) => {
    const {lab, random} = broken;
    const name = await born(broken);
    const adopting = longhaul(lab, 'adopt', name, '--yes', 'rehearsal');
    await wait(random() * 2500);
    const pid = (await stateOf(lab)).supervisor?.pid;
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
    await adopting;
    await mustEndWell(lab, 'run', '--detach');
    await eventually('it to be adopted', async () => {
      if ((await stateOf(lab)).capture.adopted.some(({table}) => `public.${table.name}` === name)) return true;
      return adopted(broken, name);
    });
    await changeBorn(broken, name);
    return [];
  },
};

/** An error stops the slot that it is of, is told, and stops no other. */
async function stopsAlone(broken: Broken, slot: string): Promise<string[]> {
  return [...(await told(broken.lab, {alarm: 'down', slot, remedy: LOG})), ...(await othersRun(broken, slot))];
}

async function inTheWay({lab, number}: Broken, note: string): Promise<void> {
  await lab.target.sql(`${WRITE} INSERT INTO public.accounts (id, note) VALUES (-${number}, 'in the way')`);
  await lab.source.sql(`INSERT INTO public.accounts (id, note) VALUES (-${number}, '${note}')`);
}

async function born({lab, number}: Broken): Promise<string> {
  const name = `public.born_${number}`;
  await lab.source.sql(
    `CREATE TABLE ${name} (id integer PRIMARY KEY, note text); ALTER TABLE ${name} OWNER TO app_owner; INSERT INTO ${name} SELECT n, 'born' FROM generate_series(1, 500) AS n`,
  );
  await said(lab, `cdc.uncaptured:${name}`, `longhaul adopt ${name}`);
  return name;
}

async function adopted({lab}: Broken, name: string): Promise<true | null> {
  return (await longhaul(lab, 'adopt', name, '--yes', 'rehearsal')).code === 0 ? true : null;
}

async function changeBorn({lab}: Broken, name: string): Promise<void> {
  await lab.source.sql(`UPDATE ${name} SET note = 'changed' WHERE id = 7; DELETE FROM ${name} WHERE id = 8`);
}

/** What fills the disk of the target's data, for a lab whose target is on a small volume. */
export const FULL_DISK: CdcFault = async ({lab, hands, volume}) => {
  volume?.fillUp(0);
  const problems = await told(lab, {alarm: 'down', slot: await hands.slotOf(lab, 'moves'), remedy: LOG});
  await volume?.makeRoom();
  return problems;
};
