import {z} from 'zod';
import {parseRelation, type RelationName} from '../domain/pg/relation.ts';
import {ConninfoError, parseConninfo} from './conninfo/parse-conninfo.ts';
import {ENGINE_NAMES, ENGINES_TO_COME} from './engines.ts';
import {parseDuration, parseSize} from './quantities.ts';

/** Milliseconds. Neither a timer here nor a statement_timeout there can be longer than 24 days; 0 would be no limit at all. */
const durationFrom = (least: string) =>
  z.union([z.string(), z.number()]).transform((value, ctx): number => {
    const ms = parseDuration(String(value));
    if (ms !== null && ms >= (parseDuration(least) ?? 0) && ms <= LONGEST_MS) return ms;
    const message =
      ms === null
        ? `is no duration with its unit: write ${hint(value, 's')}, 10min, 6h`
        : `must be from ${least} to 24d`;
    ctx.addIssue({code: 'custom', message});
    return z.NEVER;
  });
const LONGEST_MS = 24 * 86_400_000;
const duration = durationFrom('1s');

const size = z.union([z.string(), z.number()]).transform((value, ctx): number => {
  const bytes = parseSize(String(value));
  if (bytes !== null) return bytes;
  ctx.addIssue({code: 'custom', message: `is no size with its unit: write ${hint(value, 'GB')}, 512MB, 2TB`});
  return z.NEVER;
});

/** The number that was written, with a unit: `3` → `3s`. */
function hint(value: string | number, unit: string): string {
  return /^\d+(\.\d+)?$/.test(String(value)) ? `${value}${unit}` : `30${unit}`;
}

function isWithin(text: string, least: string, most: string): boolean {
  const [bytes, from, to] = [text, least, most].map((one) => parseSize(one) ?? Number.NaN);
  return bytes !== undefined && from !== undefined && to !== undefined && bytes >= from && bytes <= to;
}

const relation = z.string().transform((text, ctx): RelationName => {
  const name = parseRelation(text);
  if (name !== null) return name;
  ctx.addIssue({code: 'custom', message: 'is no table: write schema.table, with "double quotes" where SQL needs them'});
  return z.NEVER;
});

const server = z.string().min(1, 'is empty: write a conninfo, a postgresql:// URI or service=NAME');
const whole = (least: number, most: number) => {
  const message = `must be a whole number from ${least} to ${most}`;
  return z.int(message).min(least, message).max(most, message);
};
const command = z.array(z.string().min(1)).min(1);
const slotPart = /^[a-z0-9_]+$/;

const disk = z
  .strictObject({
    command: command
      .optional()
      .describe('A command with its arguments that prints free and total bytes, two numbers; run without a shell'),
    volume: size.optional().describe("The volume's size; free space is then this less what the server says it uses"),
  })
  .prefault({});

const tables = z.strictObject({
  include_schemas: z.array(z.string()).default([]).describe('Only these schemas; empty means all'),
  exclude_schemas: z.array(z.string()).default([]).describe('Schemas that stay behind'),
  include: z.array(relation).default([]).describe('Only these tables; empty means all'),
  exclude: z.array(relation).default([]).describe('Tables that stay behind'),
});

const slots = z.strictObject({
  prefix: z
    .string()
    .regex(slotPart, 'must be lower case letters, digits and _: Postgres allows nothing else in the name of a slot')
    .max(58, 'is too long: with two digits and the i of its second set a name has 63 bytes at most')
    .default('dms_slot_')
    .describe('Slots are called prefix01, prefix02, …; their replication sets prefix01 and iprefix01'),
  count: whole(1, 99).default(6).describe('How many slots; each is one CDC task, and decodes all WAL once more'),
  assign: z
    .record(z.string().regex(slotPart), z.array(relation))
    .default({})
    .describe('Slot name to the tables that must be in it; the rest is planned'),
});

function problemOfDsn(dsn: string): string | null {
  try {
    return parseConninfo(dsn)['password'] === undefined
      ? null
      : 'holds a password, and the catalog keeps it in clear: leave it out';
  } catch (error) {
    if (error instanceof ConninfoError) return error.message;
    throw error;
  }
}

const cdc = z.strictObject({
  engine: z
    .enum(ENGINE_NAMES, {
      error: `must be ${ENGINE_NAMES.join(' or ')}; this version of Longhaul cannot run ${ENGINES_TO_COME.join(' and ')} yet`,
    })
    .default('dms')
    .describe('What captures changes from P on: dms (AWS DMS), or none: a plain copy of the database as it is at P'),
  node_name: z
    .string()
    .min(1)
    .max(63)
    .default('longhaul')
    .describe("The source's pglogical node, where it has none yet"),
  node_dsn: z
    .string()
    .superRefine((dsn, ctx) => {
      const message = problemOfDsn(dsn);
      if (message !== null) ctx.addIssue({code: 'custom', message});
    })
    .optional()
    .describe("The node's dsn as the catalog keeps it, in clear; made from `source` when it is not given"),
});

