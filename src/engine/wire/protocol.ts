import {z} from 'zod';
import type {Command, Planned, Reply} from '../../domain/run/command.ts';
import type {JournalEntry} from '../../domain/run/event.ts';
import type {Reading} from '../../domain/reading/reading.ts';
import type {Trends} from '../../domain/reading/trends.ts';
import type {RunState} from '../../domain/run/run-state.ts';
import {STEP_IDS} from '../../domain/run/step-id.ts';
import type {UnitLogPiece} from '../../domain/run/log-piece.ts';

/** Raised when a message changes its meaning; both sides refuse another version by name. */
export const PROTOCOL = 4;

/** What the console needs to know of the configuration; no secrets, no conninfo. */
export interface RunFacts {
  readonly run: string;
  /** For dialogs: `db1.internal:5432/app as longhaul`. */
  readonly servers: {readonly source: string; readonly replica: string; readonly target: string};
  /** The engine of change capture, `dms`; null where the run is a plain copy. */
  readonly changeCapture: string | null;
  /** What longhaul.yaml lets all lanes together carry in a second, in bytes, null where nothing limits it; and why no other rate can be set, null where one can. */
  readonly rate: {readonly configured: number | null; readonly off: string | null};
  readonly folder: string;
  readonly steps: readonly {
    readonly id: string;
    readonly phase: string;
    readonly title: string;
    readonly why: string;
    readonly confirm: 'no' | 'typed';
  }[];
}

/** From the supervisor to a client, one JSON object per line. `hello`, then `snapshot`, then events and readings in sequence. */
export type ServerMessage =
  | {readonly type: 'hello'; readonly protocol: number; readonly pid: number; readonly facts: RunFacts}
  | {
      readonly type: 'snapshot';
      readonly state: RunState;
      /** The last 200 events before the snapshot, oldest first. */
      readonly events: readonly JournalEntry[];
      /** The newest reading of every probe. */
      readonly readings: readonly Reading[];
      /** What trends are drawn from, so that they are there at once. */
      readonly trends?: Trends;
    }
  | {readonly type: 'event'; readonly entry: JournalEntry}
  | {readonly type: 'reading'; readonly reading: Reading}
  /** Nothing has happened, and the supervisor lives: every two seconds, so that one that hangs is told from one that is idle. */
  | {readonly type: 'beat'}
  | {readonly type: 'reply'; readonly id: number; readonly reply: Reply}
  /** What the command of a `plan` would do. */
  | {readonly type: 'planned'; readonly id: number; readonly planned: Planned}
  /** A piece of a unit's log; null where the unit was not started yet. */
  | {readonly type: 'log'; readonly id: number; readonly unit: string; readonly piece: UnitLogPiece | null}
  /** The client's message was not understood, or the client was too slow. The supervisor closes after it. */
  | {readonly type: 'refused'; readonly message: string; readonly remedy: string};

const unit = z.string().min(1).max(200);

const command = z.discriminatedUnion('type', [
  z.strictObject({type: z.enum(['pause-unit', 'resume-unit', 'retry-unit', 'cancel-unit']), unit}),
  z.strictObject({
    type: z.enum([
      'pause-all',
      'resume-all',
      'retry-all',
      'cancel-all',
      'hold',
      'release-hold',
      'pause-replay',
      'resume-replay',
      'continue',
      'back-out',
      'end-comparison',
    ]),
  }),
  z.strictObject({type: z.literal('set-lanes'), lanes: z.number()}),
  z.strictObject({type: z.literal('set-rate'), bytesPerSecond: z.number().nullable()}),
  z.strictObject({type: z.literal('compare-again'), tables: z.array(z.string()).readonly(), converging: z.boolean()}),
  z.strictObject({type: z.literal('confirm-step'), step: z.enum(STEP_IDS), typed: z.string().max(200)}),
  z.strictObject({
    type: z.literal('accept-differences'),
    objects: z.array(z.string().max(2000)).min(1).readonly(),
    typed: z.string().max(200),
  }),
  z.strictObject({
    type: z.literal('release'),
    typed: z.string().max(200),
    endReaders: z.boolean(),
    resumeReplay: z.boolean(),
  }),
  z.strictObject({type: z.enum(['abort', 'cdc-started', 'cutover', 'back']), typed: z.string().max(200)}),
  z.strictObject({type: z.enum(['pause-cdc', 'resume-cdc', 'kick-cdc']), slot: z.string().min(1).max(200)}),
  z.strictObject({
    type: z.literal('skip-cdc'),
    slot: z.string().min(1).max(200),
    commitLsn: z.string().max(20),
    typed: z.string().max(200),
  }),
  z.strictObject({type: z.literal('adopt-table'), table: z.string().max(300), typed: z.string().max(200)}),
  z.strictObject({type: z.literal('shutdown'), lanes: z.boolean()}),
]) satisfies z.ZodType<Command>;

/** From a client to the supervisor, one JSON object per line; validated when received. `id` comes back in the answer. */
export const clientMessage = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('attach'),
    protocol: z.number(),
    /** `ana@jump1 (console)`. */
    who: z.string().max(200),
    readOnly: z.boolean(),
  }),
  z.strictObject({type: z.literal('command'), id: z.number(), command}),
  /** What the command would do; nothing is done. */
  z.strictObject({type: z.literal('plan'), id: z.number(), command}),
  z.strictObject({type: z.literal('read-log'), id: z.number(), unit, from: z.number().int()}),
]);

/** A validated message of a client. */
export type ClientMessage = z.infer<typeof clientMessage>;
