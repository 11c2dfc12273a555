import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {parseSync} from '@swc/core';

const ROOT = join(import.meta.dirname, '../..');
const COMMENT_OR_TEXT = /\/\*[^]*?\*\/|\/\/[^\n]*|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g;

interface Node {
  readonly type: string;
  readonly span: {readonly start: number; readonly end: number};
  readonly [key: string]: unknown;
}

/** A file's declarations by their names, and where its imports come from. */
interface Declarations {
  readonly own: ReadonlyMap<string, {readonly text: string; readonly uses: ReadonlySet<string>}>;
  readonly imported: ReadonlyMap<string, {readonly path: string; readonly name: string}>;
}

/**
 * Everything that these types of a file rest on, declaration by declaration over all files: what two programs must agree on when they send each
 * other such values. Comments, order and line breaks do not count. `RunState: {readonly run: string | null; …}`, a line each.
 */
export function shapeOf(path: string, names: readonly string[]): string {
  const files = new Map<string, Declarations>();
  const found = new Map<string, string>();
  const wanted = names.map((name) => ({path, name}));
  for (const {path: at, name} of wanted) {
    const file = files.get(at) ?? readDeclarations(at);
    files.set(at, file);
    const from = file.imported.get(name);
    if (from !== undefined) wanted.push(from);
    const declared = file.own.get(name);
    if (declared === undefined || found.has(`${at} ${name}`)) continue;
    found.set(`${at} ${name}`, `${name}: ${declared.text}`);
    for (const used of declared.uses) wanted.push({path: at, name: used});
  }
  // Where a declaration is kept says nothing of its shape.
  return [...found.values()].toSorted().join('\n');
}

/** Twelve digits that are others once anything in a shape is. */
export function hashOf(shape: string): string {
  return createHash('sha256').update(shape).digest('hex').slice(0, 12);
}

function readDeclarations(path: string): Declarations {
  const source = readFileSync(join(ROOT, path));
  const module = parseSync(source.toString('utf8'), {syntax: 'typescript'}) as unknown as Node & {
    readonly body: Node[];
  };
  const own = new Map<string, {text: string; uses: Set<string>}>();
  const imported = new Map<string, {path: string; name: string}>();
  // Spans count on from what was parsed before, and a module begins with its first word.
  const before = /^(?:\s+|\/\/[^\n]*|\/\*[^]*?\*\/)*/.exec(source.toString('utf8'))?.[0] ?? '';
  const base = module.span.start - Buffer.byteLength(before);
  const add = (name: string, node: Node): void => {
    const text = source.subarray(node.span.start - base, node.span.end - base).toString('utf8');
    own.set(name, {text: normal(text), uses: namesIn(node)});
  };
  for (const item of module.body) {
    const node = item.type === 'ExportDeclaration' ? (item['declaration'] as Node) : item;
    if (node.type === 'ImportDeclaration') for (const [local, from] of importsOf(path, node)) imported.set(local, from);
    if (node.type === 'TsInterfaceDeclaration' || node.type === 'TsTypeAliasDeclaration')
      add(valueOf(node['id']), node);
    if (node.type === 'VariableDeclaration')
      for (const one of node['declarations'] as Node[]) add(valueOf(one['id']), one);
  }
  return {own, imported};
}

function importsOf(path: string, node: Node): [string, {path: string; name: string}][] {
  const source = valueOf(node['source']);
  if (!source.startsWith('.')) return [];
  return (node['specifiers'] as Node[]).map((one) => {
    const local = valueOf(one['local']);
    const {imported} = one;
    return [local, {path: join(dirname(path), source), name: imported === null ? local : valueOf(imported)}];
  });
}

function valueOf(node: unknown): string {
  return (node as {readonly value: string}).value;
}

function namesIn(node: unknown, into = new Set<string>()): Set<string> {
  if (Array.isArray(node)) for (const one of node) namesIn(one, into);
  else if (typeof node === 'object' && node !== null) {
    if ('type' in node && node.type === 'Identifier') into.add(valueOf(node));
    for (const value of Object.values(node)) namesIn(value, into);
  }
  return into;
}

function normal(text: string): string {
  return text
    .replaceAll(COMMENT_OR_TEXT, (part) => (part.startsWith('/') ? '' : part))
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?([{}()[\]|;:,=<>&.]) ?/g, '$1')
    .replaceAll(/([=(<:])\|/g, '$1')
    .replaceAll(/[,;]([}\])])/g, '$1');
}
