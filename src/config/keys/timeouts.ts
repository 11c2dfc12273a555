import {z} from 'zod';
import {duration, durationFrom} from './values.ts';

/** How long things may take: `timeouts` of longhaul.yaml. */
export const timeouts = z
  .strictObject({
    connect: duration.prefault('10s').describe('Connecting to a server'),
    statement: duration.prefault('30s').describe('Any statement without its own limit'),
    lock: durationFrom('1ms').prefault('3s').describe('Waiting for a lock on production; writers queue behind as long'),
    create_slot: duration.prefault('10min').describe('Creating a slot, which waits for every open write transaction'),
    pause: duration.prefault('2min').describe('The replica catching up with the slots, and pausing'),
    outage: duration
      .prefault('10min')
      .describe('How long a step waits for a server that does not answer any more, and then goes on by itself'),
    scan: duration.prefault('12h').describe('Reading one whole table on replica or target: counts and LOB sizes'),
  })
  .transform((file) => ({
    connectMs: file.connect,
    statementMs: file.statement,
    lockMs: file.lock,
    createSlotMs: file.create_slot,
    pauseMs: file.pause,
    outageMs: file.outage,
    /** Exact counts and measuring LOB columns read whole tables. */
    scanMs: file.scan,
  }));
