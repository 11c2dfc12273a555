// Control characters and what reorders a line: printable() in domain/base has the same.
// oxlint-disable-next-line no-control-regex
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const NAMED: Readonly<Record<string, string>> = {'\n': String.raw`\n`, '\r': String.raw`\r`, '\t': String.raw`\t`};

/**
 * A statement in one line that a psql takes as it is shown, whatever its names and texts hold: one with a line break is executed out of an escaped
 * literal. `ALTER TABLE public.t …` stays as it is. Pure.
 */
export function inOneLine(statement: string): string {
  if (statement.search(UNSAFE) === -1) return statement;
  const escaped = statement
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "''")
    .replace(
      UNSAFE,
      (char) => NAMED[char] ?? String.raw`\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
    );
  const tag = escaped.includes('$do$') ? '$longhaul$' : '$do$';
  return `DO ${tag}BEGIN EXECUTE E'${escaped}'; END${tag}`;
}
