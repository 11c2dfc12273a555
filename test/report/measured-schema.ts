import {z} from 'zod';

const time = z.iso.datetime();
const role = z.enum(['source', 'replica', 'target']);

/** What a table came to in the load. */
export const table = z
  .strictObject({
    name: z.string().describe('public.events; rest (412 tables) for tables that one unit has loaded together'),
    units: z.int(),
    bytes: z.number().describe('Bytes that went down the pipelines'),
    rows: z.int(),
    tookMs: z.number().describe("The lanes' time, all parts together"),
    bytesPerSecond: z.number().nullable().describe('Of one lane'),
  })
  .describe('What a table came to in the load');

/** What was forecast beside what came. */
export const forecasts = z
  .strictObject({
    load: z.array(
      z.strictObject({
        at: time,
        share: z.number().describe("Of the load's time that was over then"),
        saidMinutes: z.number(),
        soonestMinutes: z.number().nullable(),
        latestMinutes: z.number().nullable(),
        tookMinutes: z.number().describe('Until the rows were in, from then on'),
      }),
    ),
    disks: z.array(
      z.strictObject({
        server: role,
        leastFreeBytes: z.number(),
        leastFreeAt: time,
        aheadMs: z.number().describe('So long before a moment its forecast was made'),
        compared: z.int().describe('Moments that were forecast'),
        held: z.int().describe('Of these, no less was free than the least that was said'),
        offBytes: z.number().nullable().describe('The median of what was free less what was likely'),
      }),
    ),
  })
  .describe('What was forecast beside what came, as far as readings were kept');

/** An alarm of the run. */
export const raised = z.strictObject({
  id: z.string(),
  severity: z.enum(['warning', 'critical']),
  subject: z.string(),
  seen: z.string(),
  raisedAt: time,
  clearedAt: time.nullable().describe('Null where it goes on'),
});

/** What went wrong. */
export const fault = z.strictObject({
  at: time,
  what: z.string().describe('step full-load; unit 01-events, attempt 2; supervisor'),
  message: z.string(),
  againAt: time.nullable().describe('When it was tried again'),
  mendedAt: time.nullable().describe('When it went well since'),
  isOpen: z.boolean().describe('Whether it is still to go well'),
});

/** What somebody did. */
export const deed = z.strictObject({at: time, by: z.string().describe('ana@jump1 (console)'), what: z.string()});
