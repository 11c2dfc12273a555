import {quoteIdentifier, quoteLiteral} from '../../domain/pg/identifier.ts';
import type {Fact} from './fact.ts';
import {ALL_TABLES} from './others.ts';
import {COLUMN, columnOf, onWhat, setOptions, TABLE, wordOf, type Differing, type Mend} from './mend-tables.ts';

/** What brings a part of an object to where the source has it: SQL; null where no statement does it by itself. Pure. */
export function mendPart(part: string, wanted: Fact, there: Fact): string | null {
  const value = wanted.parts[part] ?? null;
  if (part === 'owner')
    return value === null ? null : `ALTER ${wordOf(wanted.kind)} ${wanted.name} OWNER TO ${quoteIdentifier(value)}`;
  if (part === 'comment')
    return `COMMENT ON ${commented(wanted)} IS ${value === null ? 'NULL' : quoteLiteral(value).trimStart()}`;
  return (BY_KIND[wanted.kind] ?? (() => null))({part, value, wanted, there});
}

function commented({kind, name}: Fact): string {
  return kind === 'domain constraint' ? `CONSTRAINT ${name.replace(' ON ', ' ON DOMAIN ')}` : `${wordOf(kind)} ${name}`;
}

const SEQUENCE: Mend = ({part, value, wanted}) => {
  const alter = `ALTER SEQUENCE ${wanted.name}`;
  const words: Readonly<Record<string, string>> = {
    type: 'AS',
    start: 'START WITH',
    increment: 'INCREMENT BY',
    minimum: 'MINVALUE',
    maximum: 'MAXVALUE',
    cache: 'CACHE',
  };
  if (part === 'owned by') return `${alter} OWNED BY ${value ?? 'NONE'}`;
  if (part === 'cycle') return `${alter} ${value}`;
  if (part === 'kept') return `${alter} SET ${value}`;
  return words[part] === undefined ? null : `${alter} ${words[part]} ${value}`;
};

const replaced: Mend = ({wanted}) => wanted.make?.replace(/^CREATE (?!OR REPLACE)/, 'CREATE OR REPLACE ') ?? null;

const VIEW: Mend = (differing) =>
  differing.part === 'options' ? setOptions(`ALTER VIEW ${differing.wanted.name}`, differing) : replaced(differing);

const MATERIALIZED_VIEW: Mend = (differing) => {
  const {part, value, wanted} = differing;
  if (part === 'options') return setOptions(`ALTER MATERIALIZED VIEW ${wanted.name}`, differing);
  const refresh = `REFRESH MATERIALIZED VIEW ${wanted.name}`;
  return part === 'filled' ? (value === 'no' ? `${refresh} WITH NO DATA` : refresh) : null;
};

const ENABLED: Readonly<Record<string, string>> = {O: 'ENABLE', D: 'DISABLE', R: 'ENABLE REPLICA', A: 'ENABLE ALWAYS'};

const RULE: Mend = (differing) => {
  const {own, of} = onWhat(differing.wanted.name);
  return differing.part === 'enabled'
    ? `ALTER TABLE ${of} ${ENABLED[differing.value ?? 'O']} RULE ${own}`
    : replaced(differing);
};

const POLICY: Mend = ({part, value, wanted}) => {
  if (part === 'roles') return `ALTER POLICY ${wanted.name} TO ${value}`;
  if (value === null) return null;
  if (part === 'using') return `ALTER POLICY ${wanted.name} USING (${value})`;
  return part === 'check' ? `ALTER POLICY ${wanted.name} WITH CHECK (${value})` : null;
};

const ROUTINE: Mend = (differing) => {
  const {part, value, wanted} = differing;
  const alter = `ALTER ${wordOf(wanted.kind)} ${wanted.name}`;
  switch (part) {
    case 'volatility':
    case 'null':
    case 'security':
    case 'leakproof':
      return `${alter} ${value}`;
    case 'parallel':
    case 'cost':
    case 'rows':
      return `${alter} ${part.toUpperCase()} ${value}`;
    default:
      return replaced(differing);
  }
};

const DOMAIN: Mend = ({part, value, wanted}) => {
  const alter = `ALTER DOMAIN ${wanted.name}`;
  if (part === 'default') return value === null ? `${alter} DROP DEFAULT` : `${alter} SET DEFAULT ${value}`;
  return part === 'not null' ? `${alter} ${value === null ? 'DROP' : 'SET'} NOT NULL` : null;
};

const DOMAIN_CONSTRAINT: Mend = ({part, value, wanted}) => {
  const {own, of} = onWhat(wanted.name);
  return part === 'validated' && value === 'yes' ? `ALTER DOMAIN ${of} VALIDATE CONSTRAINT ${own}` : null;
};

