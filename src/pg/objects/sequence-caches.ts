import {quoteLiteral} from '../../domain/pg/identifier.ts';
import {sql, type Statement} from '../session/statement.ts';

/** How many values each of these sequences gives to a session at once, of servers before 10, where only the sequence itself knows. Names are SQL. */
export function readSequenceCaches(sequences: readonly string[]): Statement<{name: string; cache: string}> {
  const each = sequences.map(
    (name) => `SELECT ${quoteLiteral(name)}::text AS "name", cache_value::text AS "cache" FROM ${name}`,
  );
  return sql(each.join('\nUNION ALL '));
}
