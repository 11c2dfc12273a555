import {anew, changed, forPeople, missing, type ObjectFault} from './fault.ts';

const RAW = `DROP TYPE f.raw CASCADE; CREATE TYPE f.raw;
  CREATE FUNCTION f.raw_in(cstring) RETURNS f.raw LANGUAGE internal IMMUTABLE STRICT AS 'textin';
  CREATE FUNCTION f.raw_out(f.raw) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
  CREATE TYPE f.raw (INPUT = f.raw_in, OUTPUT = f.raw_out, `;

function raw(part: string, how: string): ObjectFault {
  return anew('type f.raw', part, `${RAW}${how})`);
}

function made(kind: 'TYPE' | 'DOMAIN', name: string, part: string, how: string, from = 0): ObjectFault {
  return anew(
    `${kind.toLowerCase()} ${name}`,
    part,
    `DROP ${kind} ${name}; CREATE ${kind} ${name} AS ${how}; ALTER ${kind} ${name} OWNER TO app_owner`,
    from,
  );
}

function plain(part: string, how: string, from = 0): ObjectFault {
  return anew('collation f.plain', part, `DROP COLLATION f.plain; CREATE COLLATION f.plain ${how}`, from);
}

const TYPES: readonly ObjectFault[] = [
  changed('type f.mood', 'labels', "ALTER TYPE f.mood RENAME VALUE 'ok' TO 'fine'", 10),
  changed('type f.pair', 'attribute comments', "COMMENT ON COLUMN f.pair.a IS 'it''s the left'"),
  changed('type f.pair', 'attribute comments', 'COMMENT ON COLUMN f.pair.a IS NULL'),
  changed('type f.pair', 'attribute comments', "COMMENT ON COLUMN f.pair.b IS 'right'"),
  made('TYPE', 'f.spans', 'subtype', 'RANGE (SUBTYPE = float4)'),
  made('TYPE', 'f.spans', 'difference function', 'RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi)'),
  made('TYPE', 'f.words', 'collation', 'RANGE (SUBTYPE = text, COLLATION = "POSIX")'),
  made(
    'TYPE',
    'f.words',
    'operator class',
    'RANGE (SUBTYPE = text, COLLATION = "C", SUBTYPE_OPCLASS = text_pattern_ops)',
  ),
  made(
    'TYPE',
    'f.words',
    'multirange',
    'RANGE (SUBTYPE = text, COLLATION = "C", MULTIRANGE_TYPE_NAME = f.many_words)',
    14,
  ),
  missing('type f.words', 'DROP TYPE f.words'),
  raw('delimiter', "DELIMITER = ';'"),
  raw('default', "DEFAULT = 'x'"),
  raw('category', "CATEGORY = 'S', PREFERRED = true"),
  raw('collatable', 'COLLATABLE = true'),
  raw('element', 'INTERNALLENGTH = 8, ELEMENT = integer'),
  raw('layout', 'STORAGE = extended'),
  raw('analyze', 'ANALYZE = ts_typanalyze'),
  raw('typmod functions', 'TYPMOD_IN = numerictypmodin, TYPMOD_OUT = numerictypmodout'),
  made('DOMAIN', 'f.positive', 'type', 'bigint DEFAULT 1 NOT NULL CONSTRAINT above_zero CHECK (VALUE > 0)'),
  made('DOMAIN', 'f.code', 'collation', 'text COLLATE "POSIX"'),
  plain('locale', 'FROM "POSIX"'),
  plain('provider', "(provider = icu, locale = 'und')", 10),
  plain('deterministic', "(provider = icu, locale = 'und', deterministic = false)", 12),
  anew(
    'collation f.ruled',
    'rules',
    "DROP COLLATION f.ruled; CREATE COLLATION f.ruled (provider = icu, locale = 'und', rules = '&b < a')",
    16,
  ),
];

function same(part: string, how: string): ObjectFault {
  return anew(
    'operator f.===(f.pair,f.pair)',
    part,
    `DROP OPERATOR f.=== (f.pair, f.pair); CREATE OPERATOR f.=== (PROCEDURE = f.same, LEFTARG = f.pair, RIGHTARG = f.pair, ${how})`,
  );
}

const INT_OPS = 'operator class f.int_ops USING btree';

