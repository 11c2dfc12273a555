import {printable} from '../../../domain/base/printable.ts';
import {quoteIdentifier} from '../../../domain/pg/identifier.ts';
import {applyGrant, readGivenByOthers, type GivenByRow} from '../../../pg/roles/grants.ts';
import {listed} from '../../preflight/found.ts';
import type {Session} from '../../../pg/session/session.ts';
import {granteeOf} from '../../schema/copy/ownership.ts';
import {onlyThere, rankOf, type ObjectDifference} from './object-difference.ts';

/** Who has given privileges by a grant option, on both sides. */
export interface Grantors {
  readonly wanted: readonly GivenByRow[];
  readonly there: readonly GivenByRow[];
  /** The roles of the source; others are the platform's of the target. */
  readonly ofSource: ReadonlySet<string>;
  /** Those of the target. */
  readonly known: ReadonlySet<string>;
  /** The database's name on the target. */
  readonly database: string;
}

/** Reads what both sides say of it. */
export async function readGrantors(
  replica: Session,
  target: Session,
  rest: Omit<Grantors, 'wanted' | 'there'>,
): Promise<Grantors> {
  return {...rest, wanted: await replica.run(readGivenByOthers()), there: await target.run(readGivenByOthers())};
}

/** So many are named of each grantor. */
const NAMED = 5;

/**
 * A grant that was given again beside the owner's by somebody who has not given it on the source stays when the owner takes his back: a difference. One that on the source
 * was given by another role than the owner is the owner's on the target, because copy-schema gives all as owners do: as it was meant. So is one that the server has taken as given by
 * another role that ours is a member of, for it takes the first that may give it. Pure.
 */
export function judgeGrantors({wanted, there, ofSource, known, database}: Grantors): {
  readonly differences: readonly ObjectDifference[];
  readonly expected: readonly string[];
} {
  const [asked, has] = [keysOf(wanted), keysOf(there)];
  const more = there.filter(
    (row) => isOurs(row, ofSource) && !asked.has(keyOf(row)) && row.alsoByOwner && row.grantor !== row.grantee,
  );
  const byOwner = wanted.filter((row) => isOurs(row, known) && !has.has(keyOf(row)));
  return {
    differences: more.map((row) => aboutMore(row, database)),
    expected: [...Map.groupBy(byOwner, ({grantor}) => grantor)].map(([grantor, rows]) => describe(grantor, rows)),
  };
}

function isOurs({grantor, grantee}: GivenByRow, roles: ReadonlySet<string>): boolean {
  return roles.has(grantor) && (grantee === null || roles.has(grantee));
}

function describe(grantor: string, rows: readonly GivenByRow[]): string {
  return printable(
    `given by role ${grantor} on the source, by the owner on the target, who alone takes it back there: ${listed(
      rows.map((row) => wordsOf(row)),
      NAMED,
    )}`,
  );
}

function wordsOf(row: GivenByRow): string {
  return applyGrant({...row, revoke: false, schema: null, grantable: false}, granteeOf(row));
}

function aboutMore(row: GivenByRow, database: string): ObjectDifference {
  const object = row.object.startsWith('DATABASE ') ? `DATABASE ${quoteIdentifier(database)}` : row.object;
  const own = {...row, object};
  const back = applyGrant({...own, revoke: true, schema: null, grantable: false}, granteeOf(row));
  return {
    object: `grant ${printable(wordsOf(own))}, given by ${printable(row.grantor)}`,
    differs: 'is on the target only',
    why: '',
    query: null,
    remedy: onlyThere(`SET ROLE ${quoteIdentifier(row.grantor)}; ${back}; RESET ROLE`),
    statement: null,
    creates: false,
    rank: rankOf('grant', null),
  };
}

function keysOf(rows: readonly GivenByRow[]): ReadonlySet<string> {
  return new Set(rows.map((row) => keyOf(row)));
}

/** The database is one, whatever it is called. */
function keyOf({grantor, grantee, privilege, column, object}: GivenByRow): string {
  const what = object.startsWith('DATABASE ') ? 'DATABASE' : object;
  return JSON.stringify([grantor, grantee, privilege, column, what]);
}
