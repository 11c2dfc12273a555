import {z} from 'zod';
import {count, lsn, time, words} from './values.ts';

const reverse = z.object({
  /** The slots that keep from now on what is written on the side that is opened. */
  slots: words,
  /** Where the side that is opened writes next: what it has from before, change capture or copy-the-rest wrote there. */
  lsn: lsn.exactOptional(),
  tookMs: z.number(),
});

/** What the steps of the cutover come to. */
const FORWARD = {
  'prepare-reverse': z.object({
    publications: words,
    subscriptions: words,
    /** The slots on the target whose names pglogical has made up, and the subscriptions that read them. */
    slots: z
      .array(z.object({name: z.string(), planned: z.string()}))
      .readonly()
      .exactOptional(),
  }),
  'start-reverse': reverse,
  'stop-writes': z.object({
    /** F: nobody writes behind it. */
    lsn,
    /** Sessions that were ended, and who has come back, by name and address. */
    ended: count,
    cameBack: words,
    /** Tables that are locked against writes until the hand-over; 0 where that is not wanted. */
    locked: count,
    /** The server's next transaction number at F: a hint, for other databases take some as well. */
    nextXid: count,
    clock: time,
    tookMs: z.number(),
  }),
  drain: z.object({
    /** Behind the sentinels, which come after F. */
    lsn,
    slots: z.array(z.object({name: z.string(), tookMs: z.number()})).readonly(),
    tookMs: z.number(),
  }),
  'copy-the-rest': z.object({
    /** Tables that were found equal, every row. */
    equal: words,
    /** Copied again, whole or where they differed, with the rows that they have now. */
    copied: z.array(z.object({table: z.string(), how: z.enum(['whole', 'difference']), rows: count})).readonly(),
    /** Large ones that nobody has updated or deleted from, as far as the server has counted: for the last comparison. */
    left: words,
    /** `sum`: what the source's came to as they were compared. */
    objects: z.object({compared: count, copied: count, removed: count, sum: z.string().exactOptional()}),
    tookMs: z.number(),
  }),
  'copy-sequences': z.object({sequences: count, margin: count, tookMs: z.number()}),
  'restore-triggers-and-keys': z.object({
    foreignKeys: count,
    triggers: count,
    tookMs: z.number(),
  }),
  'compare-final': z.object({
    /** Compared within the time, every row. */
    byRow: words,
    /** Left to be compared after the hand-over, as of the same moment. */
    left: words,
    /** Those of them of which both sides had as many rows within the time. */
    counted: words.exactOptional(),
    /** Tables that were written to since they were last found equal, their bytes, and those of them that were not compared within the time. */
    written: z.object({tables: count, bytes: count, left: words}).exactOptional(),
    /** Since when the snapshots are held, and for how long at most, in milliseconds. */
    held: z.object({since: time, limitMs: z.number()}).exactOptional(),
    tookMs: z.number(),
  }),
  'hand-over': z.object({
    /** From the first refused write on the source until the target took them. */
    stoppedMs: z.number(),
    clock: time,
  }),
  'validate-constraints': z.object({validated: count, compared: words, tookMs: z.number()}),
} as const;

/** What the steps of cutover and way back come to. */
export const CUTOVER = {
  ...FORWARD,
  'back-stop-writes': FORWARD['stop-writes'],
  'back-drain': FORWARD.drain,
  'back-copy-the-rest': FORWARD['copy-the-rest'],
  'back-copy-sequences': FORWARD['copy-sequences'],
  'back-start-forward': reverse,
  'back-hand-over': FORWARD['hand-over'],
  'clean-up': z.object({
    /** What was taken away, statement by statement, and what stays behind, with why. */
    took: words,
    left: words,
  }),
} as const;