const OPERATORS: readonly ObjectFault[] = [
  same('commutator', 'COMMUTATOR = OPERATOR(f.===)'),
  same('negator', 'NEGATOR = OPERATOR(f.!==)'),
  same('join', 'JOIN = eqjoinsel'),
  same('hashes', 'HASHES'),
  same('merges', 'MERGES'),
  anew(
    INT_OPS,
    'family',
    'DROP OPERATOR CLASS f.int_ops USING btree; CREATE OPERATOR CLASS f.int_ops FOR TYPE integer USING btree FAMILY f.lonely AS OPERATOR 1 <, OPERATOR 3 =, FUNCTION 1 btint4cmp(integer, integer)',
  ),
  anew(
    INT_OPS,
    'type',
    'DROP OPERATOR CLASS f.int_ops USING btree; CREATE OPERATOR CLASS f.int_ops FOR TYPE bigint USING btree FAMILY f.int_ops AS OPERATOR 1 <, OPERATOR 3 =, FUNCTION 1 btint8cmp(bigint, bigint)',
  ),
  anew(
    'operator family f.lonely USING btree',
    'members',
    'ALTER OPERATOR FAMILY f.lonely USING btree DROP FUNCTION 2 (integer, integer); ALTER OPERATOR FAMILY f.lonely USING btree ADD FUNCTION 2 (smallint, smallint) btint4sortsupport(internal)',
  ),
  anew(
    'cast (f.pair AS text)',
    'method',
    'DROP CAST (f.pair AS text); CREATE CAST (f.pair AS text) WITH INOUT AS ASSIGNMENT',
  ),
  anew(
    'conversion f.conversion',
    'converts',
    "DROP CONVERSION f.conversion; CREATE CONVERSION f.conversion FOR 'LATIN2' TO 'UTF8' FROM iso8859_to_utf8",
  ),
];

const OTHERS: readonly ObjectFault[] = [
  anew(
    'text search parser f.parser',
    'functions',
    'DROP TEXT SEARCH PARSER f.parser; CREATE TEXT SEARCH PARSER f.parser (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype, HEADLINE = prsd_headline)',
  ),
  anew(
    'text search template f.template',
    'functions',
    'DROP TEXT SEARCH TEMPLATE f.template; CREATE TEXT SEARCH TEMPLATE f.template (INIT = dsynonym_init, LEXIZE = dsynonym_lexize)',
  ),
  anew(
    'text search dictionary f.dict',
    'template',
    'DROP TEXT SEARCH DICTIONARY f.dict; CREATE TEXT SEARCH DICTIONARY f.dict (TEMPLATE = snowball, language = english)',
  ),
  anew(
    'text search configuration f.conf',
    'parser',
    'DROP TEXT SEARCH CONFIGURATION f.conf; CREATE TEXT SEARCH CONFIGURATION f.conf (PARSER = f.parser)',
  ),
  anew('foreign data wrapper f_wrapper', 'options', "ALTER FOREIGN DATA WRAPPER f_wrapper OPTIONS (a 'b')"),
  anew(
    'foreign data wrapper f_wrapper',
    'validator',
    'ALTER FOREIGN DATA WRAPPER f_wrapper VALIDATOR postgresql_fdw_validator',
  ),
  anew('server f_server', 'version', "ALTER SERVER f_server VERSION '2'"),
  anew(
    'server f_other',
    'type',
    "DROP SERVER f_other; CREATE SERVER f_other TYPE 'b' VERSION '1' FOREIGN DATA WRAPPER f_wrapper",
  ),
  anew(
    'language f_language',
    'trusted',
    'DROP LANGUAGE f_language; CREATE TRUSTED LANGUAGE f_language HANDLER plpgsql_call_handler',
  ),
  {object: 'language f_language', differs: 'is expected', change: 'DROP LANGUAGE f_language'},
  forPeople(missing('access method f_index', 'DROP ACCESS METHOD f_index')),
  forPeople(missing('transform FOR smallint LANGUAGE plpgsql', 'DROP TRANSFORM FOR smallint LANGUAGE plpgsql')),
  anew(
    'transform FOR smallint LANGUAGE plpgsql',
    'to SQL',
    'CREATE OR REPLACE TRANSFORM FOR smallint LANGUAGE plpgsql (FROM SQL WITH FUNCTION prsd_lextype(internal))',
  ),
  anew(
    'event trigger f_notice',
    'event',
    "DROP EVENT TRIGGER f_notice; CREATE EVENT TRIGGER f_notice ON ddl_command_start WHEN TAG IN ('CREATE TABLE', 'DROP TABLE') EXECUTE PROCEDURE f.notice()",
  ),
  changed(
    'publication f_changes',
    'generated columns',
    'ALTER PUBLICATION f_changes SET (publish_generated_columns = stored)',
    18,
  ),
];

/** A change of each part of types, collations, operators, text search and foreign servers that the other lists have none of. */
export const TYPE_FAULTS: readonly ObjectFault[] = [...TYPES, ...OPERATORS, ...OTHERS];
