import type {Finding} from '../../domain/finding.ts';
import {formatServerVersion, majorOf, type ServerVersion} from '../../domain/server-version.ts';
import {readExtensions} from '../../pg/inventory.ts';
import {readRoleRights, type RoleRights} from '../../pg/rights.ts';
import {readAvailableExtensions, readDatabase, readInRecovery, type DatabaseRow} from '../../pg/settings.ts';
import type {StepContext} from '../step.ts';

/** The target: new enough, of the same encoding, with the extensions, and ours to create in. */
export async function checkTarget(ctx: StepContext): Promise<Finding[]> {
  const [source, target] = [await ctx.session('source'), await ctx.session('target')];
  const available = new Set((await target.run(readAvailableExtensions())).map(({name}) => name));
  return judgeTarget({
    sourceVersion: source.version,
    version: target.version,
    inRecovery: (await target.one(readInRecovery())).inRecovery,
    source: await source.one(readDatabase()),
    target: await target.one(readDatabase()),
    rights: await target.one(readRoleRights(target.version)),
    missingExtensions: (await source.run(readExtensions()))
      .map(({name}) => name)
      .filter((name) => !available.has(name) && !name.startsWith('pglogical')),
  });
}

/** What was seen of the target. */
export interface TargetSeen {
  readonly sourceVersion: ServerVersion;
  readonly version: ServerVersion;
  readonly inRecovery: boolean;
  readonly source: DatabaseRow;
  readonly target: DatabaseRow;
  readonly rights: RoleRights;
  readonly missingExtensions: readonly string[];
}

/** Pure. */
export function judgeTarget(seen: TargetSeen): Finding[] {
  const {source, target} = seen;
  const found: (Finding | null)[] = [
    Number(majorOf(seen.version)) < Number(majorOf(seen.sourceVersion))
      ? blocker(
          'older',
          `it is ${formatServerVersion(seen.version)}, older than the source's ${formatServerVersion(seen.sourceVersion)}`,
          'choose a target of the same release or a newer one',
        )
      : null,
    seen.inRecovery ? blocker('standby', 'it is a standby', '`target` in longhaul.yaml must name the writer') : null,
    source.encoding === target.encoding
      ? null
      : blocker(
          'encoding',
          `its encoding is ${target.encoding}, the source's ${source.encoding}`,
          `create the target database with ENCODING '${source.encoding}' TEMPLATE template0`,
        ),
    locale(source) === locale(target)
      ? null
      : warning(
          'collation',
          `its collation is ${locale(target)}, the source's ${locale(source)}: texts sort differently`,
          'create the target database with the same LC_COLLATE and LC_CTYPE, unless the application does not mind',
        ),
    seen.rights.createInDatabase
      ? null
      : blocker(
          'create',
          `role ${seen.rights.role} may not create in the database`,
          `GRANT CREATE ON DATABASE "${target.database}" TO "${seen.rights.role}"`,
        ),
    seen.rights.createRole || seen.rights.superuser
      ? null
      : warning(
          'create-role',
          `role ${seen.rights.role} may not create roles: those that are missing stay so`,
          `ALTER ROLE "${seen.rights.role}" CREATEROLE, or create the roles yourself beforehand`,
        ),
    ...seen.missingExtensions.map((name) =>
      blocker(
        'extension',
        `the extension ${name} cannot be had there`,
        `choose a target that has it, or drop it on the source; what depends on it cannot be restored`,
      ),
    ),
  ];
  return found.filter((finding) => finding !== null);
}

function locale(row: DatabaseRow): string {
  return `${row.collate}/${row.ctype}`;
}

function blocker(check: string, seen: string, remedy: string): Finding {
  return {check: `target.${check}`, severity: 'blocker', subject: 'target', seen, remedy};
}

function warning(check: string, seen: string, remedy: string): Finding {
  return {check: `target.${check}`, severity: 'warning', subject: 'target', seen, remedy};
}
