import {existsSync} from 'node:fs';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {LonghaulError} from '../domain/base/longhaul-error.ts';
import {isRunning, labServer, type LabServer, type LabServerPlace} from './cluster/lab-server.ts';
import {mustBeOurs, removeFolder} from './cluster/private-folder.ts';
import {killStandIn} from './dms/process.ts';
import {stopWriteLoad} from './write-load.ts';

/** Three servers and the longhaul.yaml that points at them. */
export interface Lab {
  /** The private folder: clusters, sockets, logs, pgpass, longhaul.yaml, run. */
  readonly folder: string;
  /** Path of longhaul.yaml. */
  readonly yamlPath: string;
  readonly source: LabServer;
  readonly replica: LabServer;
  readonly target: LabServer;
  /** Ends the write load and all three servers and removes the folder. */
  readonly stop: () => Promise<void>;
}

/** Where the servers of a lab are. */
export type LabPlaces = Readonly<Record<'source' | 'replica' | 'target', LabServerPlace>>;

/** The lab of a folder, from where its servers are. */
export function makeLab(folder: string, places: LabPlaces): Lab {
  const [source, replica, target] = [labServer(places.source), labServer(places.replica), labServer(places.target)];
  const lab: Lab = {
    folder,
    yamlPath: join(folder, 'longhaul.yaml'),
    source,
    replica,
    target,
    stop: async () => {
      await stopWriteLoad(lab);
      await killStandIn(folder);
      await Promise.all([target, replica, source].map(stopServer));
      await removeFolder(target.dataDir);
      await removeFolder(folder);
    },
  };
  return lab;
}

async function stopServer(server: LabServer): Promise<void> {
  if (await isRunning(server)) await server.stop('immediate');
}

/** Keeps where the lab's servers are in state.json, for `readLab`. */
export async function writeLabState(folder: string, places: LabPlaces): Promise<void> {
  await writeFile(statePath(folder), `${JSON.stringify(places, null, 2)}\n`, {mode: 0o600, flag: 'wx'});
}

/** Whether the folder holds a lab. */
export function isLabFolder(folder: string): boolean {
  return existsSync(statePath(folder));
}

/** The lab in this folder, whether its servers run or not. Throws a LonghaulError when there is none. */
export async function readLab(folder: string): Promise<Lab> {
  if (!isLabFolder(folder)) {
    throw new LonghaulError({
      code: 'usage',
      message: `lab: there is no lab in ${folder}`,
      remedy: 'Start one with longhaul lab up, or name its folder: --folder DIR',
    });
  }
  // It names programs that are run and folders that are removed.
  mustBeOurs(statePath(folder));
  const state: unknown = JSON.parse(await readFile(statePath(folder), 'utf8'));
  return makeLab(folder, {
    source: parsePlace(state, 'source'),
    replica: parsePlace(state, 'replica'),
    target: parsePlace(state, 'target'),
  });
}

function statePath(folder: string): string {
  return join(folder, 'state.json');
}

function parsePlace(state: unknown, role: string): LabServerPlace {
  const place = fieldOf(state, role);
  const text = (key: string): string => {
    const value = fieldOf(place, key);
    if (typeof value !== 'string') throw new Error(`lab: state.json has no ${role}.${key}`);
    return value;
  };
  return {
    bin: text('bin'),
    clientBin: text('clientBin'),
    port: Number(fieldOf(place, 'port')),
    dataDir: text('dataDir'),
    socketDir: text('socketDir'),
    logFile: text('logFile'),
  };
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([name]) => name === key)?.[1]
    : undefined;
}
