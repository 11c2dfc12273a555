import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {maybe, pick} from '../session/versions.ts';
import type {Dialect} from './row-hash.ts';

/**
 * What the text of a value depends on, beside what every session sets (time zone, date style, search path), and no parallel workers, for the lanes
 * say how much of a server is used. Where floats are compared by their bits, a type of an extension that holds some is compared by 15 digits of
 * each, which every release writes alike.
 */
export function pinSession(
  version: ServerVersion,
  {binaryFloats, bytes}: Pick<Dialect, 'binaryFloats' | 'bytes'>,
): Statement {
  const settings = {
    intervalstyle: 'postgres',
    bytea_output: 'hex',
    extra_float_digits: binaryFloats ? '0' : '3',
    lc_monetary: 'C',
    xmloption: 'content',
    client_encoding: bytes === true ? 'SQL_ASCII' : 'UTF8',
    ...(maybe('gatherLimit', version) === null ? {} : {[pick('gatherLimit', version)]: '0'}),
  };
  const calls = Object.entries(settings).map(([name, value]) => `set_config('${name}', '${value}', false)`);
  return sql(`SELECT ${calls.join(', ')}`);
}

/** What decides which formula two servers have in common. */
export interface FormulaFacts {
  /** hashtext of a word: another where the byte order is another. */
  readonly hash: number;
  readonly encoding: string;
}

/** Reads it. */
export function readFormulaFacts(): Statement<FormulaFacts> {
  return sql(`SELECT hashtext('longhaul compares') AS "hash", current_setting('server_encoding') AS "encoding"`);
}

/** The formula that two servers have in common, and how they are to write floats. Pure. */
export function chooseDialect(
  versions: readonly [ServerVersion, ServerVersion],
  facts: readonly [FormulaFacts, FormulaFacts],
): Dialect {
  const [one, other] = facts;
  const isExtended =
    versions.every((version) => maybe('extendedHashes', version) !== null) && one.encoding === other.encoding;
  return {
    formula: one.hash !== other.hash ? 'md5' : isExtended ? 'extended' : 'text',
    binaryFloats: versions.some((version) => maybe('shortestFloats', version) === null),
    ...(facts.every(({encoding}) => encoding === 'SQL_ASCII') ? {bytes: true} : {}),
  };
}
