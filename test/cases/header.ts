/** What a file asks for in its first line: `-- cases: from=9.6 encoding=LATIN1 tablespace=fast role=joe unit=64kB`. */
export interface CaseHeader {
  /** The source's release. */
  readonly from?: string;
  /** Of source and target database. */
  readonly encoding?: string;
  /** A tablespace of the source. */
  readonly tablespace?: string;
  /** Roles of the source that are there before the file is read, separated by commas. */
  readonly role?: string;
  /** `load.unit_size`: so that tables of a few hundred kilobytes are cut. */
  readonly unit?: string;
}

const KEYS: ReadonlySet<string> = new Set(['from', 'encoding', 'tablespace', 'role', 'unit']);

/** Reads the first line; a file without such a line asks for nothing. Throws where it asks for something that nobody knows. Pure. */
export function parseHeader(text: string): CaseHeader {
  const line = /^-- cases:(.*)/.exec(text)?.[1] ?? '';
  const pairs = line
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => word.split('='));
  const unknown = pairs.find(([key = '', value = '']) => !KEYS.has(key) || value === '');
  if (unknown !== undefined)
    throw new Error(`${unknown.join('=')} in its first line: known are from, encoding, tablespace, role and unit`);
  return Object.fromEntries(pairs);
}
