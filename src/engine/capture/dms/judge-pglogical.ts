import type {Finding} from '../../../domain/run/finding.ts';
import type {ServerVersion} from '../../../domain/pg/server-version.ts';
import {
  createPglogical,
  openPglogicalTo,
  pglogicalClosed,
  pglogicalForApplications,
  type PglogicalRights,
} from '../../../pg/replication/pglogical-rights.ts';
import {found, listed} from '../../preflight/found.ts';

const {blocker, warning, note} = found('source');

/**
 * Whether pglogical is there, whether our role may use it, and whether applications can live beside it: without USAGE on its schema they can drop
 * and truncate nothing, and with it every one of them may change what is replicated, unless EXECUTE was taken from PUBLIC. Pure.
 */
export function judgePglogical(role: string, version: ServerVersion, seen: PglogicalRights | null): Finding[] {
  if (seen === null) {
    return [
      blocker(
        'pglogical',
        'the extension pglogical is not in this database',
        `as superuser, in this database and in one transaction (without the grants no application could drop or truncate anything): ${createPglogical(role, version)}; the role as which change capture connects needs EXECUTE as well`,
      ),
    ];
  }
  return [
    note('pglogical-version', `pglogical ${seen.version}`),
    ...(seen.mayUse && seen.mayCall
      ? []
      : [
          blocker(
            'pglogical-usage',
            `role ${role} may not use the schema pglogical, call its functions or read its tables`,
            `as superuser, in this database: ${openPglogicalTo(role)}`,
          ),
        ]),
    ...judgeApplications(role, seen),
    note(
      'members',
      'as long as a table is in a replication set, DROP TABLE of it fails without CASCADE: tell whoever drops old partitions',
    ),
  ];
}

function judgeApplications(role: string, {shutOut, open, users}: PglogicalRights): Finding[] {
  const others = shutOut.filter((one) => one !== role);
  const callers = [...users, role];
  if (others.length > 0) {
    return [
      blocker(
        'pglogical-public',
        `DROP and TRUNCATE fail in this database for roles without USAGE on the schema pglogical: ${listed(others)}`,
        `as superuser, in this database: BEGIN; ${open ? pglogicalForApplications(callers) : 'GRANT USAGE ON SCHEMA pglogical TO PUBLIC'}; COMMIT`,
      ),
    ];
  }
  if (!open) return [];
  return [
    warning(
      'pglogical-open',
      "every role may call pglogical's functions, which ask for no right: it may change what is replicated, drop the node, and let a subscription write any table",
      `as superuser, in this database: BEGIN; ${pglogicalClosed(callers)}; COMMIT`,
    ),
  ];
}
