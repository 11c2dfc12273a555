import type {Finding} from '../../../domain/run/finding.ts';
import {printable} from '../../../domain/base/printable.ts';
import {readBytes, type BytesRow} from '../../../pg/catalog/not-utf8.ts';
import {readDatabase} from '../../../pg/session/settings.ts';
import type {StepContext} from '../../step.ts';
import {found, listed} from '../found.ts';

/**
 * A database in SQL_ASCII keeps bytes. Rows, bodies of functions and defaults go through pg_dump as they are; names, and the definitions that
 * Longhaul makes anew on the target, have to be UTF-8.
 */
export async function checkBytes(ctx: StepContext): Promise<Finding[]> {
  const source = await ctx.session('source');
  if ((await source.one(readDatabase())).encoding !== 'SQL_ASCII') return [];
  return judgeBytes(await source.run(readBytes()));
}

/** Pure. */
export function judgeBytes(rows: readonly BytesRow[]): Finding[] {
  const broken = rows.filter(({name, text}) => !isUtf8(name) || !isUtf8(text));
  if (broken.length === 0) return [];
  const words = [...new Set(broken.map(({kind, name}) => `${kind} ${inWords(name)}`.trimEnd()))];
  return [
    found('source', 'SQL_ASCII').blocker(
      'not-utf8',
      `the database is in SQL_ASCII, and these names or definitions hold bytes that are no UTF-8: ${listed(words)}`,
      'write their text in UTF-8, or in ASCII, on the source until the move is over: ALTER … RENAME, COMMENT ON … IS, or drop and create them; rows may hold any bytes',
    ),
  ];
}

function isUtf8(hex: string): boolean {
  try {
    new TextDecoder('utf-8', {fatal: true}).decode(Buffer.from(hex, 'hex'));
    return true;
  } catch {
    return false;
  }
}

/** `caf\xe9`, as psql would have it written. */
function inWords(hex: string): string {
  const bytes = Buffer.from(hex, 'hex');
  if (isUtf8(hex)) return printable(bytes.toString('utf8'));
  return [...bytes]
    .map((byte) => (byte < 0x80 ? printable(String.fromCodePoint(byte)) : `\\x${byte.toString(16)}`))
    .join('');
}
