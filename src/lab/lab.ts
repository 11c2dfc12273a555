import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {createCluster} from './cluster/cluster.ts';
import {findFreePorts} from './cluster/free-ports.ts';
import {startStandIn} from './dms/process.ts';
import {formatLabYaml, WITH_STAND_IN, type LabEngine} from './lab-yaml.ts';
import type {LabServerPlace} from './cluster/lab-server.ts';
import {makeLab, writeLabState, type Lab, type LabPlaces} from './lab-state.ts';
import {createPrivateFolder, removeFolder} from './cluster/private-folder.ts';
import {
  createSourceRoles,
  createTargetRoles,
  formatPgpass,
  grantForDms,
  grantForNative,
  grantForPglogical,
  grantForWayBack,
  grantOnSource,
  makePassword,
} from './roles.ts';
import {seedSource, type SeedOptions} from './seed.ts';
import {createStandby, waitUntilStreaming} from './cluster/standby.ts';
import {isTooOld, maybe} from '../pg/session/versions.ts';
import {findClientBin, findServerBin, hasPglogical, readRelease} from './cluster/server-programs.ts';
import {createTablespace} from './cluster/tablespace.ts';
import {keepBehindProcess, stopWithProcess} from './stop-with-process.ts';

export type {Lab} from './lab-state.ts';

/** What a lab is to be; every key has a default. */
export interface LabOptions extends SeedOptions {
  /** Empty or new folder; by default a new one under the temporary folder, which `stop` removes. */
  readonly folder?: string;
  /** Folder of the source's and replica's server programs; by default this machine's newest with pglogical. */
  readonly sourceBin?: string;
  /** By default the source's; this machine's newest where those are older than a target may be. */
  readonly targetBin?: string;
  /** Folder of the pg_dump, pg_restore and psql that the run uses; by default the target's own, else this machine's newest. */
  readonly toolsBin?: string;
  /** The run's name in longhaul.yaml: `rehearsal`. */
  readonly run?: string;
  /** What captures changes; by default dms by hand, or none where the source has no pglogical. */
  readonly engine?: LabEngine | undefined;
  /** Whether what is written on the target after a hand-over comes back to the source. */
  readonly wayBack?: boolean;
  /** Whether longhaul.yaml asks for typed confirmations. */
  readonly confirm?: 'never' | 'typed';
  /** The target's data directory when it is to lie on another volume. */
  readonly targetDataDir?: string;
  /** The encoding of database `app` on source and target: `LATIN1`; UTF8 by default. */
  readonly encoding?: string;
  /** A tablespace of the source of this name: `fast`. */
  readonly tablespace?: string;
  /** Told what is being done, one short sentence each. */
  readonly onProgress?: (what: string) => void;
}

/**
 * Starts a primary with pglogical, a replica that streams from it, and a target, seeded and ready for `longhaul run`.
 * Throws a LonghaulError; what was started until then is stopped again, and by a signal as well. Without a folder of its own the lab ends with this process.
 */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const folder = await createPrivateFolder(options.folder);
  const places = await choosePlaces(folder, options).catch(async (error: unknown) => {
    await removeFolder(folder);
    throw error;
  });
  await writeLabState(folder, places);
  const lab = stopWithProcess(makeLab(folder, places));
  try {
    const password = makePassword();
    const [dmsPort = 0] = WITH_STAND_IN.has(options.engine) ? await findFreePorts(1) : [];
    await writeFiles(lab, {password, options, dmsPort});
    // Two servers at once: the target's initdb goes on while the source is seeded.
    const settled = await Promise.allSettled([
      prepareSource(lab, password, options),
      prepareTarget(lab, password, options),
    ]);
    for (const one of settled) if (one.status === 'rejected') throw one.reason;
    if (options.engine !== undefined) await GRANTS_OF[options.engine](lab);
    if (dmsPort !== 0) await startStandIn(lab, dmsPort);
    if (options.wayBack === true) await grantForWayBack(lab, options.engine);
    if (options.folder !== undefined) keepBehindProcess(lab);
    return lab;
  } catch (error) {
    await lab.stop();
    throw error;
  }
}

