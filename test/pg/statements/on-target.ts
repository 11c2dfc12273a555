import {commentOnDatabase, limitConnections} from '../../../src/pg/catalog/database-extras.ts';
import {applyDefaultGrant, applyGrant} from '../../../src/pg/roles/grants.ts';
import {rehearseCheck, rehearseIndex, rehearseTrigger} from '../../../src/pg/session/as-here.ts';
import {dropDomainCheck, type CheckRow} from '../../../src/pg/catalog/checks.ts';
import {
  emptyExtensionTable,
  extensionTableHasRows,
  type ExtensionTableRow,
} from '../../../src/pg/catalog/extension-tables.ts';
import type {CommentRow, ForeignKeyRow, IndexRow, TriggerRow} from '../../../src/pg/catalog/indexes.ts';
import {readTablesInHand} from '../../../src/pg/load/backends.ts';
import {giveObjects} from '../../../src/pg/load/large-objects.ts';
import {giveTo} from '../../../src/pg/roles/owned-objects.ts';
import {
  grantCreateOnDatabase,
  grantCreateOnSchema,
  revokeCreateOnDatabase,
  revokeCreateOnSchema,
} from '../../../src/pg/roles/ownership.ts';
import * as restore from '../../../src/pg/load/restore.ts';
import {applySetting} from '../../../src/pg/roles/role-settings.ts';
import {createRole, grantRole, grantRoleToSelf, type RoleRow} from '../../../src/pg/roles/roles.ts';
import {forceRowSecurity, liftRowSecurity} from '../../../src/pg/roles/row-security.ts';
import {
  createScratchDatabase,
  dropScratchDatabase,
  raiseWhereTaken,
  readMayCreateDatabase,
} from '../../../src/pg/load/scratch-database.ts';
import {createSchema} from '../../../src/pg/catalog/schemas.ts';
import {sql, type Statement} from '../../../src/pg/session/statement.ts';
import {onTarget, type Trial} from './trial.ts';

const ROLE: RoleRow = {
  role: 'Tried "one"',
  superuser: false,
  inherit: true,
  createRole: false,
  createDatabase: false,
  login: true,
  replication: false,
  bypassRls: false,
  connectionLimit: -1,
  validUntil: null,
};
/** Made and dropped again, with a name that has to be quoted. */
const SCRATCH: readonly Statement[] = [
  dropScratchDatabase('Tried "scratch"'),
  createScratchDatabase('Tried "scratch"', {encoding: 'UTF8', collate: 'C', ctype: 'C'}),
  dropScratchDatabase('Tried "scratch"'),
];
const NAME = '"Tried ""one"""';
const MAKE_ROLE = createRole(ROLE);

const TABLE = {schema: 'public', name: 'tried'};
const MAKE_TABLE = sql('CREATE TABLE public.tried (id integer NOT NULL, "to" integer, "when" date)');
const INDEX: IndexRow = {
  schema: 'public',
  table: 'tried',
  name: 'tried_id',
  definition: 'CREATE UNIQUE INDEX tried_id ON public.tried USING btree (id)',
  detail: 'USING btree (id)',
  unique: true,
  valid: true,
  byConstraint: false,
  keys: ['id'],
  predicate: null,
  nullsNotDistinct: false,
  constraintType: 'u',
  constraintName: 'tried_id',
  constraintDefinition: 'UNIQUE (id) DEFERRABLE INITIALLY DEFERRED',
  deferrable: true,
  deferred: true,
  replicaIdentity: false,
  clustered: false,
  statistics: [],
  partitioned: false,
  parentSchema: null,
  parentName: null,
  tableBytes: 0,
};
const WITH_INDEX = [MAKE_TABLE, restore.createIndex(INDEX)];

const PARENT = [
  sql('CREATE TABLE public.parent (id integer) PARTITION BY RANGE (id)'),
  sql('CREATE TABLE public.tried PARTITION OF public.parent FOR VALUES FROM (1) TO (9)'),
  sql('CREATE INDEX parent_id ON ONLY public.parent (id)'),
  sql('CREATE INDEX tried_id ON public.tried (id)'),
];

const KEY: ForeignKeyRow = {
  schema: 'public',
  table: 'tried',
  name: 'tried_to',
  definition: 'FOREIGN KEY ("to") REFERENCES public.tried(id)',
  validated: true,
  partitioned: false,
  indexSchema: 'public',
  indexName: 'tried_id',
  toSchema: 'public',
  toTable: 'tried',
  toPartitioned: false,
  columns: ['to'],
  toColumns: ['id'],
  matchFull: false,
};
const CHECK: CheckRow = {
  schema: 'public',
  table: 'tried',
  name: 'Tried "one"',
  definition: 'CHECK ((id > 0)) NOT VALID',
  validated: false,
  condition: '(id > 0)',
  inherited: false,
};
const CONFIGURATION: ExtensionTableRow = {
  schema: 'public',
  name: 'tried',
  extension: 'tried',
  sequence: false,
  condition: 'WHERE id > 0',
};
const WITH_KEY = [...WITH_INDEX, restore.addForeignKey(KEY)];

