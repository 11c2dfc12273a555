import type {Config} from '../../../config/config.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import {quoteIdentifier} from '../../../domain/pg/identifier.ts';
import {readExtensions} from '../../../pg/catalog/inventory.ts';
import {readRoleRights, type RoleRights} from '../../../pg/roles/rights.ts';
import type {Session} from '../../../pg/session/session.ts';
import {
  readDatabase,
  readExtensionOffers,
  readSettingsOfNewSessions,
  trySessionReplicationRole,
  type DatabaseRow,
  type ExtensionOffer,
} from '../../../pg/session/settings.ts';
import {SQLSTATE, sqlStateOf} from '../../../pg/session/sqlstate.ts';
import {captureNeeds} from '../../capture/needs.ts';
import type {StepContext} from '../../step.ts';
import {found, listed} from '../found.ts';

const TIMEOUTS = [
  'statement_timeout',
  'idle_in_transaction_session_timeout',
  'transaction_timeout',
  'idle_session_timeout',
];

/** The target: of the same encoding, with the extensions, and ours to create in. */
export async function checkTarget(ctx: StepContext): Promise<Finding[]> {
  const [source, target] = [await ctx.session('source'), await ctx.session('target')];
  return judgeTarget({
    source: await source.one(readDatabase()),
    target: await target.one(readDatabase()),
    rights: await target.one(readRoleRights(target.version)),
    extensions: (await source.run(readExtensions())).map(({name}) => name),
    offers: await target.run(readExtensionOffers(target.version)),
    maySetReplicationRole: await maySetReplicationRole(target),
    load: ctx.config.load,
    withCdc: captureNeeds(ctx.config).slots !== null,
    // What this role gets there says what an apply of change capture will get.
    timeouts: new Map((await target.run(readSettingsOfNewSessions(TIMEOUTS))).map(({name, value}) => [name, value])),
  });
}

/** Whether the role may keep triggers and foreign keys from firing. */
export async function maySetReplicationRole(target: Session): Promise<boolean> {
  try {
    await target.run(trySessionReplicationRole());
    return true;
  } catch (error) {
    if (sqlStateOf(error) === SQLSTATE.insufficientPrivilege) return false;
    throw error;
  }
}

/** What was seen of the target. */
export interface TargetSeen {
  readonly source: DatabaseRow;
  readonly target: DatabaseRow;
  readonly rights: RoleRights;
  /** The source's. */
  readonly extensions: readonly string[];
  readonly offers: readonly ExtensionOffer[];
  readonly maySetReplicationRole: boolean;
  readonly load: Pick<Config['load'], 'foreignKeys' | 'triggers'>;
  readonly withCdc: boolean;
  readonly timeouts: ReadonlyMap<string, string>;
}

const {blocker, warning, note} = found('target');

/** Pure. */
export function judgeTarget(seen: TargetSeen): Finding[] {
  return [...judgeDatabase(seen), ...judgeRights(seen), ...judgeExtensions(seen), ...judgeSessions(seen)];
}

function judgeDatabase({source, target}: TargetSeen): Finding[] {
  return [
    ...(source.encoding === target.encoding
      ? []
      : [
          blocker(
            'encoding',
            `its encoding is ${target.encoding}, the source's ${source.encoding}`,
            `create the target database with ENCODING '${source.encoding}' TEMPLATE template0`,
          ),
        ]),
    ...(locale(source) === locale(target)
      ? []
      : [
          warning(
            'collation',
            `its collation is ${locale(target)}, the source's ${locale(source)}: texts sort differently`,
            'create the target database with the same LC_COLLATE and LC_CTYPE, unless the application does not mind',
          ),
        ]),
  ];
}

function judgeRights({target, rights}: TargetSeen): Finding[] {
  const role = quoteIdentifier(rights.role);
  return [
    ...(rights.createInDatabase
      ? []
      : [
          blocker(
            'create',
            `role ${rights.role} may not create in the database`,
            `on the target, as its owner: GRANT CREATE ON DATABASE ${quoteIdentifier(target.database)} TO ${role}`,
          ),
        ]),
    ...(rights.createRole || rights.superuser
      ? []
      : [
          warning(
            'create-role',
            `role ${rights.role} may not create roles: those that are missing are not made`,
            `on the target, as superuser (RDS: as its first user): ALTER ROLE ${role} CREATEROLE; or create the roles yourself beforehand`,
          ),
        ]),
  ];
}

function judgeExtensions({extensions, offers, rights}: TargetSeen): Finding[] {
  const known = new Map(offers.map((offer) => [offer.name, offer]));
  // Not carried over: see schema/toc.ts.
  const wanted = extensions.filter((name) => !/^(pglogical|pglogical_origin|plpgsql)$/.test(name));
  const untrusted = wanted.filter((name) => {
    const offer = known.get(name);
    return offer !== undefined && !offer.installed && !offer.trusted && !rights.superuser;
  });
  return [
    ...wanted
      .filter((name) => !known.has(name))
      .map((name) =>
        blocker(
          'extension',
          `the extension ${name} is not available there`,
          'choose a target that has it, or drop it on the source; what depends on it cannot be restored',
        ),
      ),
    ...(untrusted.length === 0
      ? []
      : [
          warning(
            'extension-rights',
            `${listed(untrusted)} may not be created by everybody who may create in the database: copy-schema fails unless the server makes an exception for role ${rights.role} (RDS does for rds_superuser)`,
            `beforehand, on the target, as superuser: ${untrusted.map((name) => `CREATE EXTENSION ${quoteIdentifier(name)}`).join('; ')}`,
          ),
        ]),
  ];
}

function judgeSessions({maySetReplicationRole: maySet, rights, load, withCdc, timeouts}: TargetSeen): Finding[] {
  const returned = [
    ...(load.foreignKeys === 'after-load' ? ['foreign keys (load.foreign_keys)'] : []),
    ...(load.triggers === 'after-load' ? ['triggers (load.triggers)'] : []),
  ];
  const limited = [...timeouts].filter(([, value]) => value !== '0' && value !== '');
  return [
    ...(withCdc && !maySet && returned.length > 0
      ? [
          warning(
            'replication-role',
            `session_replication_role may not be set, and ${returned.join(' and ')} come back after the load: what change capture applies fires them`,
            `let them come back at-cutover; or from 15 on, on the target, as superuser: GRANT SET ON PARAMETER session_replication_role TO ${quoteIdentifier(rights.role)}`,
          ),
        ]
      : []),
    ...(limited.length === 0
      ? []
      : [
          note(
            'time-outs',
            `new sessions have ${limited.map(([name, value]) => `${name} ${value}`).join(', ')}: the load sets its own to 0, change capture has to as well`,
          ),
        ]),
  ];
}

function locale({collate, ctype}: DatabaseRow): string {
  return `${collate}/${ctype}`;
}
