import {stringify} from 'yaml';
import {LAB_INSTANCE, LAB_SECRETS} from './dms/process.ts';

/** What captures changes in a lab. */
export type LabEngine = 'dms' | 'dms by hand' | 'pglogical' | 'native' | 'none';

/** Those with the stand-in for DMS beside the servers. */
export const WITH_STAND_IN: ReadonlySet<LabEngine | undefined> = new Set(['dms']);

/** What longhaul.yaml of a lab is made of. */
export interface LabYamlOptions {
  readonly folder: string;
  readonly run: string;
  readonly ports: Readonly<Record<'source' | 'replica' | 'target', number>>;
  readonly toolsFolder: string;
  readonly confirm: 'never' | 'typed';
  /** `none` when the source has no pglogical; `dms` by the stand-in, `dms by hand` as somebody starts its tasks himself. */
  readonly engine: LabEngine;
  /** Where the stand-in for DMS listens; 0 without it. */
  readonly dmsPort: number;
  /** Whether what is written on the target comes back to the source. */
  readonly wayBack?: boolean;
}

/** Whose rehearsal can go on to the cutover. */
const CUTS_OVER: ReadonlySet<LabEngine> = new Set(['dms', 'pglogical', 'native']);

/** What a rehearsal with each engine says of it; it has caught up once it has been so for a moment. */
const OF_ENGINE: Readonly<Record<LabEngine, (dmsPort: number) => object>> = {
  dms: (port) => ({
    cdc: {
      engine: 'dms',
      caught_up_lag: '2s',
      caught_up_for: '3s',
      dms: {
        endpoint_url: `http://127.0.0.1:${port}`,
        instance: LAB_INSTANCE,
        source_secret: LAB_SECRETS.source,
        target_secret: LAB_SECRETS.target,
        secret_role: 'arn:aws:iam::000000000000:role/lab',
        ssl_mode: 'none',
      },
    },
    slots: {count: 3},
  }),
  'dms by hand': () => ({cdc: {engine: 'dms'}}),
  pglogical: () => ({
    cdc: {engine: 'pglogical', caught_up_lag: '2s', caught_up_for: '3s'},
    slots: {prefix: 'lh_', count: 3},
  }),
  native: () => ({
    cdc: {engine: 'native', caught_up_lag: '2s', caught_up_for: '3s'},
    slots: {prefix: 'lh_', count: 3},
  }),
  none: () => ({cdc: {engine: 'none'}}),
};

/** The lab's longhaul.yaml, which points at its own three servers. No password: it is in the lab's pgpass file. */
export function formatLabYaml(options: LabYamlOptions): string {
  const conninfo = (port: number): string =>
    `host=127.0.0.1 port=${port} dbname=app user=longhaul passfile='${options.folder}/pgpass'`;
  // All three lie on one volume here; elsewhere each server has its own command.
  const disk = {command: ['sh', '-c', 'df -B1 --output=avail,size "$0" | tail -n 1', options.folder]};
  const document = {
    run: options.run,
    run_directory: `${options.folder}/run`,
    source: conninfo(options.ports.source),
    replica: conninfo(options.ports.replica),
    target: conninfo(options.ports.target),
    tools: options.toolsFolder,
    ...OF_ENGINE[options.engine](options.dmsPort),
    // Longer than production would bear, so that a machine that is busy with other things is none that fails.
    ...(CUTS_OVER.has(options.engine)
      ? {cutover: {lock_limit: '30s', drain_limit: '5min', ...(options.wayBack === true ? {reverse: true} : {})}}
      : {}),
    load: {lanes: 4, big_tables: 3},
    confirm: options.confirm,
    disks: {source: disk, replica: disk, target: disk},
  };
  return `# Written by longhaul lab up: a rehearsal on this machine. \`longhaul init\` writes a file with every key described.\n${stringify(document, {lineWidth: 0, aliasDuplicateObjects: false})}`;
}
