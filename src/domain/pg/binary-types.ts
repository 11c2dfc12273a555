/** A type as a server's catalog has it, and the types that its values are made of. */
export interface CatalogType {
  /** As format_type() writes it: `public.mood`. */
  readonly title: string;
  /** pg_type.typname: `int4`. */
  readonly name: string;
  /** Whether initdb made it. */
  readonly builtIn: boolean;
  /** The extension that it came with; null for all others. */
  readonly extension: string | null;
  readonly made: 'plain' | 'enum' | 'domain' | 'array' | 'composite';
  /** The oids, as text, of what a domain, an array or a composite is made of. */
  readonly of: readonly string[];
}

/** What decides how a server sends and reads values. */
export interface BinaryServer {
  /** Whether it reads a type that somebody made under another oid, as every database gives it; up to 13: "wrong element type". */
  readonly takesOtherOids: boolean;
  /** Whether an interval may be infinite; an older server takes the same bytes for a finite one. */
  readonly infiniteIntervals: boolean;
  /** Off only where somebody has built a server before 10 so: its times are floating point numbers. */
  readonly integerDatetimes: boolean;
}

/** Both ends of a copy. */
export interface BinaryServers {
  readonly source: BinaryServer;
  readonly target: BinaryServer;
}

/** The columns of a table that hold data, by name, and the types that they need, by oid. */
export interface ColumnTypes {
  readonly columns: readonly {readonly name: string; readonly type: string}[];
  readonly types: ReadonlyMap<string, CatalogType>;
}

/** Why values of a core type are the same bytes to every release that has the type. */
interface Known {
  readonly why: string;
  /** Built with floating point times, a server before 10 sends other bytes. */
  readonly times?: true;
}

const WHOLE = {why: 'a whole number of fixed length, in network order'};
const REAL = {why: 'IEEE 754 in network order, NaN and infinity among them'};
const CHARACTERS = {why: 'characters in the encoding of the session, which both ends set alike'};
const TIME = {why: 'whole microseconds or days', times: true} as const;
const GEOMETRY = {why: 'float8 one after the other; line since 9.4 as three'};
const ADDRESS = {why: 'family, bits and bytes of an address'};
const RANGE = {why: 'flags and the bounds, each as its own type is sent'};

/**
 * The types of the core whose binary form (typsend, typreceive) is the same on every server from 9.4 on, by pg_type.typname. Not among them, and so
 * by text: reg*, oid, xid, cid, tid, aclitem and what holds them (numbers of one cluster), money (means what lc_monetary says), xml (its
 * receive function rewrites the encoding declaration), tsquery and jsonpath (compiled), pg_snapshot, pg_node_tree, and whatever comes with a later release.
 * Source: src/backend/utils/adt, the functions *send and *recv
 */
const CORE: Readonly<Record<string, Known>> = {
  bool: {why: 'one byte'},
  int2: WHOLE,
  int4: WHOLE,
  int8: WHOLE,
  float4: REAL,
  float8: REAL,
  numeric: {why: 'digits in base 10000 with scale and sign; infinity since 14, which an older server refuses'},
  text: CHARACTERS,
  varchar: CHARACTERS,
  bpchar: CHARACTERS,
  name: CHARACTERS,
  char: {why: 'one byte'},
  bytea: {why: 'the bytes themselves'},
  uuid: {why: '16 bytes'},
  json: CHARACTERS,
  jsonb: {why: 'version 1 and the text of json, since 9.4'},
  date: TIME,
  time: TIME,
  timetz: TIME,
  timestamp: TIME,
  timestamptz: TIME,
  interval: {why: 'microseconds, days and months; infinity since 17: see plainForm()', times: true},
  bit: {why: 'length and bits'},
  varbit: {why: 'length and bits'},
  inet: ADDRESS,
  cidr: ADDRESS,
  macaddr: ADDRESS,
  macaddr8: ADDRESS,
  point: GEOMETRY,
  line: GEOMETRY,
  lseg: GEOMETRY,
  box: GEOMETRY,
  path: GEOMETRY,
  polygon: GEOMETRY,
  circle: GEOMETRY,
  tsvector: {why: 'lexemes, each with its positions; the receiving side sorts them'},
  pg_lsn: {why: 'a position of 64 bits'},
  int4range: RANGE,
  int8range: RANGE,
  numrange: RANGE,
  daterange: {...RANGE, times: true},
  tsrange: {...RANGE, times: true},
  tstzrange: {...RANGE, times: true},
  int4multirange: RANGE,
  int8multirange: RANGE,
  nummultirange: RANGE,
  datemultirange: RANGE,
  tsmultirange: RANGE,
  tstzmultirange: RANGE,
};

