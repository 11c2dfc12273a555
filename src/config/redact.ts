import {quoteLiteral} from '../domain/pg/identifier.ts';
import type {Config} from './config.ts';

const MASK = '********';

/** Passwords as they are written, for those that nobody has told us: of a dsn in a catalog, of a role, of a URI. */
const WRITTEN: readonly (readonly [RegExp, string])[] = [
  [/(password\s*=\s*)(?:''(?:[^'\\]|\\.)*''|'(?:[^'\\]|\\.)*'|[^\s'",;&]+)/gis, `$1${MASK}`],
  [/("[a-z_]*password"\s*:\s*)"(?:[^"\\]|\\.)*"/gis, `$1"${MASK}"`],
  [/(\bPASSWORD\s+)E?'(?:[^']|'')*'/gis, `$1'${MASK}'`],
  [/([a-z][a-z0-9+]*:\/\/[^\s:@/]*:)[^\s/]+@/gi, `$1${MASK}@`],
  [/SCRAM-SHA-256\$[^\s'"]+/g, MASK],
  [/\bmd5[0-9a-f]{32}\b/g, MASK],
];

/**
 * Takes secrets out of texts that leave the process for people: the passwords of this run's servers in whatever way they are written, and
 * everything that is written as a password.
 */
export function createRedactor({servers}: Pick<Config, 'servers'>): (text: string) => string {
  const known = Object.values(servers)
    .flatMap(({password}) => (password === null ? [] : spellings(password.reveal())))
    .toSorted((a, b) => b.length - a.length);
  return (text) =>
    WRITTEN.reduce(
      (kept, [pattern, instead]) => kept.replace(pattern, instead),
      known.reduce((kept, secret) => kept.replaceAll(secret, () => MASK), text),
    );
}

/** A password in itself, in an SQL literal, in a conninfo, in a URI, in JSON. */
function spellings(password: string): string[] {
  const literal = quoteLiteral(password).trim();
  const inConninfo = password.replaceAll(/['\\]/g, String.raw`\$&`);
  return [
    password,
    literal.slice(literal.indexOf("'") + 1, -1),
    inConninfo,
    inConninfo.replaceAll("'", "''"),
    encodeURIComponent(password),
    JSON.stringify(password).slice(1, -1),
  ];
}
