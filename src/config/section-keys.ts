/** A key of longhaul.yaml as its schema describes it. */
export interface DescribedKey {
  readonly description: string | undefined;
  /** A value as the file writes it, `6`: an example, or else the default; empty where there is neither. */
  readonly shown: string;
}

interface Described {
  readonly description?: string | undefined;
  meta(): {readonly example?: unknown} | undefined;
}

/** The keys of a section in their order; null for a key with a plain value. */
export function sectionKeys(schema: unknown): ReadonlyMap<string, unknown> | null {
  const inner = unwrapped(schema);
  if (!isObject(inner) || !isObject(inner['shape'])) return null;
  return new Map(Object.entries(inner['shape']));
}

/** What the schema of a key says of it. */
export function describeKey(schema: unknown): DescribedKey {
  if (!isDescribed(schema)) throw new Error('bug: no schema of a key');
  const example = schema.meta()?.example ?? defaultOf(schema);
  return {description: schema.description, shown: isWritten(example) ? String(example) : ''};
}

/** Without its default, and without what makes of it what the program has. */
function unwrapped(schema: unknown): unknown {
  if (!isObject(schema)) return schema;
  // A list is a value, whatever is in it.
  if (isObject(schema['def']) && schema['def']['type'] === 'array') return schema;
  if (typeof schema['unwrap'] === 'function') return unwrapped(schema['unwrap']());
  if (!('in' in schema)) return schema;
  // A section that may be written short is made from what was written; what comes out has the keys.
  const inner = unwrapped(schema['in']);
  return isObject(inner) && isObject(inner['def']) && inner['def']['type'] === 'transform'
    ? unwrapped(schema['out'])
    : inner;
}

function defaultOf(schema: unknown): unknown {
  const definition = isObject(schema) ? schema['def'] : null;
  return isObject(definition) ? definition['defaultValue'] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** A list or a section has no value that is written in one word. */
function isWritten(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function isDescribed(value: unknown): value is Described {
  return isObject(value) && typeof value['meta'] === 'function';
}
