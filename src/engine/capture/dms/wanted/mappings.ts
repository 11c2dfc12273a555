import type {Inventory, InventoryTable} from '../../../../domain/pg/inventory.ts';
import {quoteRelation, sameRelation, type RelationName} from '../../../../domain/pg/relation.ts';
import type {PlannedSlot} from '../../../../domain/pg/slot-plan.ts';
import {lobLimit, type LobLimit} from './lob-limit.ts';

/** A rule of a task's table mappings, as DMS has it. */
interface Rule {
  readonly 'rule-type': string;
  readonly 'rule-id': string;
  readonly 'rule-name': string;
  readonly 'object-locator': {readonly 'schema-name': string; readonly 'table-name': string};
  readonly 'rule-action'?: string;
  readonly 'lob-settings'?: {readonly mode: string; readonly 'bulk-max-size': string};
}

/** The LOB limits of a slot's tables; those without LOB columns are not in it. */
export function lobLimitsOf(
  {tables}: PlannedSlot,
  inventory: Pick<Inventory, 'tables'>,
): {readonly table: RelationName; readonly limit: LobLimit}[] {
  const known = new Map<string, InventoryTable>(inventory.tables.map((one) => [quoteRelation(one.relation), one]));
  return tables.flatMap((table) => {
    const found = known.get(quoteRelation(table));
    const limit = found === undefined ? null : lobLimit(found);
    return limit === null ? [] : [{table, limit}];
  });
}

/**
 * The table mappings of a slot's task: every table by its own name (`explicit` takes no wildcard, and _ would be one), and how its LOBs are carried. Pure.
 * Source: https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Tasks.CustomizingTasks.TableMapping.SelectionTransformation.Selections.html
 */
export function tableMappings(
  slot: PlannedSlot,
  inventory: Pick<Inventory, 'tables'>,
): {readonly rules: readonly Rule[]} {
  const selected = slot.tables.map((table) => ({what: 'selection', table, limit: null}));
  const limited = lobLimitsOf(slot, inventory).map(({table, limit}) => ({what: 'table-settings', table, limit}));
  const rules = [...selected, ...limited].map(({what, table, limit}, index): Rule => {
    const id = String(index + 1);
    return {
      'rule-type': what,
      'rule-id': id,
      'rule-name': id,
      'object-locator': {'schema-name': table.schema, 'table-name': table.name},
      ...(limit === null ? {'rule-action': 'explicit'} : {'lob-settings': lobSettings(limit)}),
    };
  });
  return {rules};
}

function lobSettings(limit: LobLimit): {mode: string; 'bulk-max-size': string} {
  return {mode: limit.mode, 'bulk-max-size': String(limit.mode === 'limited' ? limit.kb : 0)};
}

/** The planned tables that mappings of somebody else's do not name one by one. Pure. */
export function unmappedTables(mappings: unknown, {tables}: PlannedSlot): RelationName[] {
  const rules = rulesOf(mappings).filter((rule) => rule['rule-type'] === 'selection');
  const named = rules
    .filter((rule) => ['include', 'explicit'].includes(rule['rule-action'] ?? ''))
    .map((rule): RelationName => ({
      schema: rule['object-locator']['schema-name'],
      name: rule['object-locator']['table-name'],
    }));
  return tables.filter((table) => !named.some((one) => sameRelation(one, table)));
}

/** The LOB limit of a table in mappings of somebody else's, in kilobytes; null where none is set for it. Pure. */
export function mappedLobKb(mappings: unknown, table: RelationName): number | 'unlimited' | null {
  const rule = rulesOf(mappings).find(
    (one) =>
      one['rule-type'] === 'table-settings' &&
      one['object-locator']['schema-name'] === table.schema &&
      one['object-locator']['table-name'] === table.name,
  );
  const lob = rule?.['lob-settings'];
  if (lob === undefined) return null;
  return lob.mode === 'unlimited' ? 'unlimited' : Number(lob['bulk-max-size']);
}

function rulesOf(mappings: unknown): Rule[] {
  const rules: unknown = typeof mappings === 'object' && mappings !== null && 'rules' in mappings ? mappings.rules : [];
  return Array.isArray(rules) ? rules.filter((rule) => isRule(rule)) : [];
}

function isRule(rule: unknown): rule is Rule {
  return typeof rule === 'object' && rule !== null && 'rule-type' in rule && 'object-locator' in rule;
}
