/** One line of `pg_restore -l`: `215; 1259 16386 TABLE public events app_owner`. */
export interface TocEntry {
  /** Its number, by which pg_restore -L picks it. */
  readonly id: number;
  /** `TABLE`, `ACL`, `COMMENT`, `SEQUENCE OWNED BY`; for comments and ACLs what they are about stands in `rest`. */
  readonly kind: string;
  readonly rest: string;
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

/** Reads pg_restore's list; comments and empty lines are passed over. Line breaks in names are spaces there. Pure. */
export function parseToc(list: string): TocEntry[] {
  return list.split('\n').flatMap((line) => {
    const match = /^(\d+); \d+ \d+ ([^]*)$/.exec(line);
    if (match === null) return [];
    const [, id = '', text = ''] = match;
    const kind = KINDS.find((one) => text.startsWith(`${one} `)) ?? text.split(' ')[0] ?? '';
    return [{id: Number(id), kind, rest: text.slice(kind.length + 1)}];
  });
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

/** Comments on these are in the manifest, too: `public INDEX events_at app_owner`. A domain's constraint is not. */
const COMMENT_OF_MANIFEST = /^.+? (?:INDEX|CONSTRAINT|TRIGGER) (?!.* ON DOMAIN )/s;

/** Comments on what is left out itself, or on what is not ours: `- EXTENSION citext `. These stand in no schema. */
const COMMENT_LEFT_OUT = /^- (?:EVENT TRIGGER|PUBLICATION|SUBSCRIPTION|EXTENSION|SCHEMA public) /;

/** Made by statements of our own, from the catalogs: see ownership.ts and copy-schema.ts. */
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
  return {
    objects: kept.filter(({id}) => !afterData.has(id)),
    afterLoad: kept.filter((entry) => afterData.has(entry.id) && !isOfManifest(entry)),
    leftOut,
  };
}

function isOfManifest({kind, rest}: TocEntry): boolean {
  if (kind === 'COMMENT') return COMMENT_OF_MANIFEST.test(rest);
  return OF_MANIFEST.has(kind) || kind === 'MATERIALIZED VIEW DATA';
}

function whyLeftOut({kind, rest}: TocEntry): string | null {
  if (kind === 'COMMENT' && COMMENT_LEFT_OUT.test(rest)) return 'belongs to what is left out, or is the target’s own';
  if (kind === 'EXTENSION' && /^- (pglogical|pglogical_origin|plpgsql) /.test(rest))
    return 'pglogical belongs to the source; plpgsql is there';
  return REFUSED[kind] ?? null;
}
