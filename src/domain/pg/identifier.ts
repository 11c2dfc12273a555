/**
 * An SQL identifier, always quoted: `we"ird` → `"we""ird"`. The one quoting function for identifiers.
 * Throws on NUL, which Postgres cannot hold in a name.
 */
export function quoteIdentifier(name: string): string {
  if (name.includes('\0')) throw new Error('bug: an identifier with a NUL byte cannot come from Postgres');
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * An SQL string literal: `O'Brien` → `'O''Brien'`, with a backslash `E'a\\b'`.
 * Only for text that is shown, written to a script for psql, or where the server takes no parameters; queries bind values.
 */
export function quoteLiteral(text: string): string {
  if (text.includes('\0')) throw new Error('bug: a literal with a NUL byte cannot be sent to Postgres');
  const doubled = text.replaceAll("'", "''");
  // E'' reads the same whatever standard_conforming_strings says.
  return doubled.includes('\\') ? ` E'${doubled.replaceAll('\\', '\\\\')}'` : `'${doubled}'`;
}
