/** One line of `pg_restore -l`: `215; 1259 16386 TABLE public events app_owner`. */
export interface TocEntry {
  readonly line: string;
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

/** Reads pg_restore's list; comments and empty lines are passed over. Pure. */
export function parseToc(list: string): TocEntry[] {
  return list.split('\n').flatMap((line) => {
    const match = /^\d+; \d+ \d+ (.*)$/.exec(line);
    if (match === null) return [];
    const text = match[1] ?? '';
    const kind = KINDS.find((one) => text.startsWith(`${one} `)) ?? text.split(' ')[0] ?? '';
    return [{line, kind, rest: text.slice(kind.length + 1)}];
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

/** Comments on these are in the manifest, too: `public INDEX events_at app_owner`. */
const COMMENT_OF_MANIFEST = /^.+? (?:INDEX|CONSTRAINT|TRIGGER) /;

/** An entry that is left out, and why. */
export interface LeftOut {
  readonly what: string;
  readonly why: string;
}

/** How the entries of a schema dump are divided. */
export interface TocSelection {
  /** Schemas and extensions, before ownership can be given away. */
  readonly first: readonly TocEntry[];
  /** Everything else before the data. */
  readonly objects: readonly TocEntry[];
  /** Grants and default privileges, last before the data. */
  readonly grants: readonly TocEntry[];
  /** What comes after the load and is not in the manifest: rules, policies, refreshes. */
  readonly afterLoad: readonly TocEntry[];
  readonly leftOut: readonly LeftOut[];
}

/** Divides a dump's entries. `afterData` tells the lines of pg_restore's post-data section. Pure. */
export function selectToc(entries: readonly TocEntry[], afterData: ReadonlySet<string>): TocSelection {
  const leftOut: LeftOut[] = [];
  const kept = entries.filter((entry) => {
    const why = whyLeftOut(entry);
    if (why !== null) leftOut.push({what: `${entry.kind} ${entry.rest}`, why});
    return why === null;
  });
  const before = kept.filter((entry) => !afterData.has(entry.line));
  const isFirst = ({kind}: TocEntry): boolean => kind === 'SCHEMA' || kind === 'EXTENSION';
  const isGrant = ({kind}: TocEntry): boolean => kind === 'ACL' || kind === 'DEFAULT ACL';
  return {
    first: before.filter((entry) => isFirst(entry)),
    objects: before.filter((entry) => !isFirst(entry) && !isGrant(entry)),
    // Default privileges stand behind the data in a dump; what is wrong with them shall be known before it.
    grants: kept.filter((entry) => isGrant(entry)),
    afterLoad: kept.filter((entry) => afterData.has(entry.line) && !isGrant(entry) && !isOfManifest(entry)),
    leftOut,
  };
}

function isOfManifest({kind, rest}: TocEntry): boolean {
  if (kind === 'COMMENT') return COMMENT_OF_MANIFEST.test(rest);
  return OF_MANIFEST.has(kind) || kind === 'MATERIALIZED VIEW DATA';
}

function whyLeftOut({kind, rest}: TocEntry): string | null {
  if (kind === 'COMMENT' && rest.includes('EXTENSION ')) return 'only the owner of an extension may comment on it';
  if (kind === 'ACL' && rest.startsWith('pg_catalog '))
    return "who may call the system's functions is the target's own affair";
  if (kind === 'ACL' && /^(- SCHEMA )?pglogical(_origin)? /.test(rest)) return 'pglogical belongs to the source';
  if (kind === 'EXTENSION' && /^- (pglogical|pglogical_origin|plpgsql)\b/.test(rest))
    return 'pglogical belongs to the source; plpgsql is there';
  if (/EVENT TRIGGER|PUBLICATION|SUBSCRIPTION/.test(kind === 'COMMENT' || kind === 'ACL' ? rest : ''))
    return 'belongs to what is left out';
  return REFUSED[kind] ?? null;
}
