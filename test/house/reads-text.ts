import {parseSync} from '@swc/core';

/** A place where code looks into a text: the call as it is written. */
export interface TextRead {
  readonly line: number;
  readonly code: string;
}

/** What is asked of a text, and of a pattern. */
const OF_TEXTS = new Set(['includes', 'startsWith', 'endsWith', 'match', 'matchAll', 'search', 'indexOf']);
const OF_PATTERNS = new Set(['test', 'exec']);

/** Names of what people read: messages, remedies, what a server or a tool said. */
const MESSAGE =
  /\b(message|remedy|reason|seen|why|words|said|stderr|stdout|output|problems?|failure|error|cause|question|what|oldest)\b/i;
/** Names of what may be anything: a message where the pattern looks for what messages say. */
const TEXT = /\b(text|line|log|output)\b/i;
const COMPLAINT = /error|fatal|fail|could not|denied|lost|closed|refuse|broken|exist|invalid|permission|warning/i;

interface Node {
  readonly type: string;
  readonly span?: {readonly start: number; readonly end: number};
  readonly [key: string]: unknown;
}

/** Every place in a source text that decides by what a message says: a part of it, or the whole. Pure. */
export function readsOfMessages(source: string): TextRead[] {
  const bytes = Buffer.from(source);
  const module = parseSync(source, {syntax: 'typescript', tsx: true}) as unknown as Node;
  // Spans count on from what was parsed before.
  const base = firstStart(module, source);
  const codeOf = (node: Node): string => {
    const {start, end} = node.span ?? {start: base, end: base};
    return bytes.subarray(start - base, end - base).toString('utf8');
  };
  const patterns = new Map<string, string>();
  visit(module, (node) => {
    const {init, id} = node as {readonly init?: Node | null; readonly id?: {readonly value: string}};
    if (node.type === 'VariableDeclarator' && init?.type === 'RegExpLiteral')
      patterns.set(id?.value ?? '', codeOf(init));
  });
  const reads: TextRead[] = [];
  visit(module, (node) => {
    if (!isRead(node, codeOf, patterns)) return;
    const at = (node.span?.start ?? base) - base;
    reads.push({
      line: bytes.subarray(0, at).toString('utf8').split('\n').length,
      code: codeOf(node).replaceAll(/\s+/g, ' '),
    });
  });
  return reads;
}

/** Where the numbering of bytes begins: the module's span leaves out what comes before its first word. */
function firstStart(module: Node, source: string): number {
  const before = /^(?:\s+|\/\/[^\n]*|\/\*[^]*?\*\/)*/.exec(source)?.[0] ?? '';
  return (module.span?.start ?? 1) - Buffer.byteLength(before);
}

/** `patterns` are the regular expressions of the file that have names. */
function isRead(node: Node, codeOf: (node: Node) => string, patterns: ReadonlyMap<string, string>): boolean {
  if (node.type === 'BinaryExpression') return isComparison(node, codeOf);
  if (node.type !== 'CallExpression') return false;
  const callee = node['callee'] as Node;
  if (callee.type !== 'MemberExpression') return false;
  const {value: method} = callee['property'] as {readonly value?: string};
  const [first] = node['arguments'] as readonly {readonly expression: Node}[];
  if (method === undefined || first === undefined) return false;
  const [object, argument] = [codeOf(callee['object'] as Node), codeOf(first.expression)];
  if (OF_PATTERNS.has(method)) return isMessage(argument, patterns.get(object) ?? object);
  if (!OF_TEXTS.has(method) || !isLiteral(first.expression)) return false;
  return isMessage(object, argument) || isSentence(first.expression);
}

function isMessage(read: string, pattern: string): boolean {
  return MESSAGE.test(read) || (TEXT.test(read) && COMPLAINT.test(pattern));
}

function isComparison(node: Node, codeOf: (node: Node) => string): boolean {
  const [left, right] = [node['left'] as Node, node['right'] as Node];
  return /^[!=]==$/.test(String(node['operator'])) && isSentence(right) && MESSAGE.test(codeOf(left));
}

function isLiteral(node: Node): boolean {
  return ['StringLiteral', 'TemplateLiteral', 'RegExpLiteral'].includes(node.type);
}

/** More than one word. */
function isSentence(node: Node): boolean {
  return node.type === 'StringLiteral' && /\w \w/.test(String(node['value']));
}

function visit(node: unknown, hear: (node: Node) => void): void {
  if (Array.isArray(node)) for (const one of node) visit(one, hear);
  else if (typeof node === 'object' && node !== null) {
    if ('type' in node && typeof node.type === 'string') hear(node as Node);
    for (const value of Object.values(node)) visit(value, hear);
  }
}
