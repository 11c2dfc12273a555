import {printable} from '../../../domain/base/printable.ts';
import {applyGrant, type GrantRow} from '../../../pg/roles/grants.ts';
import {granteeOf, objectOnTarget} from '../../schema/copy/ownership.ts';
import {onTarget, rankOf, type ObjectDifference} from './object-difference.ts';

/** A privilege as a key of maps; the database is one, whatever it is called. Pure. */
export function keyOfGrant(row: GrantRow): string {
  return JSON.stringify({...row, object: row.object.startsWith('DATABASE ') ? 'DATABASE' : row.object});
}

/** What the target is compared with. */
interface Compared {
  /** The objects that the source has and that move, by their names alone: those of an extension are not among them. */
  readonly objects: ReadonlySet<string>;
  /** The database's name on the target. */
  readonly database: string;
}

/**
 * What everybody, or the owner, has on the source without any GRANT and on the target not any more: somebody has taken it there. `wanted` and `there` are what differs from those
 * defaults on each side. What every database is made with in its schema public is told as a grant. Pure.
 */
export function revokedThere(
  wanted: readonly GrantRow[],
  there: readonly GrantRow[],
  {objects, database}: Compared,
): ObjectDifference[] {
  const has = new Set(wanted.map((row) => keyOfGrant(row)));
  return there
    .filter((row) => row.revoke && !has.has(keyOfGrant(row)))
    .filter((row) => row.object.startsWith('DATABASE ') || objects.has(nameOf(row)))
    .filter((row) => !(row.object === 'SCHEMA public' && row.grantee === null))
    .map((row) => {
      const given = {...row, revoke: false, object: objectOnTarget({database}, row)};
      const statement = applyGrant(given, granteeOf(row));
      return {
        object: `grant ${printable(statement)}`,
        differs: 'is not so',
        why: 'it has been revoked on the target',
        query: null,
        remedy: onTarget(statement),
        statement,
        // Somebody has taken it, perhaps to keep others off until the cutover: --fix gives nothing back.
        creates: false,
        rank: rankOf('grant', null),
      };
    });
}

const WORD = /^(?:TABLE|SEQUENCE|SCHEMA|ROUTINE|TYPE|FOREIGN DATA WRAPPER|FOREIGN SERVER|LANGUAGE) /;

function nameOf({object}: GrantRow): string {
  return object.replace(WORD, '');
}
