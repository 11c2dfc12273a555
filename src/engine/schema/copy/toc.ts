/** One line of `pg_restore -l`: `215; 1259 16386 TABLE public events app_owner`. */
export interface TocEntry {
  /** Its number, by which pg_restore -L picks it. */
  readonly id: number;
  /** `TABLE`, `ACL`, `COMMENT`, `SEQUENCE OWNED BY`; for comments and ACLs what they are about is in `rest`. */
  readonly kind: string;
  readonly rest: string;
  /** The numbers of the entries that it needs, as `pg_restore -l -v` lists them: a comment names what it is about. */
  readonly needs: readonly number[];
}

const KINDS = [
  'ACCESS METHOD',
  'ACL',
  'AGGREGATE',
  'CAST',
  'CHECK CONSTRAINT',
  'COLLATION',
  'COMMENT',
  'CONSTRAINT',
  'CONVERSION',
  'DATABASE PROPERTIES',
  'DATABASE',
  'DEFAULT ACL',
  'DEFAULT',
  'DOMAIN',
  'EVENT TRIGGER',
  'EXTENSION',
  'FK CONSTRAINT',
  'FOREIGN DATA WRAPPER',
  'FOREIGN SERVER',
  'FOREIGN TABLE',
  'FUNCTION',
  'INDEX ATTACH',
  'INDEX',
  'MATERIALIZED VIEW DATA',
  'MATERIALIZED VIEW',
  'OPERATOR CLASS',
  'OPERATOR FAMILY',
  'OPERATOR',
  'POLICY',
  'PROCEDURAL LANGUAGE',
  'PROCEDURE',
  'PUBLICATION TABLES IN SCHEMA',
  'PUBLICATION TABLE',
  'PUBLICATION',
  'ROW SECURITY',
  'RULE',
  'SCHEMA',
  'SECURITY LABEL',
  'SEQUENCE OWNED BY',
  'SEQUENCE SET',
  'SEQUENCE',
  'SERVER',
  'SHELL TYPE',
  'STATISTICS',
  'SUBSCRIPTION',
  'TABLE ATTACH',
  'TABLE DATA',
  'TABLE',
  'TEXT SEARCH CONFIGURATION',
  'TEXT SEARCH DICTIONARY',
  'TEXT SEARCH PARSER',
  'TEXT SEARCH TEMPLATE',
  'TRANSFORM',
  'TRIGGER',
  'TYPE',
  'USER MAPPING',
  'VIEW',
] as const;

/** Reads pg_restore's list, with what each entry depends on where it was asked for; other comments and empty lines are passed over. Line breaks in names are spaces there. Pure. */
export function parseToc(list: string): TocEntry[] {
  const entries: TocEntry[] = [];
  for (const line of list.split('\n')) {
    const entry = parseEntry(line);
    if (entry !== null) entries.push(entry);
    const needs = /^;\s+depends on:((?: \d+)+)\s*$/.exec(line)?.[1];
    const last = entries.at(-1);
    if (needs !== undefined && last !== undefined)
      entries[entries.length - 1] = {...last, needs: needs.trim().split(' ').map(Number)};
  }
  return entries;
}

function parseEntry(line: string): TocEntry | null {
  const match = /^(\d+); \d+ \d+ ([^]*)$/.exec(line);
  if (match === null) return null;
  const [, id = '', text = ''] = match;
  const kind = KINDS.find((one) => text.startsWith(`${one} `)) ?? text.split(' ')[0] ?? '';
  return {id: Number(id), kind, rest: text.slice(kind.length + 1), needs: []};
}

/** What a managed target refuses, or what must not get there, by kind; the words say why. */
const REFUSED: Readonly<Record<string, string>> = {
  'EVENT TRIGGER': 'event triggers want a superuser',
  SUBSCRIPTION: 'a subscription would begin to apply',
  PUBLICATION: 'publications are made anew on the target where they are wanted',
  'PUBLICATION TABLE': 'publications are made anew on the target where they are wanted',
  'PUBLICATION TABLES IN SCHEMA': 'publications are made anew on the target where they are wanted',
  'PROCEDURAL LANGUAGE': 'languages come with the target',
  'SECURITY LABEL': 'labels want the provider of the source',
};

/** Restored object by object from the manifest, not from the dump. */
const OF_MANIFEST = new Set(['INDEX', 'INDEX ATTACH', 'CONSTRAINT', 'FK CONSTRAINT', 'TRIGGER']);

/** Comments on what is left out itself, or on what is not ours: `- EXTENSION citext `. These belong to no schema. */
const COMMENT_LEFT_OUT = /^- (?:EVENT TRIGGER|PUBLICATION|SUBSCRIPTION|EXTENSION|SCHEMA public) /;

/** Made by our own statements, from the catalogs: see ownership.ts and copy-schema.ts. */
const OURS = new Set(['SCHEMA', 'ACL', 'DEFAULT ACL']);

/** An entry that is left out, and why. */
export interface LeftOut {
  readonly what: string;
  readonly why: string;
}

/** How the entries of a schema dump are divided. */
export interface TocSelection {
  /** What comes before the data, in the dump's order. */
  readonly objects: readonly TocEntry[];
  /** What comes after the load and is not in the manifest: rules, policies, statistics objects. */
  readonly afterLoad: readonly TocEntry[];
  readonly leftOut: readonly LeftOut[];
}

/** Divides a dump's entries. `afterData` has the numbers of pg_restore's post-data section. Pure. */
export function selectToc(entries: readonly TocEntry[], afterData: ReadonlySet<number>): TocSelection {
  const leftOut: LeftOut[] = [];
  const kept = entries.filter((entry) => {
    if (OURS.has(entry.kind)) return false;
    const why = whyLeftOut(entry);
    if (why !== null) leftOut.push({what: `${entry.kind} ${entry.rest}`, why});
    return why === null;
  });
  const ofManifest = new Set(entries.filter(({kind}) => OF_MANIFEST.has(kind)).map(({id}) => id));
  return {
    objects: kept.filter(({id}) => !afterData.has(id)),
    afterLoad: kept.filter((entry) => afterData.has(entry.id) && !isOfManifest(entry, ofManifest)),
    leftOut,
  };
}

/** Everything that comes to the target in the end, schemas among it: what a rehearsal restores. Pure. */
export function rehearsedEntries(entries: readonly TocEntry[]): TocEntry[] {
  return entries.filter(
    (entry) => whyLeftOut(entry) === null && !['ACL', 'DEFAULT ACL', 'MATERIALIZED VIEW DATA'].includes(entry.kind),
  );
}

/** A comment is on what it needs: its words do not tell, for a policy may be called `on INDEX x`. */
function isOfManifest({id, kind, needs}: TocEntry, ofManifest: ReadonlySet<number>): boolean {
  if (kind === 'COMMENT') return needs.some((one) => ofManifest.has(one));
  return ofManifest.has(id) || kind === 'MATERIALIZED VIEW DATA';
}

function whyLeftOut({kind, rest}: TocEntry): string | null {
  if (kind === 'COMMENT' && COMMENT_LEFT_OUT.test(rest)) return 'belongs to what is left out, or is the target’s own';
  if (kind === 'EXTENSION' && /^- (pglogical|pglogical_origin|plpgsql) /.test(rest))
    return 'pglogical belongs to the source; plpgsql is there';
  return REFUSED[kind] ?? null;
}
