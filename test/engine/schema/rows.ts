import type {CheckRow} from '../../../src/pg/catalog/checks.ts';
import type {ForeignKeyRow, IndexRow, TriggerRow} from '../../../src/pg/catalog/indexes.ts';
import type {Manifest} from '../../../src/engine/schema/goal/manifest.ts';

/** An index of public.events on `id`. */
export const index = (name: string, change: Partial<IndexRow> = {}): IndexRow => ({
  schema: 'public',
  table: 'events',
  name,
  definition: `CREATE INDEX ${name} ON public.events USING btree (id)`,
  detail: 'USING btree (id)',
  unique: false,
  valid: true,
  constraintType: null,
  constraintName: null,
  constraintDefinition: null,
  byConstraint: false,
  deferrable: false,
  deferred: false,
  keys: ['id'],
  predicate: null,
  nullsNotDistinct: false,
  replicaIdentity: false,
  clustered: false,
  partitioned: false,
  parentSchema: null,
  parentName: null,
  statistics: [],
  tableBytes: 1,
  ...change,
});

/** A foreign key from public.events to public.users. */
export const foreignKey = (name: string, change: Partial<ForeignKeyRow> = {}): ForeignKeyRow => ({
  schema: 'public',
  table: 'events',
  name,
  definition: 'FOREIGN KEY (user_id) REFERENCES public.users(id)',
  validated: true,
  partitioned: false,
  indexSchema: 'public',
  indexName: 'users_pkey',
  toSchema: 'public',
  toTable: 'users',
  toPartitioned: false,
  columns: ['user_id'],
  toColumns: ['id'],
  matchFull: false,
  ...change,
});

/** A trigger of public.events. */
export const trigger = (name: string, change: Partial<TriggerRow> = {}): TriggerRow => ({
  schema: 'public',
  table: 'events',
  name,
  definition: `CREATE TRIGGER ${name} BEFORE INSERT ON public.events FOR EACH ROW EXECUTE FUNCTION public.f()`,
  detail: `CREATE TRIGGER ${name} BEFORE INSERT ON ? FOR EACH ROW EXECUTE FUNCTION public.f()`,
  enabled: 'O',
  cloned: false,
  ...change,
});

/** A check of public.events. */
export const check = (name: string, change: Partial<CheckRow> = {}): CheckRow => ({
  schema: 'public',
  table: 'events',
  name,
  definition: 'CHECK ((x > 0))',
  validated: true,
  condition: '(x > 0)',
  inherited: false,
  ...change,
});

/** A database that has these and nothing else. */
export const manifest = (has: Partial<Manifest>): Manifest => ({
  indexes: [],
  foreignKeys: [],
  triggers: [],
  checks: [],
  comments: [],
  tables: [],
  ...has,
});