const TRIGGER: TriggerRow = {
  schema: 'public',
  table: 'tried',
  name: 'Tried "one"',
  // As 9.6 writes it.
  definition: `CREATE TRIGGER ${NAME} BEFORE UPDATE ON public.tried FOR EACH ROW EXECUTE PROCEDURE pg_catalog.suppress_redundant_updates_trigger()`,
  detail: `CREATE TRIGGER ${NAME} BEFORE UPDATE ON ? FOR EACH ROW EXECUTE PROCEDURE pg_catalog.suppress_redundant_updates_trigger()`,
  enabled: 'A',
  cloned: false,
};
const WITH_TRIGGER = [MAKE_TABLE, restore.createTrigger(TRIGGER)];
const COMMENT: CommentRow = {kind: 'TRIGGER', schema: 'public', table: 'tried', name: TRIGGER.name, text: "it's"};
const GRANT = {
  revoke: false,
  privilege: 'EXECUTE',
  column: null,
  object: 'ROUTINE public.tried(integer)',
  schema: 'public',
  grantable: true,
};
const DEFAULT_GRANT = {
  owner: 'longhaul',
  inSchema: 'public',
  revoke: false,
  privilege: 'SELECT',
  objects: 'TABLES',
  grantable: true,
};
const ROUTINE = sql('CREATE FUNCTION public.tried(integer) RETURNS integer LANGUAGE sql AS $$ SELECT $1 $$');
const OWNED = {kind: 'function', identity: 'public.tried(integer)'};
const OBJECTS = {
  oids: null,
  others: '{}',
  owner: null,
  owned: {role: 'longhaul', grants: [{privilege: 'SELECT', grantable: true}]},
  grants: [{grantee: null, privilege: 'SELECT', grantable: false}],
};

/** `GRANT … ON ROUTINE`, partitioned indexes and statistics of an index's column came with 11. */
const ELEVEN = 110_000;

function byRole(make: (role: string) => Statement): Trial {
  return onTarget(() => [MAKE_ROLE, make(ROLE.role)]);
}

function text(written: string | null): Statement {
  return sql(written ?? '');
}

