import type {Finding} from '../../../domain/run/finding.ts';
import {quoteIdentifier} from '../../../domain/pg/identifier.ts';
import {printable} from '../../../domain/base/printable.ts';
import {readBootstrapRole} from '../../../pg/objects/bootstrap-role.ts';
import {readOfGoneRoles, type OfGoneRole} from '../../../pg/roles/gone-roles.ts';
import {readRoleRights} from '../../../pg/roles/rights.ts';
import {readSuperuserObjects, type SuperuserObject} from '../../../pg/roles/superuser-objects.ts';
import {isSchemaWanted} from '../../schema/copy/dump-scope.ts';
import type {StepContext} from '../../step.ts';
import {found, listed} from '../found.ts';

/** What only a superuser may create: on a managed server there is none, and copy-schema would end at the first of them. */
export async function checkSuperuserObjects(ctx: StepContext): Promise<Finding[]> {
  const [source, target] = [await ctx.session('source'), await ctx.session('target')];
  if ((await target.one(readRoleRights(target.version))).superuser) return [];
  const objects = await source.run(readSuperuserObjects(source.version));
  return judgeSuperuserObjects(
    objects.filter(({schema}) => schema === null || isSchemaWanted(schema, ctx.config.tables)),
  );
}

/** Pure. */
export function judgeSuperuserObjects(objects: readonly SuperuserObject[]): Finding[] {
  if (objects.length === 0) return [];
  const words = objects.map(({kind, identity, why}) => printable(`${kind} ${identity} (${why})`));
  const legacy = objects.filter(({identity}) => LEGACY.test(identity));
  const drops = legacy.map(({identity}) => `DROP FUNCTION ${printable(identity)}`).join('; ');
  return [
    found('source', 'objects').blocker(
      'superuser-objects',
      `only a superuser may create these, and the target's role is none: ${listed(words)}`,
      legacy.length === 0
        ? 'drop them on the source when nothing needs them (DROP … without CASCADE says what does), replace them by what an extension of the target brings, or leave their schema out: tables.exclude_schemas'
        : `on the source, as superuser: ${drops}; they are left over from PostgreSQL 8, and the language has its own in pg_catalog${legacy.length < objects.length ? '; drop or replace the others as well, or leave their schema out: tables.exclude_schemas' : ''}`,
    ),
  ];
}

/** Databases that came from 8.x have the handlers of plpgsql in schema public. */
const LEGACY = /(?:^|\.)plpgsql_(?:call_handler|inline_handler|validator)\(/;

/** What belongs to roles that are no more: pg_dump from 15 on ends at the first, and no role can be given what they may do. */
export async function checkGoneRoles(ctx: StepContext): Promise<Finding[]> {
  const source = await ctx.session('source');
  const {role} = await source.one(readBootstrapRole());
  return judgeGoneRoles(await source.run(readOfGoneRoles(source.version)), role);
}

/** So many statements are written out; who has more of them writes a script. */
const SHOWN = 10;

/** `role` is one that is always there. Pure. */
export function judgeGoneRoles(objects: readonly OfGoneRole[], role: string): Finding[] {
  const {blocker, note} = found('source', 'objects');
  const unowned = objects.filter((one) => one.unowned);
  const granted = objects.filter((one) => !one.unowned);
  const owner = quoteIdentifier(role);
  const statements = unowned.slice(0, SHOWN).map(({type, identity}) => `ALTER ${type} ${identity} OWNER TO ${owner}`);
  const more = unowned.length > SHOWN ? `; and so for the other ${unowned.length - SHOWN}` : '';
  return [
    ...(unowned.length === 0
      ? []
      : [
          blocker(
            'owners-gone',
            `the role that owns these is no more, and pg_dump (from 15 on) ends at the first of them: ${inWords(unowned)}`,
            `on the source, as superuser, or to another role that is to have them: ${statements.join('; ')}${more}`,
          ),
        ]),
    ...(granted.length === 0
      ? []
      : [
          note(
            'left-behind',
            `roles that are no more have privileges on these, which are not copied: ${inWords(granted)}`,
          ),
        ]),
  ];
}

function inWords(objects: readonly OfGoneRole[]): string {
  return listed(objects.map(({type, identity}) => printable(`${type.toLowerCase()} ${identity}`)));
}
