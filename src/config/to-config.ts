import type {ServerRole} from '../domain/pg/server-role.ts';
import type {Config, DiskSource} from './config.ts';
import type {Conninfo} from './conninfo/conninfo.ts';
import {ENGINE_DEFAULTS} from './engines.ts';
import type {FileConfig} from './schema.ts';

/** The configuration as the rest of the program has it. Both paths are absolute. */
export function toConfig(
  file: FileConfig,
  servers: Readonly<Record<ServerRole, Conninfo>>,
  {runDirectory, toolsFolder}: Pick<Config, 'runDirectory' | 'toolsFolder'>,
): Config {
  const {tables, slots, cdc, load, timeouts, alarms} = file;
  return {
    run: file.run,
    runDirectory,
    servers,
    toolsFolder,
    tables: {
      includeSchemas: tables.include_schemas,
      excludeSchemas: tables.exclude_schemas,
      include: tables.include,
      exclude: tables.exclude,
    },
    slots,
    cdc: {engine: cdc.engine, nodeName: cdc.node_name, nodeDsn: cdc.node_dsn ?? null},
    load: {
      lanes: load.lanes,
      bigTables: load.big_tables,
      method: load.method,
      unique: load.unique,
      foreignKeys: load.foreign_keys,
      triggers: load.triggers ?? ENGINE_DEFAULTS[cdc.engine].triggers,
      indexJobs: load.index_jobs,
      maintenanceWorkMem: load.maintenance_work_mem ?? null,
      retries: load.retries,
      retryDelayMs: load.retry_delay,
    },
    timeouts: {
      connectMs: timeouts.connect,
      statementMs: timeouts.statement,
      lockMs: timeouts.lock,
      createSlotMs: timeouts.create_slot,
      pauseMs: timeouts.pause,
      scanMs: timeouts.scan,
    },
    confirm: file.confirm,
    probes: {intervalMs: file.probes.interval, metricsFile: file.probes.metrics_file ?? null},
    disks: {source: diskOf(file.disks.source), replica: diskOf(file.disks.replica), target: diskOf(file.disks.target)},
    alarms: {
      retainedBytes: alarms.retained,
      runwayMinutes: alarms.runway / 60_000,
      inactiveMinutes: alarms.inactive / 60_000,
      stalledMinutes: alarms.stalled / 60_000,
      longTransactionMinutes: alarms.long_transaction / 60_000,
      command: alarms.command ?? null,
    },
  };
}

function diskOf(disk: FileConfig['disks']['source']): DiskSource {
  return {command: disk.command ?? null, volumeBytes: disk.volume ?? null};
}