/** What Longhaul's role needs with an engine beside what it needs with every one. */
const GRANTS_OF: Readonly<Record<LabEngine, (lab: Lab) => Promise<void>>> = {
  dms: grantForDms,
  'dms by hand': async () => undefined,
  pglogical: grantForPglogical,
  native: grantForNative,
  none: async () => undefined,
};

/** Engines that the target has to have loaded. */
const SUBSCRIBES: readonly LabEngine[] = ['pglogical'];

/** Where the three servers will be: ports are free, nothing is made yet. */
async function choosePlaces(folder: string, options: LabOptions): Promise<LabPlaces> {
  const sourceBin = options.sourceBin ?? (await findServerBin());
  const targetBin = options.targetBin ?? (await chooseTargetBin(sourceBin));
  const [first = 0, second = 0, third = 0] = await findFreePorts(3);
  const place = async (name: string, bin: string, port: number): Promise<LabServerPlace> => ({
    bin,
    clientBin: await findClientBin(bin, 'psql'),
    port,
    dataDir: join(folder, name),
    socketDir: join(folder, 's'),
    logFile: join(folder, `${name}.log`),
  });
  const target = await place('target', targetBin, third);
  return {
    source: await place('source', sourceBin, first),
    replica: await place('replica', sourceBin, second),
    target: {...target, dataDir: options.targetDataDir ?? target.dataDir},
  };
}

/** The source's own programs; this machine's newest where those are too old for a target. */
async function chooseTargetBin(sourceBin: string): Promise<string> {
  return isTooOld('target', await readRelease(sourceBin)) ? findServerBin() : sourceBin;
}

async function writeFiles(
  lab: Lab,
  {password, options, dmsPort}: {password: string; options: LabOptions; dmsPort: number},
): Promise<void> {
  const ports = {source: lab.source.port, replica: lab.replica.port, target: lab.target.port};
  await writeFile(join(lab.folder, 'pgpass'), formatPgpass(Object.values(ports), password), {
    mode: 0o600,
    flag: 'wx',
  });
  await mkdir(join(lab.folder, 'run'), {mode: 0o700});
  const yaml = formatLabYaml({
    folder: lab.folder,
    run: options.run ?? 'rehearsal',
    ports,
    toolsFolder: options.toolsBin ?? (await findClientBin(lab.target.bin, 'pg_dump')),
    confirm: options.confirm ?? 'never',
    engine: options.engine ?? (hasPglogical(lab.source.bin) ? 'dms by hand' : 'none'),
    dmsPort,
    wayBack: options.wayBack === true,
  });
  await writeFile(lab.yamlPath, yaml, {flag: 'wx'});
}

async function prepareSource(lab: Lab, password: string, options: LabOptions): Promise<void> {
  const {source, replica} = lab;
  options.onProgress?.(`starting source and target in ${lab.folder}`);
  await createCluster(source, 'source');
  await source.start();
  await createSourceRoles(source, password, options.encoding);
  options.onProgress?.('seeding the source');
  if (options.tablespace !== undefined) await createTablespace(source, options.tablespace);
  await seedSource(source, options);
  await grantOnSource(source, hasPglogical(source.bin));
  options.onProgress?.('making the replica from a base backup');
  await createStandby(replica, source);
  await replica.start();
  await waitUntilStreaming(replica, source);
}

async function prepareTarget(lab: Lab, password: string, options: LabOptions): Promise<void> {
  const {encoding, engine, wayBack} = options;
  const role = engine !== undefined && SUBSCRIBES.includes(engine) ? 'subscriber' : 'target';
  const oldClients = wayBack === true && maybe('knowsScram', await readRelease(lab.source.bin)) === null;
  await createCluster(lab.target, role, {decodes: wayBack, oldClients});
  await lab.target.start();
  await createTargetRoles(lab.target, password, encoding);
}
