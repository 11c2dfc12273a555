import {z} from 'zod';
import {TRACES} from '../domain/base/trace.ts';
import {cdc} from './keys/cdc.ts';
import {compare} from './keys/compare.ts';
import {consoleKeys} from './keys/console.ts';
import {cutover} from './keys/cutover.ts';
import {load} from './keys/load.ts';
import {slots} from './keys/slots.ts';
import {tables} from './keys/tables.ts';
import {timeouts} from './keys/timeouts.ts';
import {path} from './keys/values.ts';
import {alarms, disks, probes} from './keys/watching.ts';

const server = z.string().min(1, 'must be a conninfo, a postgresql:// URI or service=NAME');

/**
 * longhaul.yaml: every key with what it means, its default, and an example where there is none; keys/ has the sections. Durations and sizes come
 * out in milliseconds and bytes. A new key is a line here or in its section, and the place that asks for it.
 */
export const fileSchema = z.strictObject({
  run: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,30}$/, 'must be lower case letters, digits, - and _, at most 31')
    .meta({description: 'Name of the run; typed to confirm', example: 'acme-prod'}),
  run_directory: path.optional().meta({
    description: 'Journal, plan and lanes; by default ~/.local/state/longhaul/<run>',
    example: '~/.local/state/longhaul/acme-prod',
  }),
  source: server.meta({
    description: 'The primary: conninfo, postgresql:// URI or service=NAME, without a password',
    example: 'host=db1.internal port=5432 dbname=app user=longhaul sslmode=prefer',
  }),
  replica: server.meta({
    description: 'The maintenance replica, a streaming standby of the source',
    example: 'host=db3.internal port=5432 dbname=app user=longhaul sslmode=prefer',
  }),
  target: server.meta({
    description: 'The managed server, with the database that is to be filled',
    example: 'host=acme.abc.eu-central-1.rds.amazonaws.com port=5432 dbname=app user=longhaul sslmode=require',
  }),
  tools: path.optional().meta({
    description: "Folder of pg_dump, pg_restore and psql of the target's release; searched for when not given",
    example: '/usr/lib/postgresql/15/bin',
  }),
  tables: tables.prefault({}).describe('What moves'),
  slots: slots.prefault({}).describe('Logical slots on the primary'),
  cdc: cdc.prefault({}).describe('Change data capture'),
  load: load.prefault({}).describe('The full load'),
  compare: compare.prefault({}).describe('The comparison after the load'),
  cutover: cutover.prefault({}).describe('The cutover: stopping the writes and handing over'),
  timeouts: timeouts.prefault({}).describe('How long things may take'),
  confirm: z
    .enum(['typed', 'never'], 'must be typed or never')
    .default('typed')
    .describe('Steps that cannot be undone freely ask for the name of the run (typed), or never do, for rehearsals'),
  probes: probes.prefault({}).describe('Watching'),
  disks: disks.prefault({}).describe('How to find out free space; without it, free space is shown as unknown'),
  alarms: alarms.prefault({}).describe('When an alarm is raised'),
  console: consoleKeys.prefault({}).describe('The console, for all who attach with this file'),
  trace: z
    .array(z.enum(TRACES, {error: `must be one of ${TRACES.join(', ')}`}))
    .default([])
    .meta({
      description: 'What is written to trace.jsonl in the run folder, besides what LONGHAUL_TRACE=sql,lanes,wire says',
      example: `[${TRACES.join(', ')}]`,
    }),
});

/** What the file says, with defaults. */
export type FileConfig = z.infer<typeof fileSchema>;
