import {z} from 'zod';
import {relation, whole} from './values.ts';

const TABLES = 'must be a list of tables';
const slotPart = /^[a-z0-9_]+$/;

/** Logical slots on the primary: `slots` of longhaul.yaml. */
export const slots = z.strictObject({
  prefix: z
    .string()
    .regex(slotPart, 'must be lower case letters, digits and _, as PostgreSQL wants the name of a slot')
    .max(58, 'must have at most 58 characters: with two digits and the i of its second set a name has 63 bytes at most')
    .default('dms_slot_')
    .describe('Slots are called prefix01, prefix02, …; their replication sets prefix01 and iprefix01'),
  count: whole(1, 99).default(6).describe('How many slots; each is one CDC task, and decodes all WAL once more'),
  assign: z.record(z.string(), z.array(relation, TABLES)).default({}).meta({
    description: 'Slot name to the tables that must be in it; the rest is planned',
    example: '{dms_slot_01: [public.events]}',
  }),
});
