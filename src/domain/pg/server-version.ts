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

/** Whether one is of an older major release than another: 9.6.24 and 10.3, not 15.3 and 15.20. */
export function isOlderRelease(version: ServerVersion, than: ServerVersion): boolean {
  return Number(majorOf(version)) < Number(majorOf(than));
}

/**
 * The version that a program prints with --version: `psql (PostgreSQL) 9.6.24` → 90624, `postgres (PostgreSQL) 18beta1` → 180000; null when it
 * prints none.
 */
export function parseProgramVersion(text: string): ServerVersion | null {
  const match = /\(PostgreSQL\) (\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(text);
  if (match === null) return null;
  const [major = 0, second = 0, third = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return major >= 10 ? major * 10_000 + second : major * 10_000 + second * 100 + third;
}
