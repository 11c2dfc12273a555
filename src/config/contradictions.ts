import {formatRelation, sameRelation} from '../domain/pg/relation.ts';
import type {Explained} from './explain-issue.ts';
import {ENGINE_DEFAULTS} from './keys/cdc.ts';
import type {FileConfig} from './schema.ts';

/** Keys that are well by themselves and contradict each other. Pure. */
export function findContradictions({tables, slots, load, cdc}: FileConfig): Explained[] {
  return [...inAndOut(tables), ...assignments(slots), ...unused(load), ...ofDms(cdc, slots)];
}

/** Texts with a character that neither a path, a name nor a command's line can hold; every other check would let them through to a server or a program. Pure. */
export function findUnprintable(value: unknown, keys: readonly PropertyKey[] = []): Explained[] {
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, inner]) =>
      findUnprintable(inner, [...keys, Array.isArray(value) ? Number(key) : key]),
    );
  const [found] = typeof value === 'string' ? (/(?![\t\n\r])\p{Cc}/u.exec(value) ?? []) : [];
  if (found === undefined) return [];
  const code = found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  const name = keys.map((key) => (typeof key === 'number' ? key + 1 : String(key))).join('.');
  return [
    {
      keys,
      words: `${name}: holds the control character U+${code}, which no path, name or command may have: take it out`,
    },
  ];
}

function unused({method, unitBytes}: FileConfig['load']): Explained[] {
  if (method !== 'pg_dump' || unitBytes === null) return [];
  return [
    {
      keys: ['load', 'unit_size'],
      words: 'load.unit_size: load.method: pg_dump loads every table whole: write another method, or take it out',
    },
  ];
}

/** Tasks of DMS belong to its engine, and what is made of them needs the secrets. */
function ofDms({engine, dms}: FileConfig['cdc'], {prefix, count}: FileConfig['slots']): Explained[] {
  if (dms === null) return [];
  const at = ['cdc', 'dms'];
  if (!ENGINE_DEFAULTS[engine].hasTasks)
    return [{keys: at, words: `cdc.dms: cdc.engine is ${engine}: take it out, or write engine: dms`}];
  const names = slotNames(prefix, count);
  const foreign = (['sourceEndpoints', 'tasks'] as const).flatMap((key) =>
    Object.keys(dms[key])
      .filter((slot) => !names.includes(slot))
      .map((slot) => [key === 'tasks' ? 'tasks' : 'source_endpoints', slot] as const),
  );
  const hasAllTasks = names.every((name) => dms.tasks[name] !== undefined);
  const needed = [
    ['source_secret', dms.sourceSecret, names.every((name) => dms.sourceEndpoints[name] !== undefined)],
    ['target_secret', dms.targetSecret, dms.targetEndpoint !== null],
    ['secret_role', dms.secretRole, dms.sourceSecret === null && dms.targetSecret === null],
  ] as const;
  return [
    ...foreign.map(([key, slot]) => ({
      keys: [...at, key, slot],
      words: `cdc.dms.${key}.${slot}: there is no such slot: by slots.prefix and slots.count, name ${namesInWords(names)}`,
    })),
    ...needed
      .filter(([, value, isThere]) => value === null && !isThere && !hasAllTasks)
      .map(([key]) => ({
        keys: at,
        words: `cdc.dms: ${key} is missing, which the endpoints that are to be made read: write it, or name endpoints that are there`,
      })),
  ];
}

function slotNames(prefix: string, count: number): string[] {
  return Array.from({length: count}, (_, index) => `${prefix}${String(index + 1).padStart(2, '0')}`);
}

function namesInWords(names: readonly string[]): string {
  return `${names[0] ?? ''}${names.length === 1 ? '' : ` to ${names.at(-1) ?? ''}`}`;
}

function inAndOut(tables: FileConfig['tables']): Explained[] {
  const found: Explained[] = [];
  for (const [index, schema] of tables.excludeSchemas.entries()) {
    if (!tables.includeSchemas.includes(schema)) continue;
    const words = `tables.exclude_schemas, entry ${index + 1}: ${schema} is in tables.include_schemas as well: keep it in one of the two`;
    found.push({keys: ['tables', 'exclude_schemas', index], words});
  }
  for (const [index, table] of tables.exclude.entries()) {
    if (!tables.include.some((one) => sameRelation(one, table))) continue;
    const words = `tables.exclude, entry ${index + 1}: ${formatRelation(table)} is in tables.include as well: keep it in one of the two`;
    found.push({keys: ['tables', 'exclude', index], words});
  }
  return found;
}

function assignments({prefix, count, assign}: FileConfig['slots']): Explained[] {
  const names = slotNames(prefix, count);
  const found: Explained[] = [];
  const seen: {readonly slot: string; readonly table: string}[] = [];
  for (const [slot, tables] of Object.entries(assign)) {
    if (!names.includes(slot)) {
      const words = `slots.assign.${slot}: there is no such slot: by slots.prefix and slots.count, name ${namesInWords(names)}`;
      found.push({keys: ['slots', 'assign', slot], words});
    }
    for (const [index, relation] of tables.entries()) {
      const table = formatRelation(relation);
      const before = seen.find((one) => one.table === table);
      if (before !== undefined) {
        const words = `slots.assign.${slot}, entry ${index + 1}: ${table} is in ${before.slot} already: a table is in one slot, take it out of the other`;
        found.push({keys: ['slots', 'assign', slot, index], words});
      }
      seen.push({slot, table});
    }
  }
  return found;
}