/** Everything that changes the target, but for its ledger. */
export const ON_TARGET: Readonly<Record<string, Trial>> = {
  commentOnDatabase: onTarget(() => [commentOnDatabase('app', "it's")]),
  limitConnections: onTarget(() => [limitConnections('app', 50)]),
  applyGrant: onTarget(() => [ROUTINE, MAKE_ROLE, text(applyGrant(GRANT, NAME))], ELEVEN),
  applyDefaultGrant: onTarget(() => [MAKE_ROLE, text(applyDefaultGrant(DEFAULT_GRANT, NAME))]),
  giveTo: onTarget(() => [ROUTINE, text(giveTo(OWNED, 'longhaul'))], ELEVEN),
  giveObjects: onTarget(() => [sql('SELECT lo_create(0)'), text(giveObjects(OBJECTS))]),
  grantCreateOnDatabase: byRole((role) => grantCreateOnDatabase('app', role)),
  revokeCreateOnDatabase: byRole((role) => revokeCreateOnDatabase('app', role)),
  grantCreateOnSchema: byRole((role) => grantCreateOnSchema('public', role)),
  revokeCreateOnSchema: byRole((role) => revokeCreateOnSchema('public', role)),
  createRole: onTarget(() => [MAKE_ROLE]),
  grantRole: onTarget((version) => [
    MAKE_ROLE,
    createRole({...ROLE, role: 'tried_two'}),
    // From 16 on a membership has more to it.
    grantRole({
      role: ROLE.role,
      member: 'tried_two',
      admin: true,
      inherit: version >= 160_000 ? true : null,
      set: version >= 160_000 ? false : null,
    }),
  ]),
  grantRoleToSelf: onTarget((version) => [MAKE_ROLE, grantRoleToSelf(version, ROLE.role)]),
  applySetting: onTarget(() => [
    MAKE_ROLE,
    applySetting({role: ROLE.role, inDatabase: true, setting: 'search_path="my-schema", public'}, 'app'),
  ]),
  readMayCreateDatabase: onTarget((version) => [readMayCreateDatabase(version)]),
  createScratchDatabase: {...onTarget(() => SCRATCH), alone: true},
  dropScratchDatabase: {...onTarget(() => [dropScratchDatabase('Tried "scratch"')]), alone: true},
  raiseWhereTaken: onTarget(() => [MAKE_TABLE, raiseWhereTaken([{schema: 'public', name: `it's "free"`}])]),
  createSchema: onTarget(() => [createSchema('tried')]),
  liftRowSecurity: onTarget(() => [MAKE_TABLE, liftRowSecurity(TABLE)]),
  forceRowSecurity: onTarget(() => [MAKE_TABLE, forceRowSecurity(TABLE)]),
  createIndex: onTarget(() => WITH_INDEX),
  addConstraintUsingIndex: onTarget(() => [...WITH_INDEX, restore.addConstraintUsingIndex(INDEX)]),
  addIndexConstraint: onTarget(() => [MAKE_TABLE, restore.addIndexConstraint(INDEX)]),
  attachIndex: onTarget(
    () => [...PARENT, restore.attachIndex({...INDEX, parentSchema: 'public', parentName: 'parent_id'})],
    ELEVEN,
  ),
  identifyRowsBy: onTarget(() => [...WITH_INDEX, restore.identifyRowsBy(INDEX)]),
  clusterOn: onTarget(() => [...WITH_INDEX, restore.clusterOn(INDEX)]),
  setIndexStatistics: onTarget(
    () => [
      MAKE_TABLE,
      sql('CREATE INDEX tried_id ON public.tried ((id + 1))'),
      restore.setIndexStatistics(INDEX, {column: 1, target: 500}),
    ],
    ELEVEN,
  ),
  dropIndex: onTarget(() => [...WITH_INDEX, restore.dropIndex(INDEX)]),
  dropConstraint: onTarget(() => [...WITH_KEY, restore.dropConstraint(KEY)]),
  addForeignKey: onTarget(() => WITH_KEY),
  addCheck: onTarget(() => [MAKE_TABLE, restore.addCheck(CHECK)]),
  validateConstraint: onTarget(() => [...WITH_KEY, restore.validateConstraint(KEY)]),
  clusterOff: onTarget(() => [...WITH_INDEX, restore.clusterOn(INDEX), restore.clusterOff(TABLE)]),
  setReplicaIdentity: onTarget(() => [
    MAKE_TABLE,
    restore.setReplicaIdentity({schema: 'public', table: 'tried', replicaIdentity: 'f'}),
  ]),
  findOwnPath: onTarget(() => [restore.findOwnPath()]),
  forgetPath: onTarget(() => [restore.forgetPath()]),
  emptyExtensionTable: onTarget(() => [MAKE_TABLE, emptyExtensionTable(CONFIGURATION)]),
  extensionTableHasRows: onTarget(() => [MAKE_TABLE, extensionTableHasRows(CONFIGURATION)]),
  rehearseIndex: onTarget(() => [MAKE_TABLE, ...rehearseIndex(INDEX).statements, rehearseIndex(INDEX).ask]),
  rehearseCheck: onTarget(() => [MAKE_TABLE, ...rehearseCheck(CHECK).statements, rehearseCheck(CHECK).ask]),
  rehearseTrigger: onTarget(() => [MAKE_TABLE, ...rehearseTrigger(TRIGGER).statements, rehearseTrigger(TRIGGER).ask]),
  createTrigger: onTarget(() => WITH_TRIGGER),
  setTriggerEnabled: onTarget(() => [...WITH_TRIGGER, restore.setTriggerEnabled(TRIGGER)]),
  commentOn: onTarget(() => [...WITH_TRIGGER, restore.commentOn(COMMENT)]),
  dropTrigger: onTarget(() => [...WITH_TRIGGER, restore.dropTrigger(TRIGGER)]),
  setMaintenanceWorkMem: onTarget(() => [restore.setMaintenanceWorkMem('1GB')]),
  setMaintenanceWorkers: onTarget(
    () => [restore.setMaintenanceWorkers(1), restore.setMaintenanceWorkers(null)],
    ELEVEN,
  ),
  readTablesInHand: onTarget(() => [readTablesInHand(['longhaul/%'])], 120_000),
  analyzeTable: onTarget(() => [MAKE_TABLE, restore.analyzeTable(TABLE)]),
  dropDomainCheck: onTarget(() => [
    sql(`CREATE DOMAIN public.${NAME} AS integer CONSTRAINT "to" CHECK (VALUE > 0)`),
    dropDomainCheck({schema: 'public', domain: 'Tried "one"', name: 'to'}),
  ]),
};
