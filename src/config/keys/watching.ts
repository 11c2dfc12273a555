import {z} from 'zod';
import {command, duration, durationFrom, path, size, whole} from './values.ts';

/** `probes` of longhaul.yaml. */
export const probes = z
  .strictObject({
    interval: durationFrom('200ms').prefault('2s').describe('How often slots and lanes are read'),
    metrics_file: path
      .refine((text) => text.startsWith('/'), 'must be an absolute path')
      .optional()
      .meta({
        description: "OpenMetrics text for node_exporter's textfile collector; its name ends in .prom",
        example: '/var/lib/node_exporter/longhaul.prom',
      }),
  })
  .transform((file) => ({
    intervalMs: file.interval,
    /** OpenMetrics text for node_exporter's textfile collector; null for none. */
    metricsFile: file.metrics_file ?? null,
  }));

const disk = z
  .strictObject({
    command: command.optional().meta({
      description: 'A command with its arguments that prints free and total bytes, two numbers; run without a shell',
      example: '[ssh, db1.internal, df, -B1, "--output=avail,size", /pgdata]',
    }),
    volume: size.optional().meta({
      description: "The volume's size; free space is then this less what the server says it uses",
      example: '6TB',
    }),
  })
  .transform((file) => ({
    /** A command with its arguments that prints free and total bytes, two numbers; run without a shell. */
    command: file.command ?? null,
    /** The volume's size; free space is then this less what the server says it uses. */
    volumeBytes: file.volume ?? null,
  }))
  .prefault({});

/** Where a server's free disk space comes from; without either it is shown as unknown: `disks` of longhaul.yaml. */
export const disks = z.strictObject({
  source: disk.meta({example: '{command: [ssh, db1.internal, df, -B1, "--output=avail,size", /pgdata]}'}),
  replica: disk.meta({example: '{volume: 6TB}'}),
  target: disk.meta({example: '{volume: 6TB}'}),
});

/** When the operator is told: `alarms` of longhaul.yaml. */
export const alarms = z
  .strictObject({
    retained: size.prefault('200GB').describe('WAL that a slot may retain'),
    runway: duration.prefault('2h').describe('Time until a disk is full'),
    inactive: duration.prefault('30min').describe('How long a slot of ours may go unread after CDC began'),
    stalled: duration.prefault('10min').describe('How long a lane may move nothing'),
    waiting: duration.prefault('10min').describe('How long a step may wait for an answer'),
    long_transaction: duration
      .prefault('30min')
      .describe('How long a transaction on the primary may be open; it holds slots back'),
    wraparound: whole(1, 2_000_000_000)
      .prefault(1_000_000_000)
      .describe('How many transactions, or multixacts, ago the oldest database of the primary may have been frozen'),
    catalog_xmin: whole(1, 2_000_000_000)
      .prefault(200_000_000)
      .describe("For how many transactions a slot may keep vacuum from the primary's system catalogs"),
    command: command.optional().meta({
      description: 'Run for every alarm, with LONGHAUL_ALARM_* in its environment, without a shell',
      example: '[/usr/local/bin/page-operator]',
    }),
  })
  .transform((file) => ({
    retainedBytes: file.retained,
    runwayMinutes: file.runway / 60_000,
    inactiveMinutes: file.inactive / 60_000,
    stalledMinutes: file.stalled / 60_000,
    waitingMinutes: file.waiting / 60_000,
    longTransactionMinutes: file.long_transaction / 60_000,
    wraparoundAge: file.wraparound,
    catalogXminAge: file.catalog_xmin,
    /** Run for every alarm with LONGHAUL_ALARM_* in its environment, without a shell; null for none. */
    command: file.command ?? null,
  }));