/** The same for extensions' types, by extension and name. */
const OF_EXTENSIONS: Readonly<Record<string, Readonly<Record<string, Known>>>> = {
  citext: {citext: {why: "text's own functions"}},
};

/**
 * Why a table cannot travel by binary COPY from one server to the other, in words for people; null where it can. `target` is null while the table is
 * not there yet: what the source has decides then. Pure.
 */
export function whyNotBinary(source: ColumnTypes, target: ColumnTypes | null, servers: BinaryServers): string | null {
  if (source.columns.length === 0) return 'it has no columns';
  for (const {name, type} of source.columns) {
    const form = formOf(type, source.types, servers);
    if ('why' in form) return `column ${name}: ${form.why}`;
    const other = target?.columns.find((column) => column.name === name);
    if (other === undefined || target === null) continue;
    const there = formOf(other.type, target.types, servers);
    if (!('form' in there) || there.form !== form.form)
      return `column ${name}: the target has it as ${target.types.get(other.type)?.title ?? 'another type'}`;
  }
  return null;
}

type Form = {readonly form: string} | {readonly why: string};

/** A type written out down to the types of the core: two that are written alike are read alike. */
function formOf(oid: string, types: ReadonlyMap<string, CatalogType>, servers: BinaryServers): Form {
  const type = types.get(oid);
  if (type === undefined) return {why: 'its type is not in the catalog'};
  const inner = type.of.map((one) => formOf(one, types, servers));
  const bad = inner.find((one) => 'why' in one);
  if (bad !== undefined) return bad;
  const forms = inner.map((one) => ('form' in one ? one.form : ''));
  switch (type.made) {
    case 'enum':
      return type.extension === null ? {form: 'enum'} : notKnown(type);
    case 'domain':
      return {form: forms[0] ?? ''};
    case 'array':
      return holdsOwnType(type, types) && !servers.target.takesOtherOids
        ? {why: `${type.title}: before 14 a server reads no array of a type that was made in the database`}
        : {form: `${forms.join(', ')}[]`};
    case 'composite':
      return servers.target.takesOtherOids
        ? {form: `(${forms.join(', ')})`}
        : {why: `${type.title}: before 14 a server reads no composite of another database`};
    case 'plain':
      return plainForm(type, servers);
  }
}

function holdsOwnType({of}: CatalogType, types: ReadonlyMap<string, CatalogType>): boolean {
  return of.some((one) => types.get(one)?.builtIn !== true);
}

function plainForm(type: CatalogType, {source, target}: BinaryServers): Form {
  const known = type.builtIn ? own(CORE, type.name) : own(own(OF_EXTENSIONS, type.extension ?? '') ?? {}, type.name);
  if (known === undefined) return notKnown(type);
  if (known.times === true && !(source.integerDatetimes && target.integerDatetimes))
    return {why: `${type.title}: a server is built without integer_datetimes`};
  if (type.name === 'interval' && source.infiniteIntervals && !target.infiniteIntervals)
    return {why: `${type.title}: before 17 a server takes an infinite one for a finite one`};
  return {form: type.name};
}

function notKnown({title, extension}: CatalogType): Form {
  const from = extension === null ? '' : ` of extension ${extension}`;
  return {why: `${title}${from} is not known to have the same binary form on both servers`};
}

function own<Of>(record: Readonly<Record<string, Of>>, key: string): Of | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
