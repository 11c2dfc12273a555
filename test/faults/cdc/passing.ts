import {setTimeout as wait} from 'node:timers/promises';
import {mustEndWell, stateOf} from '../../support/longhaul.ts';
import type {Broken, CdcFault} from './broken.ts';

/** What the longest of those takes that are over before anything is told of them. */
const MOST_MS = 3000;

async function aMoment({random}: Broken): Promise<void> {
  await wait(500 + random() * MOST_MS);
}

async function killSupervisor({lab}: Broken): Promise<string[]> {
  const pid = (await stateOf(lab)).supervisor?.pid;
  if (pid === undefined) return ['there was no supervisor'];
  process.kill(pid, 'SIGKILL');
  await mustEndWell(lab, 'run', '--detach');
  return [];
}

async function settings(server: Broken['lab']['target'], change: string): Promise<void> {
  await server.sql(`ALTER SYSTEM ${change}`);
  await server.sql('SELECT pg_reload_conf()');
}

/** Faults that pass by themselves: nothing has to be done about them. */
export const PASSING: Readonly<Record<string, CdcFault>> = {
  'an apply worker ended': async ({lab, hands}) => {
    await lab.target.sql(`SELECT pg_terminate_backend(pid) FROM (${hands.workers} LIMIT 1) AS one`);
    return [];
  },
  'kill -9 of an apply worker': async ({lab, hands}) => {
    const [[pid] = []] = await lab.target.sql(`${hands.workers} LIMIT 1`);
    if (pid === undefined) return ['there was no worker'];
    process.kill(Number(pid), 'SIGKILL');
    return [];
  },
  'every walsender ended': async ({lab}) => {
    await lab.source.sql(
      "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_type = 'logical' AND active",
    );
    return [];
  },
  'kill -9 supervisor': killSupervisor,
  'kill -9 supervisor while a slot is paused': async (broken) => {
    const {lab, hands} = broken;
    const slot = await hands.slotOf(lab, 'moves');
    await mustEndWell(lab, 'cdc', 'pause', slot);
    const problems = await killSupervisor(broken);
    if ((await hands.running(lab)).includes(slot)) problems.push('the slot that was paused is applied');
    await mustEndWell(lab, 'cdc', 'resume', slot);
    return problems;
  },
  'crash of the target': async ({lab}) => {
    await lab.target.restart('immediate');
    return [];
  },
  'crash of the source': async ({lab}) => {
    await lab.source.restart('immediate');
    return [];
  },
  'crash of both': async ({lab}) => {
    await Promise.all([lab.source.restart('immediate'), lab.target.restart('immediate')]);
    return [];
  },
  'the source restarted': async ({lab}) => {
    await lab.source.restart();
    return [];
  },
  'the network cut for a moment': async (broken) => {
    broken.way.cut();
    await aMoment(broken);
    broken.way.mend();
    return [];
  },
  'the network silent for a moment': async (broken) => {
    broken.way.hold();
    await aMoment(broken);
    broken.way.mend();
    return [];
  },
  'the target read-only as a whole for a while': async (broken) => {
    await settings(broken.lab.target, 'SET default_transaction_read_only = on');
    await aMoment(broken);
    await settings(broken.lab.target, 'RESET default_transaction_read_only');
    return [];
  },
  'a slot paused for a while': async ({lab, hands, random}) => {
    const slot = await hands.slotOf(lab, 'big');
    await mustEndWell(lab, 'cdc', 'pause', slot);
    await wait(random() * 2000);
    await mustEndWell(lab, 'cdc', 'resume', slot);
    return [];
  },
};
