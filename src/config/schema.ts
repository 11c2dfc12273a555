import {z} from 'zod';
import {TRACES} from '../domain/base/trace.ts';
import {ConninfoError, parseConninfo} from './conninfo/parse-conninfo.ts';
import {load} from './keys/load.ts';
import {slots} from './keys/slots.ts';
import {tables} from './keys/tables.ts';
import {timeouts} from './keys/timeouts.ts';
import {alarms, disks, probes} from './keys/watching.ts';

const server = z.string().min(1, 'must be a conninfo, a postgresql:// URI or service=NAME');

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

const NODE_NAME = 'must be a name of 1 to 63 characters';

const cdc = z
  .strictObject({
    engine: z
      .enum(['dms', 'none'], {error: 'must be dms or none (pglogical and native come later)'})
      .default('dms')
      .describe('What captures changes from P on: dms (AWS DMS), or none, a plain copy at P without slots'),
    node_name: z
      .string()
      .min(1, NODE_NAME)
      .max(63, NODE_NAME)
      .default('longhaul')
      .describe("The source's pglogical node, where it has none yet"),
    node_dsn: z
      .string()
      .superRefine((dsn, ctx) => {
        const message = problemOfDsn(dsn);
        if (message !== null) ctx.addIssue({code: 'custom', message, params: {whole: true}});
      })
      .optional()
      .meta({
        description: "The node's dsn as the catalog keeps it, in clear; made from `source` when it is not given",
        example: 'host=127.0.0.1 dbname=app user=longhaul',
      }),
  })
  .transform((file) => ({
    /** `none` is a plain copy at P without slots. */
    engine: file.engine,
    nodeName: file.node_name,
    /** The dsn kept in the source's catalog, in clear; null makes one from the source's conninfo without password. */
    nodeDsn: file.node_dsn ?? null,
  }));

/**
 * longhaul.yaml: every key with what it means, its default, and an example where there is none; keys/ has the sections. Durations and sizes come
 * out in milliseconds and bytes. A new key is a line here or in its section, and the place that asks for it.
 */
export const fileSchema = z.strictObject({
  run: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,30}$/, 'must be lower case letters, digits, - and _, at most 31')
    .meta({description: 'Name of the run; typed to confirm', example: 'acme-prod'}),
  run_directory: z.string().optional().meta({
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
  tools: z.string().optional().meta({
    description: "Folder of pg_dump, pg_restore and psql: the target's release; else they are searched for",
    example: '/usr/lib/postgresql/15/bin',
  }),
  tables: tables.prefault({}).describe('What moves'),
  slots: slots.prefault({}).describe('Logical slots on the primary'),
  cdc: cdc.prefault({}).describe('Change data capture'),
  load: load.prefault({}).describe('The full load'),
  timeouts: timeouts.prefault({}).describe('How long things may take'),
  confirm: z.enum(['typed', 'never'], 'must be typed or never').default('typed').describe('never is for rehearsals'),
  probes: probes.prefault({}).describe('Watching'),
  disks: disks.prefault({}).describe('Where free space is known from; without it, it is shown as unknown'),
  alarms: alarms.prefault({}).describe('When the operator is told'),
  trace: z
    .array(z.enum(TRACES, {error: `must be one of ${TRACES.join(', ')}`}))
    .default([])
    .meta({
      description: 'What is written to trace.jsonl in the run folder, beside what LONGHAUL_TRACE=sql,lanes,wire says',
      example: `[${TRACES.join(', ')}]`,
    }),
});

/** What the file says, with defaults. */
export type FileConfig = z.infer<typeof fileSchema>;
