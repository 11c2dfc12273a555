import {fileSchema} from './schema.ts';
import {describeKey, sectionKeys} from './section-keys.ts';

/** What every file has; all else is commented out. */
const NEEDED = ['run', 'source', 'replica', 'target'];

/** The text of a longhaul.yaml with every key described; what may be left out is commented out with its default or an example. */
export function renderExample(): string {
  const head =
    '# Configuration of a Longhaul run. Keep passwords out of it: they belong in ~/.pgpass, a service file or PGPASSWORD.\n';
  return (
    head +
    Object.entries(fileSchema.shape)
      .map(([key, schema]) => renderKey(key, schema))
      .join('')
  );
}

/** The keys that the file may have at a place: at the margin, or in a section; none in a plain value. Pure. */
export function keysAt(path: readonly string[]): string[] {
  return [...(sectionKeys(schemaAt(path)) ?? new Map<string, unknown>()).keys()];
}

/** Of these keys none may be missing. */
const DMS =
  '{instance: arn:aws:dms:eu-central-1:123456789012:rep:ACME, source_secret: acme-source, target_secret: acme-target, secret_role: arn:aws:iam::123456789012:role/dms-reads-secrets}';

/** What to write for a key: `6` of `load`, `lanes`; a section's first key in braces; null where nothing is known. Pure. */
export function exampleOf(path: readonly string[]): string | null {
  if (path.length === 3 && path[0] === 'slots') return '[public.events]';
  if (path.join('.') === 'cdc.dms') return DMS;
  const schema = schemaAt(path);
  if (schema === null) return null;
  const {shown} = describeKey(schema);
  if (shown !== '') return shown;
  const [first] = keysAt(path);
  return first === undefined ? null : `{${first}: ${exampleOf([...path, first]) ?? ''}}`;
}

function schemaAt(path: readonly string[]): unknown {
  return path.reduce<unknown>((schema, key) => sectionKeys(schema)?.get(key) ?? null, fileSchema);
}

function renderKey(key: string, schema: unknown): string {
  const {description = '', shown} = describeKey(schema);
  const comment = `\n# ${description}\n`;
  if (NEEDED.includes(key)) return `${comment}${key}: ${shown}\n`;
  const inner = sectionKeys(schema);
  if (inner === null) return `${comment}# ${key}: ${shown}\n`;
  return `${comment}${key}:\n${[...inner].map(([name, part]) => renderInner(name, part, '')).join('')}`;
}

/** A key of a section, commented out; one that is a section itself with its keys below it. */
function renderInner(name: string, schema: unknown, indent: string): string {
  const own = describeKey(schema);
  const comment = own.description === undefined ? '' : `  # ${indent}${own.description}\n`;
  const inner = (own.shown === '' ? [...(sectionKeys(schema) ?? [])] : []).map(([key, part]) =>
    renderInner(key, part, `${indent}  `),
  );
  return `${comment}  # ${indent}${name}:${inner.length === 0 ? ` ${own.shown}` : ''}\n${inner.join('')}`;
}
