import {cp, mkdir, readFile, rm, writeFile} from 'node:fs/promises';
import {hostname, userInfo} from 'node:os';
import {join} from 'node:path';
import {startLab, type Lab} from '../../src/lab/lab.ts';
import {startWriteLoad} from '../../src/lab/write-load.ts';
import {holdTable} from '../support/hold.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../support/longhaul.ts';

/** What of a run folder is kept: what `status`, `report` and the next supervisor read of it, without logs and lanes. */
const KEPT = ['journal.jsonl', 'plan.yaml', 'inventory.json'];

/**
 * `npm run golden -- FOLDER`: a run with everything that an operator does to one, on a lab, and its folder as a golden
 * one. For a new format of the journal; the folders of the formats before it stay as they are.
 */
async function main(folder: string): Promise<void> {
  const lab = await startLab({size: 'tiny', confirm: 'typed'});
  try {
    await startWriteLoad(lab, 20);
    await edit(lab, 'load:\n', 'load:\n  retry_delay: 500ms\n');
    // Rows that break their foreign key: build-indexes comes to its end with a difference.
    await lab.source.sql(`
      CREATE TABLE parent (id int PRIMARY KEY); CREATE TABLE child (id int PRIMARY KEY, pid int REFERENCES parent);
      SET session_replication_role = replica; INSERT INTO child VALUES (1, 99); RESET session_replication_role;
      GRANT SELECT ON parent, child TO longhaul`);
    await anchor(lab);
    await load(lab);
    await finish(lab);
    await loseProof(lab);
    await giveUp(lab);
    await keep(lab, folder);
  } finally {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  }
}

async function edit(lab: Lab, from: string, to: string): Promise<void> {
  await writeFile(lab.yamlPath, (await readFile(lab.yamlPath, 'utf8')).replace(from, to));
}

/** Gives every waiting step the word until the run is at rest. */
async function confirmUntil(lab: Lab, what: string, isOver: () => Promise<boolean>): Promise<void> {
  await eventually(what, async () => {
    if (await isOver()) return true;
    const waiting = (await stateOf(lab)).steps.find(({state}) => state.status === 'waiting');
    if (waiting !== undefined) await longhaul(lab, 'confirm', waiting.id, 'rehearsal');
    return null;
  });
}

const rests = (lab: Lab) => async (): Promise<boolean> => (await stateOf(lab)).status !== 'running';

async function anchor(lab: Lab): Promise<void> {
  await mustEndWell(lab, 'run', '--detach', '--until', 'strip-target');
  await confirmUntil(lab, 'a stripped target', rests(lab));
}

/** Pause, cancel and retry, a hold, and a supervisor that is killed while the load goes on. */
async function load(lab: Lab): Promise<void> {
  const letGo = await holdTable(lab, 'public.events');
  await mustEndWell(lab, 'run', '--detach', '--from', 'full-load', '--until', 'full-load');
  const unit = await eventually('the unit that is held', async () => {
    const {units} = await stateOf(lab);
    return units.find(({id, state}) => id.endsWith('events') && state.status === 'running')?.id ?? null;
  });
  await mustEndWell(lab, 'pause', unit);
  await mustEndWell(lab, 'resume', unit);
  await mustEndWell(lab, 'pause', '--start');
  await mustEndWell(lab, 'cancel', unit, '--yes', 'rehearsal');
  await eventually('the cancelled unit', async () => {
    const {units} = await stateOf(lab);
    return units.some(({id, state}) => id === unit && state.status === 'failed') ? true : null;
  });
  await mustEndWell(lab, 'retry', unit);
  await mustEndWell(lab, 'resume', '--start');
  await eventually('its second attempt', async () => {
    const {units} = await stateOf(lab);
    return units.some(({id, state}) => id === unit && state.status === 'running') ? true : null;
  });
  const {supervisor} = await stateOf(lab);
  process.kill(supervisor?.pid ?? 0, 'SIGKILL');
  await mustEndWell(lab, 'run', '--detach', '--from', 'full-load');
  await letGo();
}

async function finish(lab: Lab): Promise<void> {
  await confirmUntil(lab, 'the walk at its end', rests(lab));
  await mustEndWell(lab, 'accept', '--all', '--yes', 'rehearsal');
  await mustEndWell(lab, 'run', '--detach');
  await confirmUntil(lab, 'a run that is done', rests(lab));
}

/** One slot is taken away while the supervisor watches. */
async function loseProof(lab: Lab): Promise<void> {
  const {lastProof} = await stateOf(lab);
  await lab.source.sql(`SELECT pg_drop_replication_slot('${lastProof?.slots[0] ?? ''}')`);
  await eventually('the loss of the proof', async () =>
    (await stateOf(lab)).boundaryDisproved === null ? null : true,
  );
  await eventually('the alarm', async () => ((await stateOf(lab)).alarms.length > 0 ? true : null));
}

/** New slots and a new P, change capture begins by an operator's word, and the run is given up. */
async function giveUp(lab: Lab): Promise<void> {
  await mustEndWell(lab, 'release', '--yes', 'rehearsal');
  await mustEndWell(lab, 'run', '--detach');
  await confirmUntil(lab, 'the second run at its end', rests(lab));
  await mustEndWell(lab, 'accept', '--all', '--yes', 'rehearsal');
  await mustEndWell(lab, 'run', '--detach');
  await confirmUntil(lab, 'the second run done', rests(lab));
  await mustEndWell(lab, 'cdc-started', '--yes', 'rehearsal');
  await longhaul(lab, 'abort', '--yes', 'rehearsal');
  await mustEndWell(lab, 'status');
}

/** The files, without what tells of this machine. */
async function keep(lab: Lab, folder: string): Promise<void> {
  await mkdir(folder, {recursive: true});
  for (const name of KEPT) {
    await rm(join(folder, name), {force: true});
    await cp(join(lab.folder, 'run', name), join(folder, name));
    const text = await readFile(join(folder, name), 'utf8');
    const neutral = text
      .replaceAll(join(lab.folder, 'run'), '/home/ana/acme/run')
      .replaceAll(lab.folder, '/home/ana/acme')
      .replaceAll(`${userInfo().username}@${hostname()}`, 'ana@jump1');
    await writeFile(join(folder, name), neutral);
  }
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('which folder?');
await main(folder);