const restore = z.enum(['after-load', 'at-cutover']);

const load = z.strictObject({
  lanes: whole(1, 64).default(6).describe('How many pipelines at once'),
  big_tables: z
    .union([whole(0, 1000), z.array(relation)], {error: 'must be a number, or a list of tables'})
    .default(5)
    .describe('How many of the largest tables get a lane of their own, or which ones'),
  method: z.enum(['pg_dump']).default('pg_dump').describe('pg_dump | psql'),
  unique: z
    .enum(['after-load', 'after-catch-up'])
    .default('after-load')
    .describe("Unique indexes beside a primary key; after-catch-up, because DMS's batch apply fails on them"),
  foreign_keys: restore.default('after-load').describe('When foreign keys come back'),
  triggers: restore.optional().describe('When triggers come back: by default at cutover with CDC, else after the load'),
  index_jobs: whole(1, 32).default(2).describe('How many indexes are built at once'),
  maintenance_work_mem: z
    .string()
    .regex(/^\d+(kB|MB|GB)$/, 'must be a size as Postgres writes it: 1GB')
    .refine((text) => isWithin(text, '1MB', '2047GB'), 'must be from 1MB to 2047GB')
    .optional()
    .describe('For every index builder; times index_jobs it must fit into memory'),
  retries: whole(0, 100)
    .default(3)
    .describe('How often a unit is tried again by itself, after a failure that time heals'),
  retry_delay: durationFrom('100ms')
    .prefault('5s')
    .describe('How long the first of these waits; each further one twice as long, at most 5 minutes'),
});

const timeouts = z.strictObject({
  connect: duration.prefault('10s').describe('Connecting to a server'),
  statement: duration.prefault('30s').describe('Any statement that has no limit of its own'),
  lock: durationFrom('1ms').prefault('3s').describe('Waiting for a lock on production; writers queue behind as long'),
  create_slot: duration.prefault('10min').describe('Creating a slot, which waits for every open write transaction'),
  pause: duration.prefault('2min').describe('The replica catching up with the slots, and pausing'),
  scan: duration.prefault('12h').describe('Reading one whole table on replica or target: counts and LOB sizes'),
});

const alarms = z.strictObject({
  retained: size.prefault('200GB').describe('WAL that a slot may hold back'),
  runway: duration.prefault('2h').describe('Time until a disk is full'),
  inactive: duration.prefault('30min').describe('A slot of ours that nobody reads after CDC began'),
  stalled: duration.prefault('10min').describe('A lane that moves nothing'),
  long_transaction: duration.prefault('30min').describe('A transaction on the primary that holds slots back'),
  command: command.optional().describe('Run for every alarm, LONGHAUL_ALARM_* in its environment, without a shell'),
});

/** longhaul.yaml: every key with what it means and its default. Durations and sizes come out in milliseconds and bytes. */
export const fileSchema = z.strictObject({
  run: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,30}$/, 'must be lower case letters, digits, - and _, at most 31')
    .describe('Name of the run; typed to confirm'),
  run_directory: z.string().optional().describe('Journal, plan and lanes; by default ~/.local/state/longhaul/<run>'),
  source: server.describe('The primary: conninfo, postgresql:// URI or service=NAME, without a password'),
  replica: server.describe('The maintenance replica, a streaming standby of the source'),
  target: server.describe('The managed server, with the database that is to be filled'),
  tools: z
    .string()
    .optional()
    .describe("Folder of pg_dump, pg_restore and psql: the target's release; else they are searched for"),
  tables: tables.prefault({}).describe('What moves'),
  slots: slots.prefault({}).describe('Logical slots on the primary'),
  cdc: cdc.prefault({}).describe('Change data capture'),
  load: load.prefault({}).describe('The full load'),
  timeouts: timeouts.prefault({}).describe('How long things may take'),
  confirm: z.enum(['typed', 'never']).default('typed').describe('never is for rehearsals'),
  probes: z
    .strictObject({
      interval: durationFrom('200ms').prefault('2s').describe('How often slots and lanes are read'),
      metrics_file: z
        .string()
        .startsWith('/', 'must be an absolute path')
        .optional()
        .describe("OpenMetrics text for node_exporter's textfile collector; its name ends in .prom"),
    })
    .prefault({})
    .describe('Watching'),
  disks: z
    .strictObject({source: disk, replica: disk, target: disk})
    .prefault({})
    .describe('Where free space is known from; without it, it is shown as unknown'),
  alarms: alarms.prefault({}).describe('When the operator is told'),
});

/** What the file says, with defaults. */
export type FileConfig = z.infer<typeof fileSchema>;
