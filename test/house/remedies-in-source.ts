import {basename} from 'node:path';
import {parseSync} from '@swc/core';
import {readSources} from './sources.ts';

/** SQL for a server, or what makes it. */
const SQL =
  /\b(?:ALTER (?:DATABASE|INDEX|ROLE|SCHEMA|SYSTEM|TABLE)|CHECKPOINT|COMMIT PREPARED|CREATE EXTENSION|DROP (?:INDEX|TABLE|NODE)|GRANT [A-Zp$]|REINDEX|REVOKE|ROLLBACK PREPARED|SELECT (?:pg_|pglogical\.|$)|VACUUM \(|restart the)|\bpg_\w+\((?!\))/;
/** Functions of src/pg that make a superuser's SQL for people. */
const MAKERS =
  /^(?:setList|setNumber|allowPassingOver|createPglogical|openPglogicalTo|pglogicalClosed|pglogicalForApplications)$/;
/** In these, SQL is what Longhaul itself runs or shows of it. */
const OWN = /^src\/(?:lab|ui)\/|^src\/pg\/(?!\w+\/(?:alter-system|pglogical-rights|server-error|unreachable))/;

/** A node of swc's tree, as far as it is read here. */
type Node = Readonly<Record<string, unknown>>;

/** The places in the sources where a remedy has SQL: `check-rights.ts replication`, by the finding's name where it has one, else the function's. */
export function remediesWithSql(): string[] {
  const keys = readSources()
    .filter(({path}) => !OWN.test(path))
    .flatMap(({path, text}) => {
      const tree: unknown = parseSync(text, {syntax: 'typescript', tsx: path.endsWith('.tsx'), target: 'es2022'});
      return keysIn(tree, []).map((key) => `${basename(path)} ${key}`);
    });
  return [...new Set(keys)].toSorted();
}

function keysIn(value: unknown, above: readonly Node[]): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => keysIn(one, above));
  if (!isNode(value)) return [];
  const here = hasSql(value) ? [nameOf(above)] : [];
  return [...here, ...Object.values(value).flatMap((child) => keysIn(child, [...above, value]))];
}

function hasSql(node: Node): boolean {
  switch (node['type']) {
    case 'StringLiteral':
      return SQL.test(String(node['value']));
    case 'TemplateElement':
      return SQL.test(String(node['raw']));
    case 'CallExpression':
      return MAKERS.test(textOf(node['callee']));
    default:
      return false;
  }
}

/** The nearest finding, alarm or declaration that a node is in. */
function nameOf(above: readonly Node[]): string {
  const names = above.toReversed().flatMap((node) => {
    switch (node['type']) {
      case 'CallExpression':
        return isFinding(node) ? [firstText(node)] : [];
      case 'ObjectExpression':
        return propertyText(node, 'check') ?? propertyText(node, 'id') ?? [];
      case 'FunctionDeclaration':
        return [textOf(node['identifier'])];
      case 'VariableDeclarator':
        return [textOf(node['id'])];
      default:
        return [];
    }
  });
  return names.find((name) => name !== '') ?? '?';
}

function isFinding(node: Node): boolean {
  return /^(?:blocker|warning|note)$/.test(textOf(node['callee']));
}

function firstText({arguments: list}: Node): string {
  const [first]: unknown[] = Array.isArray(list) ? list : [];
  return isNode(first) ? textOf(first['expression']) : '';
}

function propertyText({properties}: Node, name: string): string[] | null {
  const all: unknown[] = Array.isArray(properties) ? properties : [];
  const found = all.filter(isNode).find((property) => textOf(property['key']) === name);
  const text = found === undefined ? '' : textOf(found['value']);
  return text === '' ? null : [text];
}

/** A name, a member's name, a literal, or a template up to its first value: `slot.cap:${name}` → `slot.cap`. */
function textOf(value: unknown): string {
  if (!isNode(value)) return '';
  if (value['type'] === 'MemberExpression') return textOf(value['property']);
  if (value['type'] === 'TemplateLiteral') {
    const [first]: unknown[] = Array.isArray(value['quasis']) ? value['quasis'] : [];
    return isNode(first) ? String(first['raw']).replace(/:$/, '') : '';
  }
  return typeof value['value'] === 'string' ? value['value'] : '';
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