function labelsOf(list: string | null | undefined): string[] {
  return (list ?? '').match(/'(?:[^']|'')*'/g) ?? [];
}

/** What is said of the attributes of a composite type, as SQL, by the attribute: `a 'left', b 'right'`. */
function commentsOf(list: string | null | undefined): ReadonlyMap<string, string> {
  const each = (list ?? '').matchAll(/((?:"(?:[^"]|"")*"|[^\s",])+) (E?'(?:[^']|'')*')/g);
  return new Map([...each].map(([, attribute = '', text = '']) => [attribute, text]));
}

function attributeComments({part, value, wanted, there}: Differing): string {
  const [all, has] = [commentsOf(value), commentsOf(there.parts[part])];
  return [...new Set([...all.keys(), ...has.keys()])]
    .filter((attribute) => all.get(attribute) !== has.get(attribute))
    .map((attribute) => `COMMENT ON COLUMN ${wanted.name}.${attribute} IS ${all.get(attribute) ?? 'NULL'}`)
    .join('; ');
}

/** Labels that have another name on the target, in as many places: SQL, null where that is not all. */
function renamedLabels(name: string, all: readonly string[], has: readonly string[]): string | null {
  const renamed = all.flatMap((label, at) => (label === has[at] ? [] : [{was: has[at] ?? '', is: label}]));
  if (all.length !== has.length || renamed.some(({was, is}) => all.includes(was) || has.includes(is))) return null;
  return renamed.map(({was, is}) => `ALTER TYPE ${name} RENAME VALUE ${was} TO ${is}`).join('; ');
}

/** Labels that the target lacks, each behind the one before it on the source. */
const TYPE: Mend = (differing) => {
  const {part, value, wanted, there} = differing;
  if (part === 'attribute comments') return attributeComments(differing);
  if (part !== 'labels') return null;
  const [all, has] = [labelsOf(value), labelsOf(there.parts[part])];
  const renamed = renamedLabels(wanted.name, all, has);
  if (renamed !== null) return renamed;
  const added = all.flatMap((label, index) =>
    has.includes(label)
      ? []
      : [
          `ALTER TYPE ${wanted.name} ADD VALUE ${label}${index > 0 ? ` AFTER ${all[index - 1]}` : has[0] === undefined ? '' : ` BEFORE ${has[0]}`}`,
        ],
  );
  return added.length === 0 ? null : added.join('; ');
};

const STATISTICS: Mend = ({part, value, wanted}) =>
  part === 'target' ? `ALTER STATISTICS ${wanted.name} SET STATISTICS ${value ?? '-1'}` : null;

const PUBLICATION: Mend = ({part, value, wanted, there}) => {
  const set = `ALTER PUBLICATION ${wanted.name} SET`;
  switch (part) {
    case 'publishes':
      return `${set} (publish = '${value}')`;
    case 'partition root':
      return `${set} (publish_via_partition_root = ${value})`;
    case 'generated columns':
      return `${set} (publish_generated_columns = ${value})`;
    case 'tables':
      return value === null || [value, there.parts[part]].includes(ALL_TABLES) ? null : `${set} ${value}`;
    default:
      return null;
  }
};

const EVENT_TRIGGER: Mend = ({part, value, wanted}) =>
  part === 'enabled' ? `ALTER EVENT TRIGGER ${wanted.name} ${ENABLED[value ?? 'O']}` : null;

const BY_KIND: Readonly<Record<string, Mend>> = {
  table: TABLE,
  'foreign table': TABLE,
  column: COLUMN,
  sequence: SEQUENCE,
  view: VIEW,
  'materialized view': MATERIALIZED_VIEW,
  rule: RULE,
  policy: POLICY,
  function: ROUTINE,
  procedure: ROUTINE,
  domain: DOMAIN,
  'domain constraint': DOMAIN_CONSTRAINT,
  type: TYPE,
  statistics: STATISTICS,
  publication: PUBLICATION,
  'event trigger': EVENT_TRIGGER,
  extension: ({part, value, wanted}) =>
    part === 'schema' ? `ALTER EXTENSION ${wanted.name} SET SCHEMA ${value}` : null,
};

/** What takes an object off the target again, for people: Longhaul never drops one. Pure. */
export function dropOf({kind, name}: Fact): string {
  if (kind === 'column') {
    const {own, of} = columnOf(name);
    return `ALTER TABLE ${of} DROP COLUMN ${own}`;
  }
  if (kind === 'domain constraint') {
    const {own, of} = onWhat(name);
    return `ALTER DOMAIN ${of} DROP CONSTRAINT ${own}`;
  }
  return `DROP ${wordOf(kind)} ${name}`;
}
