import {shownName} from '../run/must-be-meant.ts';
import {join, resolve} from 'node:path';
import {Command, Option} from 'commander';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {printable} from '../../domain/base/printable.ts';
import {startLab} from '../../lab/lab.ts';
import {isRunning} from '../../lab/cluster/lab-server.ts';
import type {LabEngine} from '../../lab/lab-yaml.ts';
import {isLabFolder, readLab} from '../../lab/lab-state.ts';
import type {LabSize} from '../../lab/seed.ts';
import {verifyDrained} from '../../lab/verify-drained.ts';
import {verifyLab} from '../../lab/verify-lab.ts';
import {createWireClient} from '../../engine/wire/client.ts';
import {isListening} from '../../engine/wire/probe-socket.ts';
import {readWriteLoad, startWriteLoad} from '../../lab/write-load.ts';
import {whoAmI} from '../run/open-run.ts';
import {waitForEnd} from '../supervisor/wait-for-end.ts';

interface UpFlags {
  readonly folder: string;
  readonly size: LabSize;
  readonly sourceBin?: string;
  readonly targetBin?: string;
  readonly writeLoad: boolean;
  readonly rate: number;
  readonly hostile: boolean;
  readonly engine?: LabEngine;
  readonly confirm: 'never' | 'typed';
  readonly wayBack?: true;
}

/** `longhaul lab up | down | status | verify`: a rehearsal on this machine with real servers. */
export function labCommand(): Command {
  return new Command('lab')
    .description('a rehearsal on this machine: its own primary with pglogical, replica and target')
    .addCommand(upCommand())
    .addCommand(downCommand())
    .addCommand(statusCommand())
    .addCommand(verifyCommand());
}

function upCommand(): Command {
  return withFolder(new Command('up'))
    .description('start the servers, seed the source, start a write load, write longhaul.yaml')
    .option('--size <scale>', 'how much is seeded: tiny, small, or a scale in which 1 is about 300 MB', parseSize, 1)
    .option(
      '--source-bin <dir>',
      "the server programs of source and replica (default: this machine's newest with pglogical)",
      toAbsolute,
    )
    .option(
      '--target-bin <dir>',
      "the target's server programs (default: the source's, or the newest here where those are older than 12)",
      toAbsolute,
    )
    .option('--no-write-load', 'leave the source alone, so that replica and target stay comparable')
    .option('--rate <n>', 'transactions per second of the write load', parseRate, 50)
    .option('--hostile', 'also seed a schema with hostile names', false)
    .addOption(
      new Option('--engine <name>', 'what captures changes (default: dms by hand, or none without pglogical)').choices([
        'dms',
        'dms by hand',
        'pglogical',
        'native',
        'none',
      ]),
    )
    .option('--way-back', 'the target may lead back: cutover.reverse, with the rights for it')
    .addOption(new Option('--confirm <how>', "longhaul.yaml's confirm").choices(['never', 'typed']).default('never'))
    .action(async (flags: UpFlags) => {
      if (isLabFolder(flags.folder)) throw alreadyThere(flags.folder);
      const lab = await startLab({...flags, onProgress: (what) => console.log(`${printable(what)} …`)});
      if (flags.writeLoad) await startWriteLoad(lab, flags.rate);
      for (const line of await describe(flags.folder)) console.log(line);
      console.log(`\nNow rehearse the move:\n  longhaul --config ${lab.yamlPath} check`);
      console.log(`  longhaul --config ${lab.yamlPath} run`);
      console.log(
        `and then: longhaul lab verify${folderFlag(flags.folder)}; longhaul lab down${folderFlag(flags.folder)}`,
      );
    });
}

function downCommand(): Command {
  return withFolder(new Command('down'))
    .description('stop the write load and the servers and remove the folder, the run in it as well')
    .action(async ({folder}: {folder: string}) => {
      const lab = await readLab(folder);
      await endSupervisor(join(folder, 'run', 'supervisor.sock'));
      await lab.stop();
      console.log(`${printable(folder)} is gone.`);
    });
}

