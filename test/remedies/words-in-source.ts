import {posix} from 'node:path';
import {parseSync} from '@swc/core';
import {readSources} from '../house/sources.ts';

/** A text that the sources give as a remedy. */
export interface Words {
  /** Where it is written, in src: `engine/prove/judge-boundary.ts`. */
  readonly file: string;
  /** Literally, with … for what is filled in: `on the target: TRUNCATE ONLY …`. */
  readonly words: string;
}

/** A node of swc's tree, as far as it is read here. */
type Node = Readonly<Record<string, unknown>>;

/** What a file declares by a name, anywhere in it: a constant's value, a function with its parameters. */
type Declared = {readonly value: Node} | {readonly params: readonly string[]; readonly body: Node};

interface File {
  readonly path: string;
  readonly tree: readonly Node[];
  readonly declared: ReadonlyMap<string, Declared>;
  readonly imports: ReadonlyMap<string, string>;
}

/** What people are told about findings and made of servers' names: nothing in it advises. */
const NOT_WORDS = /^(?:quote|print|format|list|shell|screen|render)/;
/** Reasons that are filled in, and SQL that is shown of what Longhaul itself runs. */
const NO_ADVICE =
  /^src\/(?:domain\/rules\/needs|lab\/|pg\/(?!\w+\/(?:alter-system|pglogical-rights|server-error|unreachable|identify-system)))/;
/** The calls that make findings: check, what was seen, remedy. */
const FINDING = /^(?:blocker|warning|note)$/;

/**
 * Every text of the sources that can be given as a remedy: of a property `remedy`, of an argument for a parameter `remedy`, of a finding; followed through
 * constants, conditions, templates and the functions that make them. The rehearsal's tools are left out.
 */
export function remediesInSource(): Words[] {
  const files = new Map(readSources().map(({path, text}) => [path, readFile(path, text)]));
  const seen = new Set<unknown>();
  const out = new Map<string, Words>();
  const follow = (file: File, node: unknown): void => {
    if (!isNode(node) || seen.has(node)) return;
    seen.add(node);
    const {leaves, names} = partsOf(node);
    for (const words of leaves) out.set(`${file.path} ${words}`, {file: file.path.slice('src/'.length), words});
    for (const {name, isCall} of names) {
      const found = declarationOf(files, file, name);
      if (found === null || NOT_WORDS.test(name) || NO_ADVICE.test(found.file.path)) continue;
      if ('value' in found.declared) follow(found.file, found.declared.value);
      else if (isCall) for (const one of returnsOf(found.declared.body)) follow(found.file, one);
    }
  };
  for (const file of files.values()) {
    if (!file.path.startsWith('src/lab/')) for (const node of remediesOf(files, file)) follow(file, node);
  }
  return [...out.values()].toSorted((a, b) => a.file.localeCompare(b.file) || a.words.localeCompare(b.words));
}

function readFile(path: string, text: string): File {
  const {body: tree} = parseSync(text, {
    syntax: 'typescript',
    tsx: path.endsWith('.tsx'),
    target: 'es2022',
  }) as unknown as {
    body: Node[];
  };
  const declared = new Map<string, Declared>();
  const imports = new Map<string, string>();
  visit(tree, (node) => {
    if (node['type'] === 'ImportDeclaration') {
      const from = posix.join(posix.dirname(path), textOf(node['source']));
      for (const one of nodesOf(node['specifiers'])) imports.set(textOf(one['local']), from);
    }
    if (node['type'] === 'FunctionDeclaration' && isNode(node['body'])) {
      const params = nodesOf(node['params']).map((param) => textOf(param['pat']));
      declared.set(textOf(node['identifier']), {params, body: node['body']});
    }
    if (node['type'] !== 'VariableDeclarator' || !isNode(node['init'])) return;
    const {init} = node;
    const name = textOf(node['id']);
    if (init['type'] === 'ArrowFunctionExpression' && isNode(init['body'])) {
      declared.set(name, {params: nodesOf(init['params']).map(textOf), body: init['body']});
    } else if (name !== '') declared.set(name, {value: init});
  });
  return {path, tree, declared, imports};
}

/** The expressions that are a remedy. */
function remediesOf(files: ReadonlyMap<string, File>, file: File): Node[] {
  const found: Node[] = [];
  visit(file.tree, (node) => {
    if (node['type'] === 'KeyValueProperty' && textOf(node['key']) === 'remedy' && isNode(node['value'])) {
      found.push(node['value']);
    }
    if (node['type'] === 'ObjectExpression') {
      found.push(
        ...nodesOf(node['properties']).filter((one) => one['type'] === 'Identifier' && textOf(one) === 'remedy'),
      );
    }
    if (node['type'] !== 'CallExpression') return;
    const name = nameOfCallee(node['callee']);
    const args = nodesOf(node['arguments']).flatMap((one) => (isNode(one['expression']) ? [one['expression']] : []));
    const callee = declarationOf(files, file, name)?.declared;
    const at = callee !== undefined && 'params' in callee ? callee.params.indexOf('remedy') : -1;
    const index = FINDING.test(name) && args.length === 3 ? 2 : at;
    const remedy = args[index];
    if (remedy !== undefined) found.push(remedy);
  });
  return found;
}

