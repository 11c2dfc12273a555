import {z} from 'zod';
import {ConninfoError, parseConninfo} from '../conninfo/parse-conninfo.ts';
import {dms} from './dms.ts';
import {duration, durationFrom, size, yesOrNo} from './values.ts';

/** The engines of change capture that this version runs, as longhaul.yaml names them. */
const ENGINE_NAMES = ['dms', 'pglogical', 'native', 'none'] as const;

/** The name of an engine of change capture that this version runs: `dms`. */
export type EngineName = (typeof ENGINE_NAMES)[number];

/** What the configuration takes for granted with an engine, where longhaul.yaml does not say otherwise. */
export const ENGINE_DEFAULTS: Readonly<
  Record<EngineName, {readonly triggers: 'after-load' | 'at-cutover'; readonly hasTasks?: true}>
> = {
  // Which alone takes a section cdc.dms.
  dms: {triggers: 'at-cutover', hasTasks: true},
  pglogical: {triggers: 'at-cutover'},
  native: {triggers: 'at-cutover'},
  // The target is written to as soon as the load is in.
  none: {triggers: 'after-load'},
};

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

/** A conninfo that a server keeps, and shows. */
export const dsn = z.string().superRefine((text, ctx) => {
  const message = problemOfDsn(text);
  if (message !== null) ctx.addIssue({code: 'custom', message, params: {whole: true}});
});

/** Change capture: `cdc` of longhaul.yaml. */
export const cdc = z
  .strictObject({
    engine: z
      .enum(ENGINE_NAMES, {
        error: `must be ${ENGINE_NAMES.slice(0, -1).join(', ')} or ${ENGINE_NAMES.at(-1)}`,
      })
      .default('dms')
      .describe(
        'What captures changes from P on: dms (AWS DMS), pglogical (its subscriptions, source 9.4+), native (publications and subscriptions, source 10+), or none: a plain copy of the database as it is at P',
      ),
    node_name: z
      .string()
      .min(1, NODE_NAME)
      .max(63, NODE_NAME)
      .default('longhaul')
      .describe("The source's pglogical node, where it has none yet"),
    node_dsn: dsn.optional().meta({
      description: "The node's dsn as the catalog keeps it, in clear; made from `source` when it is not given",
      example: 'host=127.0.0.1 dbname=app user=longhaul',
    }),
    source_for_target: dsn.optional().meta({
      description:
        "pglogical and native: how the target's server reaches the source, where that is another way than this machine's; what is not written is as in `source`",
      example: 'host=db1.vpc.internal sslmode=verify-full sslrootcert=system',
    }),
    target_for_itself: dsn.optional().meta({
      description:
        "pglogical: how the target's server reaches itself, which pglogical wants to know; what is not written is as in `target`",
      example: 'host=localhost',
    }),
    caught_up_wal: size
      .prefault('16MB')
      .describe('pglogical and native: change capture has caught up once every slot is at most so much WAL behind'),
    caught_up_lag: duration.prefault('10s').describe('and a sentinel arrives on the target within this time'),
    caught_up_for: duration.prefault('30s').describe('and both have been so for this long'),
    compare_slice: durationFrom('5s')
      .prefault('2min')
      .describe(
        'pglogical and native: for about so long at a time compare-again holds apply and replay; between two of these both catch up',
      ),
    target_read_only: yesOrNo
      .prefault('yes')
      .describe(
        "pglogical and native: whether the target's database takes writes of nobody but change capture, from its start to the hand-over",
      ),
    peek_wal: size
      .prefault('4GB')
      .describe(
        'pglogical and native: a transaction that cannot be applied is shown only where its slot keeps at most so much WAL, which the source has to decode for it',
      ),
    dms: dms
      .optional()
      .describe('dms: the tasks that Longhaul makes, starts and watches; without it somebody else does, by hand'),
  })
  .transform((file) => ({
    /** What it wants and does is asked of engine/capture/engines.ts, which alone asks for its name. */
    engine: file.engine,
    nodeName: file.node_name,
    /** The dsn kept in the source's catalog, in clear; null makes one from the source's conninfo without password. */
    nodeDsn: file.node_dsn ?? null,
    /** What of the target's own way to the source is another than this machine's; null for the same. */
    sourceForTarget: file.source_for_target ?? null,
    /** The same of the target's way to itself. */
    targetForItself: file.target_for_itself ?? null,
    caughtUpWalBytes: file.caught_up_wal,
    caughtUpLagMs: file.caught_up_lag,
    caughtUpForMs: file.caught_up_for,
    compareSliceMs: file.compare_slice,
    targetReadOnly: file.target_read_only,
    peekWalBytes: file.peek_wal,
    /** Null where tasks of DMS are started by hand, and with every other engine. */
    dms: file.dms ?? null,
  }));