function statusCommand(): Command {
  return withFolder(new Command('status'))
    .description('which servers run, where, and whether the write load does')
    .action(async ({folder}: {folder: string}) => {
      for (const line of await describe(folder)) console.log(line);
    });
}

function verifyCommand(): Command {
  return withFolder(new Command('verify'))
    .description('is every table on the target what it is on the replica, and does the write load add up?')
    .option(
      '--stop-writes',
      'after change capture: stop the write load, wait until all is applied, compare with the source',
      false,
    )
    .action(async ({folder, stopWrites}: {folder: string; stopWrites: boolean}) => {
      const lab = await readLab(folder);
      console.log(`reads every row of ${stopWrites ? 'source' : 'replica'} and target, a checksum a table …`);
      const {problems, notes} = await (stopWrites ? verifyDrained(lab) : verifyLab(lab));
      for (const note of notes) console.log(printable(note));
      for (const problem of problems) console.log(`DIFFERS: ${printable(problem)}`);
      if (problems.length > 0) process.exitCode = 1;
      else console.log(`The target holds what the ${stopWrites ? 'source holds' : 'replica held at P'}.`);
    });
}

async function describe(folder: string): Promise<string[]> {
  const lab = await readLab(folder);
  const servers = await Promise.all(
    (['source', 'replica', 'target'] as const).map(async (role) => {
      const server = lab[role];
      const state = (await isRunning(server)) ? `runs on 127.0.0.1:${server.port}` : 'is stopped';
      return `${role.padEnd(8)} ${state}; as superuser: psql "${server.conninfo}"`;
    }),
  );
  const pid = await readWriteLoad(lab);
  const load = pid === null ? 'write load is not running' : `write load runs, pid ${pid}`;
  return [`lab in ${printable(folder)}`, ...servers, `${load}; log ${join(folder, 'write-load.log')}`];
}

function withFolder(command: Command): Command {
  return command.option('--folder <dir>', "the lab's own folder", toAbsolute, defaultFolder());
}

// Programs of the lab run in /, and state.json is read from anywhere.
function toAbsolute(path: string): string {
  return resolve(path);
}

function defaultFolder(): string {
  // Short, for the sockets lie in it, and one for each user.
  return `/tmp/longhaul-lab-${process.getuid?.() ?? 'me'}`;
}

function folderFlag(folder: string): string {
  return folder === defaultFolder() ? '' : ` --folder ${folder}`;
}

function alreadyThere(folder: string): LonghaulError {
  return new LonghaulError({
    code: 'failed',
    message: `lab: there is one in ${folder}`,
    remedy: `See it with longhaul lab status${folderFlag(folder)}; remove it with longhaul lab down${folderFlag(folder)}.`,
  });
}

/** About 300 GB, and as many transactions a second as one machine may have: whatever is more is a slip of the keyboard. */
const MOST_SIZE = 1000;
const MOST_RATE = 100_000;

function parseSize(text: string): LabSize {
  return text === 'tiny' || text === 'small' ? text : parseNumber(text, MOST_SIZE);
}

function parseRate(text: string): number {
  return parseNumber(text, MOST_RATE);
}

function parseNumber(text: string, most: number): number {
  const value = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0 && value <= most) return value;
  throw new LonghaulError({
    code: 'usage',
    message: `lab: ${shownName(text)} is not a number above 0, at most ${most}`,
    remedy: 'Give a size such as 0.5, 1, 20, tiny or small, and a rate such as 50.',
  });
}

/** A supervisor of the lab's run would go on writing into a folder that is being removed. */
async function endSupervisor(path: string): Promise<void> {
  if (!(await isListening(path))) return;
  const client = createWireClient({path, who: whoAmI('lab down'), readOnly: false, now: Date.now});
  await waitForEnd(client, {type: 'shutdown', lanes: true});
}