function declarationOf(
  files: ReadonlyMap<string, File>,
  file: File,
  name: string,
): {readonly file: File; readonly declared: Declared} | null {
  const from = files.get(file.imports.get(name) ?? '') ?? file;
  const declared = from.declared.get(name);
  return declared === undefined ? null : {file: from, declared};
}

/** What an expression can be: its texts, each literal and template for itself, and the names that stand for others. */
interface Parts {
  readonly leaves: string[];
  readonly names: {readonly name: string; readonly isCall: boolean}[];
}

function partsOf(node: Node): Parts {
  const parts: Parts = {leaves: [], names: []};
  take(node, parts);
  return {...parts, leaves: parts.leaves.filter((leaf) => /[A-Za-z]{2,}\s+\S/.test(leaf))};
}

function take(node: unknown, parts: Parts): void {
  if (!isNode(node)) return;
  const all = (nodes: readonly unknown[]): void => {
    for (const one of nodes) take(one, parts);
  };
  switch (node['type']) {
    case 'Identifier':
      parts.names.push({name: textOf(node), isCall: false});
      return;
    case 'StringLiteral':
      parts.leaves.push(textOf(node));
      return;
    case 'TemplateLiteral':
      parts.leaves.push(templateText(node));
      all(nodesOf(node['expressions']));
      return;
    case 'BinaryExpression':
      if (/^(?:\+|\?\?|\|\||&&)$/.test(String(node['operator']))) all([node['left'], node['right']]);
      return;
    case 'ConditionalExpression':
      all([node['consequent'], node['alternate']]);
      return;
    case 'ParenthesisExpression':
      take(node['expression'], parts);
      return;
    case 'ArrayExpression':
      all(nodesOf(node['elements']).map((one) => one['expression']));
      return;
    case 'ArrowFunctionExpression':
      all(returnsOf(isNode(node['body']) ? node['body'] : {}));
      return;
    case 'NewExpression':
    case 'CallExpression':
      takeCall(node, parts);
      return;
    case 'MemberExpression':
      // `MEND[state]`: any of them.
      if (isNode(node['property']) && node['property']['type'] === 'Computed') take(node['object'], parts);
      return;
    case 'ObjectExpression':
      all(nodesOf(node['properties']).map((one) => one['value']));
      return;
  }
}

/** `[…].join('; ')` is what is joined, `rewriting(rows, (row) => …)` what is given to it as well. */
function takeCall({callee, arguments: list}: Node, parts: Parts): void {
  if (isNode(callee) && callee['type'] === 'MemberExpression') take(callee['object'], parts);
  else parts.names.push({name: textOf(callee), isCall: true});
  for (const argument of nodesOf(list)) take(argument['expression'], parts);
}

function templateText({quasis}: Node): string {
  return nodesOf(quasis)
    .map(({cooked, raw}) => String(cooked ?? raw))
    .join('…');
}

/** What a body gives: of a function the expressions of its own returns, of an arrow without braces itself. */
function returnsOf(body: Node): Node[] {
  if (!/^(?:BlockStatement|FunctionBody)$/.test(String(body['type']))) return [body];
  const found: Node[] = [];
  visit([body], (node) => {
    if (node['type'] === 'ReturnStatement' && isNode(node['argument'])) found.push(node['argument']);
  });
  return found;
}

function visit(value: unknown, see: (node: Node) => void): void {
  if (Array.isArray(value)) for (const one of value) visit(one, see);
  else if (isNode(value)) {
    see(value);
    for (const child of Object.values(value)) visit(child, see);
  }
}

function nodesOf(value: unknown): Node[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** `blocker`, `found('source').blocker`, `(bad ? blocker : warning)`. */
function nameOfCallee(callee: unknown): string {
  if (!isNode(callee)) return '';
  if (callee['type'] === 'MemberExpression') return textOf(callee['property']) || 'blocker';
  if (callee['type'] === 'ParenthesisExpression') return nameOfCallee(callee['expression']);
  return callee['type'] === 'ConditionalExpression' ? textOf(callee['consequent']) : textOf(callee);
}

/** A name, or a literal's text. */
function textOf(value: unknown): string {
  return isNode(value) && typeof value['value'] === 'string' ? value['value'] : '';
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
