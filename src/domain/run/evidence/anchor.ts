import {z} from 'zod';
import {count, lsn, time, words} from './values.ts';

const boundary = z.object({
  lsn,
  postmasterStart: z.string(),
  timeline: z.number().nullable(),
  systemIdentifier: z.string().nullable(),
  capturedAt: time,
});

const primary = z.object({
  inRecovery: z.boolean(),
  insertLsn: lsn,
  currentLsn: lsn,
  flushLsn: lsn,
  clock: time,
  systemIdentifier: z.string(),
  timeline: z.number(),
});

/** What a proof of P saw, and the conditions in words. */
export const proof = z.object({
  boundary,
  primary,
  /** Null where the replica had gone on from P. */
  replicaLsn: lsn.nullable(),
  slots: z
    .array(
      z.object({
        name: z.string(),
        /** S_i; null where nothing says where the slot began. */
        createdAt: lsn.nullable(),
        restartLsn: lsn.nullable(),
        confirmedFlushLsn: lsn.nullable(),
        walStatus: z.string().nullable(),
      }),
    )
    .readonly(),
  afterTablesLsn: lsn.nullable(),
  conditions: words,
});

/** What a proof of P saw. */
export type ProofEvidence = z.infer<typeof proof>;

/** What the steps that anchor P come to. */
export const ANCHOR = {
  'create-slots': z.object({
    slots: z
      .array(
        z.object({
          name: z.string(),
          plugin: z.string().nullable().exactOptional(),
          restartLsn: lsn.nullable().exactOptional(),
          /** S_i, which P must not lie before; null where a version before format 1 did not know it. */
          confirmedFlushLsn: lsn.nullable(),
        }),
      )
      .readonly(),
    clock: time,
    /** Where the sentinel between the slots and P was written, which P must not lie before; only with an engine that has sentinels. */
    sentinelLsn: lsn.exactOptional(),
  }),
  'create-publications': z.object({
    publications: words,
    /** A, which P must not lie before. */
    afterTablesLsn: lsn,
    clock: time,
    /** Tables of which only the inserts are published. */
    insertOnly: words,
  }),
  'create-node': z.object({
    node: z.string(),
    /** Not where the node was found. */
    madeByUs: z.boolean().exactOptional(),
  }),
  'create-replication-sets': z.object({sets: words}),
  'add-tables': z.object({
    /** A, which P must not lie before. */
    afterTablesLsn: lsn,
    clock: time,
    memberships: count,
    insertOnly: words,
  }),
  'prepare-cdc': z.object({
    /** Endpoints of DMS: tested, or written to files. */
    endpoints: words.exactOptional(),
    /** Where the sentinel behind the tables was written, which P must not lie before. */
    sentinelLsn: lsn.exactOptional(),
    /** The slots that the engine has made by itself, under names of its own. */
    slots: z
      .array(
        z.object({
          name: z.string(),
          /** What the plan calls it: `dms_slot_01`. */
          planned: z.string(),
          restartLsn: lsn.nullable(),
          /** S_i, which P must not lie before. */
          confirmedFlushLsn: lsn,
        }),
      )
      .readonly()
      .exactOptional(),
    /** The target's node. */
    node: z.string().exactOptional(),
    clock: time,
  }),
  'pause-replay': z.object({
    replayLsn: lsn.nullable(),
    /** What the replica had to replay before; null in a run without slots, not where replay was paused already. */
    waitedFor: lsn.nullable().exactOptional(),
    clock: time,
  }),
  'capture-boundary': boundary,
  'prove-boundary': proof,
} as const;
