import {shellCommand} from '../../tools/shell-quote.ts';

/** The command that makes tables on the target as they are on the source, where they were not made with the others: `public."Mixed Case"`. Pure. */
export function asOnSource(tables: readonly string[]): string {
  const dump = shellCommand(['pg_dump', '--section=pre-data', ...tables.map((name) => `--table=${name}`)]);
  return `${dump} -d SOURCE | psql -d TARGET (with the conninfos of longhaul.yaml)`;
}

/**
 * The command that loads tables again from the replica, in one transaction: their foreign keys are back by then, and would be in the way of a TRUNCATE.
 * Pure.
 */
export function asOnReplica(tables: readonly string[]): string {
  const empty = tables.map((name) => ` DELETE FROM ONLY ${name};`).join('');
  const begin = shellCommand(['echo', `BEGIN; SET session_replication_role = replica;${empty}`]);
  const dump = shellCommand(['pg_dump', '--section=data', ...tables.map((name) => `--table=${name}`)]);
  return `(${begin}; ${dump} -d REPLICA && echo 'COMMIT;') | psql -v ON_ERROR_STOP=1 -d TARGET (with the conninfos of longhaul.yaml)`;
}
