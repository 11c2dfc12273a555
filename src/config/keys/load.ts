import {z} from 'zod';
import {parseSize} from '../quantities.ts';
import {durationFrom, relation, size, sizeOrAuto, whole} from './values.ts';

/** When something that was taken off the target comes back. */
const restore = z.enum(['after-load', 'at-cutover'], 'must be after-load or at-cutover');

function isWithin(text: string, least: string, most: string): boolean {
  const [bytes, from, to] = [text, least, most].map((one) => parseSize(one) ?? Number.NaN);
  return bytes !== undefined && from !== undefined && to !== undefined && bytes >= from && bytes <= to;
}

const USUAL_BIG_TABLES = 5;

/** The full load: `load` of longhaul.yaml. */
export const load = z
  .strictObject({
    lanes: whole(1, 64).default(6).describe('How many pipelines at once'),
    big_tables: z
      .union([whole(0, 1000), z.array(relation)], {error: 'must be a number, or a list of tables'})
      .optional()
      .meta({
        description: 'By pg_dump, how many of the largest tables get their own lane, or which ones; by default 5',
        example: 5,
      }),
    method: z.enum(['pg_dump', 'copy', 'binary', 'auto'], 'must be pg_dump, copy, binary or auto').optional().meta({
      description:
        'How tables travel: pg_dump (big_tables apart), copy (several or a part of one in a unit), binary (copy, and binary where every type allows it), auto (the fastest that is safe); by default auto, and pg_dump where big_tables is there',
      example: 'auto',
    }),
    rate: size.optional().meta({
      description:
        'Bytes a second of all lanes together, where pv is installed; longhaul rate changes it while it runs',
      example: '100MB',
    }),
    unit_size: sizeOrAuto
      .prefault('auto')
      .describe(
        'But by pg_dump, how much one unit carries, larger tables being cut (into 5,000 at most); auto is what suits tables and lanes',
      ),
    unique: z
      .enum(['after-load', 'after-catch-up'], 'must be after-load or after-catch-up')
      .default('after-load')
      .describe("Unique indexes beside a primary key; after-catch-up, because DMS's batch apply fails on them"),
    foreign_keys: restore.default('after-load').describe('When foreign keys come back'),
    triggers: restore.optional().meta({
      description: 'When triggers come back: by default at cutover with CDC, else after the load',
      example: 'at-cutover',
    }),
    index_jobs: whole(1, 32).default(2).describe('How many indexes are built at once'),
    maintenance_work_mem: z
      .string()
      .regex(/^\d+(kB|MB|GB)$/, 'must be a size as PostgreSQL writes it, in kB, MB or GB')
      .refine((text) => isWithin(text, '1MB', '2047GB'), 'must be from 1MB to 2047GB')
      .optional()
      .meta({description: 'For every index builder; times index_jobs it must fit into memory', example: '1GB'}),
    memory: size.optional().meta({
      description: 'What all index builders may take together; by default index_jobs times maintenance_work_mem',
      example: '8GB',
    }),
    retries: whole(0, 100)
      .default(3)
      .describe('How often a unit is tried again by itself, after a failure that time heals'),
    retry_delay: durationFrom('100ms')
      .prefault('5s')
      .describe('How long the first of these waits; each further one twice as long, at most 5 minutes'),
  })
  .transform((file) => ({
    lanes: file.lanes,
    /** By pg_dump, how many of the largest tables get their own lane, or which. */
    bigTables: file.big_tables ?? USUAL_BIG_TABLES,
    /** Who says which tables are big means the written way, which is the only one that asks. */
    method: file.method ?? (file.big_tables === undefined ? ('auto' as const) : ('pg_dump' as const)),
    /** Bytes a second of all lanes together; null where nothing limits them. */
    rateBytes: file.rate ?? null,
    /** How many bytes of heap and TOAST one unit carries by the method copy; null: as many as suit the tables and the lanes. */
    unitBytes: file.unit_size,
    /** When unique indexes beside a primary key are built: DMS's batch apply fails on them until it has caught up. */
    unique: file.unique,
    foreignKeys: file.foreign_keys,
    /** Null where the file leaves it to the engine of change capture. */
    triggers: file.triggers ?? null,
    indexJobs: file.index_jobs,
    /** For each builder, as Postgres writes it: `1GB`; null leaves the server's setting. */
    maintenanceWorkMem: file.maintenance_work_mem ?? null,
    /** What the builders may take together; null where nothing limits it. */
    memoryBytes: file.memory ?? null,
    retries: file.retries,
    /** Before the first of these; each further one waits twice as long. */
    retryDelayMs: file.retry_delay,
  }));
