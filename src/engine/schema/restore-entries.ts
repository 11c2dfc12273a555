import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {
  grantCreateOnDatabase,
  grantCreateOnSchema,
  readCreators,
  readOwners,
  revokeCreateOnDatabase,
  revokeCreateOnSchema,
} from '../../pg/ownership.ts';
import {readAssumableRoles, readRoleNames} from '../../pg/roles.ts';
import {renderStatement, type Statement} from '../../pg/statement.ts';
import type {StepContext} from '../step.ts';
import {adaptRoles, type TargetRoles} from './adapt-roles.ts';
import {applyParts, schemaFolder, writePart} from './dump-schema.ts';
import type {TocEntry} from './toc.ts';

/** Entries of the schema dump in the order in which they are restored. With `again` they replace what is there. */
export interface Entries {
  readonly first: readonly TocEntry[];
  readonly objects: readonly TocEntry[];
  readonly grants: readonly TocEntry[];
  readonly again: boolean;
}

/** Restores entries of the dump on the target, all or none, with their owners as far as they can have them. Says what could not. */
export async function restoreEntries(ctx: StepContext, entries: Entries, purpose: string): Promise<string[]> {
  const {grants, revokes, roles} = await readOwnership(ctx);
  const keptBack: string[] = [];
  const part = async (name: string, list: readonly TocEntry[]): Promise<string[]> => {
    if (list.length === 0) return [];
    const path = await writePart(ctx, {
      name: entries.again ? `${name}-again` : name,
      entries: list,
      again: entries.again,
    });
    const adapted = adaptRoles(await readFile(path, 'utf8'), roles);
    keptBack.push(...adapted.keptBack);
    await writeFile(path, adapted.sql, {mode: 0o600});
    return [path];
  };
  const parts = [
    ...(await part('first', entries.first)),
    await writeStatements(ctx, 'owners', grants),
    ...(await part('objects', entries.objects)),
    await writeStatements(ctx, 'owners-end', revokes),
    ...(await part('grants', entries.grants)),
  ];
  await applyParts(ctx, parts, purpose);
  return keptBack;
}

/**
 * Without a superuser, ownership can only be given to a role that we are a member of and that may create in the same place. So the owners
 * get that right for the length of the transaction, as far as they have not got it; what other roles own stays ours.
 */
async function readOwnership(
  ctx: StepContext,
): Promise<{grants: Statement[]; revokes: Statement[]; roles: TargetRoles}> {
  const source = await ctx.session('source');
  const target = await ctx.session('target');
  const database = ctx.config.servers.target.params['dbname'] ?? '';
  const own = ctx.config.servers.target.params['user'] ?? '';
  const creators = new Set((await target.run(readCreators())).map(({role}) => role));
  const assumable = new Set((await target.run(readAssumableRoles(target.version))).map(({role}) => role));
  const owners = (await source.run(readOwners())).filter(
    ({owner}) => assumable.has(owner) && owner !== own && !owner.startsWith('pg_'),
  );
  const roles = [...new Set(owners.map(({owner}) => owner))].filter((role) => !creators.has(role));
  const guests = owners.filter(({ownsSchema}) => !ownsSchema);
  return {
    grants: [
      ...roles.map((role) => grantCreateOnDatabase(database, role)),
      ...guests.map(({owner, schema}) => grantCreateOnSchema(schema, owner)),
    ],
    revokes: [
      ...roles.map((role) => revokeCreateOnDatabase(database, role)),
      ...guests.map(({owner, schema}) => revokeCreateOnSchema(schema, owner)),
    ],
    roles: {assumable, known: new Set((await target.run(readRoleNames())).map(({role}) => role))},
  };
}

async function writeStatements(ctx: StepContext, name: string, statements: readonly Statement[]): Promise<string> {
  const path = join(schemaFolder(ctx), `${name}.sql`);
  await writeFile(path, statements.map((statement) => `${renderStatement(statement)};\n`).join(''), {mode: 0o600});
  return path;
}
