import type {Config} from '../../../config/config.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import {formatRelation, quoteRelation, type RelationName} from '../../../domain/pg/relation.ts';
import {readForeignKeyTies, readTables, type TableRow} from '../../../pg/catalog/inventory.ts';
import {readNeeds, type NeedRow} from '../../../pg/catalog/scope-needs.ts';
import {readSchemas, schemaExists} from '../../../pg/catalog/schemas.ts';
import {isSchemaWanted} from '../../schema/copy/dump-scope.ts';
import {isWanted} from '../../inventory/is-wanted.ts';
import type {PreflightContext} from '../read-once.ts';
import {found, listed} from '../found.ts';

/** What `tables` of longhaul.yaml leaves in and out, against what the source has. */
export async function checkTables(ctx: PreflightContext): Promise<Finding[]> {
  const source = await ctx.session('source');
  return judgeTables({
    wanted: ctx.config.tables,
    tables: await ctx.once('source', readTables(source.version)),
    schemas: (await source.run(readSchemas())).map(({schema}) => schema),
    // Without a filter everything that is needed comes along.
    needs: isFiltered(ctx.config.tables) ? await source.run(readNeeds()) : [],
    ownSchema: (await source.one(schemaExists('longhaul'))).exists,
    foreignKeys: (await source.run(readForeignKeyTies())).map((tie) => ({
      name: tie.name,
      from: {schema: tie.fromSchema, name: tie.fromName},
      to: {schema: tie.toSchema, name: tie.toName},
    })),
  });
}

function isFiltered({includeSchemas, excludeSchemas, include, exclude}: Config['tables']): boolean {
  return includeSchemas.length + excludeSchemas.length + include.length + exclude.length > 0;
}

/** What was seen of the source's tables. */
export interface TablesSeen {
  readonly wanted: Config['tables'];
  readonly tables: readonly Pick<TableRow, 'schema' | 'name' | 'parentSchema' | 'parentName' | 'isPartition'>[];
  readonly schemas: readonly string[];
  /** What relations need of each other, where a filter may cut it. */
  readonly needs: readonly NeedRow[];
  /** Whether the source has a schema of the name that our ledger has on the target. */
  readonly ownSchema: boolean;
  readonly foreignKeys: readonly {readonly name: string; readonly from: RelationName; readonly to: RelationName}[];
}

const {blocker, warning} = found('tables', 'tables');

/** Pure. */
export function judgeTables(seen: TablesSeen): Finding[] {
  return [
    ...judgeBytes(seen),
    ...judgeNames(seen),
    ...judgeFamilies(seen),
    ...judgeForeignKeys(seen),
    ...judgeNeeds(seen),
    ...(seen.ownSchema && isSchemaWanted('longhaul', seen.wanted)
      ? [
          blocker(
            'own-schema',
            'the source has a schema longhaul; that name is the ledger’s on the target, and it would not be moved',
            'leave it out: tables.exclude_schemas: [longhaul]; one that has to move needs another name on the source, and so does all that names it',
          ),
        ]
      : []),
  ];
}

/** A database in SQL_ASCII keeps names as bytes, and what is no UTF-8 has no name that we could write. */
function judgeBytes({tables, schemas}: TablesSeen): Finding[] {
  const broken = [...schemas, ...tables.map((table) => formatRelation(table))].filter((name) =>
    name.includes('\uFFFD'),
  );
  if (broken.length === 0) return [];
  return [
    blocker(
      'not-utf8',
      `names that are no UTF-8, which an SQL_ASCII database takes: ${listed(broken, 10)}`,
      'give them other names on the source, from a client in their own encoding, and whatever names them as well',
    ),
  ];
}

/** A name that is nobody's leaves out, or lets in, something else than was meant. */
function judgeNames({wanted, tables, schemas, ownSchema}: TablesSeen): Finding[] {
  const known = new Set(tables.map((table) => quoteRelation(table)));
  const relations = (key: string, list: readonly RelationName[]): string[] =>
    list.filter((one) => !known.has(quoteRelation(one))).map((one) => `tables.${key}: ${formatRelation(one)}`);
  const names = (key: string, list: readonly string[]): string[] =>
    list
      .filter((one) => !schemas.includes(one) && !(ownSchema && one === 'longhaul'))
      .map((one) => `tables.${key}: ${one}`);
  const unknown = [
    ...names('include_schemas', wanted.includeSchemas),
    ...names('exclude_schemas', wanted.excludeSchemas),
    ...relations('include', wanted.include),
    ...relations('exclude', wanted.exclude),
  ];
  if (unknown.length === 0) return [];
  return [
    blocker(
      'unknown',
      `longhaul.yaml names what the source does not have: ${listed(unknown, 10)}`,
      'write them as the source has them; names in capitals need double quotes: \'public."Orders"\'',
    ),
  ];
}

/** A partition cannot be without its parent, nor have rows without it; a child is made from its parent's columns. */
function judgeFamilies({wanted, tables}: TablesSeen): Finding[] {
  const torn = tables.filter((table) => {
    if (table.parentSchema === null || table.parentName === null) return false;
    const parent = isWanted({schema: table.parentSchema, name: table.parentName}, wanted);
    const child = isWanted(table, wanted);
    return table.isPartition ? parent !== child : child && !parent;
  });
  if (torn.length === 0) return [];
  const words = torn.map(
    ({schema, name, parentSchema, parentName}) =>
      `${formatRelation({schema, name})} of ${formatRelation({schema: parentSchema ?? '', name: parentName ?? ''})}`,
  );
  return [
    blocker(
      'torn',
      `tables.include or tables.exclude parts tables from their parents: ${listed(words, 10)}`,
      'name the parent and every one of its partitions, or leave all of them out',
    ),
  ];
}

/** A view without its table, a trigger without its function: found now, and not when the schema is copied or after the load. */
function judgeNeeds({wanted, tables, needs}: TablesSeen): Finding[] {
  const known = new Set(tables.map((table) => quoteRelation(table)));
  const comes = (schema: string, name: string | null): boolean =>
    isSchemaWanted(schema, wanted) &&
    (name === null || !known.has(quoteRelation({schema, name})) || isWanted({schema, name}, wanted));
  const cut = needs.filter((need) => comes(need.schema, need.name) && !comes(need.neededSchema, need.neededName));
  if (cut.length === 0) return [];
  const words = cut.map(
    ({schema, name, by, type, identity}) => `${formatRelation({schema, name})}, ${by}: ${type} ${identity}`,
  );
  return [
    blocker(
      'cut-need',
      `what moves needs what \`tables\` of longhaul.yaml leaves out: ${listed(words, 10)}`,
      'let it move as well, or drop on the source what needs it; a schema can be left out whole: tables.exclude_schemas',
    ),
  ];
}

function judgeForeignKeys({wanted, foreignKeys}: TablesSeen): Finding[] {
  const cut = foreignKeys.filter(({from, to}) => isWanted(from, wanted) && !isWanted(to, wanted));
  if (cut.length === 0) return [];
  const words = cut.map(({name, from, to}) => `${name} of ${formatRelation(from)} to ${formatRelation(to)}`);
  return [
    warning(
      'cut-foreign-key',
      `foreign keys to tables that do not move are not made on the target: ${listed(words, 10)}`,
      'let the tables that they name move as well, where the target is to keep the rule',
    ),
  ];
}
