/** A server's version as `server_version_num` gives it: 90624 is 9.6.24, 150020 is 15.20. */
export type ServerVersion = number;

/** The version for people: 90624 → `9.6.24`, 150020 → `15.20`. Before 10 a major release had two numbers. */
export function formatServerVersion(version: ServerVersion): string {
  if (version < 100_000) return `${Math.floor(version / 10_000)}.${Math.floor(version / 100) % 100}.${version % 100}`;
  return `${Math.floor(version / 10_000)}.${version % 10_000}`;
}

/** The major release: 90624 → `9.6`, 150020 → `15`. */
export function majorOf(version: ServerVersion): string {
  if (version < 100_000) return `${Math.floor(version / 10_000)}.${Math.floor(version / 100) % 100}`;
  return String(Math.floor(version / 10_000));
}
