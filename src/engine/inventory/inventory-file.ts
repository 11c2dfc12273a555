import {isDeepStrictEqual} from 'node:util';
import type {Config} from '../../config/config.ts';
import type {Inventory, InventoryScope} from '../../domain/pg/inventory.ts';
import {within, without} from '../../domain/pg/relation.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {parseKept, readIfThere, writeWhole, type RunFolder} from '../run/run-folder.ts';
import {captureNeeds} from '../capture/needs.ts';
import type {StepContext} from '../step.ts';

/** What an inventory is good for: changed, another has to be taken. Pure. */
export function scopeOf({tables, cdc, slots}: Pick<Config, 'tables' | 'cdc' | 'slots'>): InventoryScope {
  return {tables, engine: cdc.engine, ...(captureNeeds({cdc}).slots === null ? {} : {slots})};
}

/** What an inventory was taken for, and what it holds. */
export type Held = Pick<Inventory, 'scope' | 'tables' | 'sequences' | 'extensionTables'>;

/** The keys of longhaul.yaml that are others than what the inventory and the plan were made for: `slots.prefix`. Pure. */
export function changedScope(held: Held, config: Pick<Config, 'tables' | 'cdc' | 'slots'>): string[] {
  const {tables, engine, slots} = scopeOf(config);
  const {scope: made} = held;
  return [
    ...(!isDeepStrictEqual(made.tables, tables) && !holdsAll(held, tables) ? ['tables'] : []),
    ...(made.engine !== engine ? ['cdc.engine'] : []),
    ...(made.slots === undefined || slots === undefined
      ? []
      : (['prefix', 'count', 'assign'] as const)
          .filter((key) => !isDeepStrictEqual(made.slots?.[key], slots[key]))
          .map((key) => `slots.${key}`)),
  ];
}

/** Whether the inventory has all that is wanted, and nothing else: more tables may be left out by their names that have come since. */
function holdsAll({scope, tables, sequences, extensionTables = []}: Held, wanted: InventoryScope['tables']): boolean {
  const {exclude, ...others} = wanted;
  const {exclude: left, ...were} = scope.tables;
  const held = [...[...tables, ...sequences].map(({relation}) => relation), ...extensionTables];
  return isDeepStrictEqual(others, were) && without(left, exclude).length === 0 && within(held, exclude).length === 0;
}

/** The inventory that the run goes by. Throws when there is none yet, or longhaul.yaml wants other tables or slots by now. */
export async function readInventoryFile({folder, config}: Pick<StepContext, 'folder' | 'config'>): Promise<Inventory> {
  const text = await readIfThere(folder.inventory);
  if (text === null) {
    throw new LonghaulError({
      code: 'failed',
      message: `there is no inventory yet (${folder.inventory})`,
      remedy: 'longhaul run --from inventory, or longhaul plan',
    });
  }
  const inventory = parseKept<Inventory>(text, {
    path: folder.inventory,
    keys: ['scope', 'tables'],
    remedy: 'longhaul plan --fresh takes it anew',
  });
  const changed = changedScope(inventory, config);
  if (changed.length === 0) return inventory;
  throw new LonghaulError({
    code: 'config',
    message: `${changed.map((key) => `\`${key}\``).join(', ')} in longhaul.yaml ${changed.length === 1 ? 'is another' : 'are others'} than when inventory and plan were made (${folder.inventory})`,
    remedy:
      'put them back as they were; or, if that is what you want: longhaul plan --fresh takes inventory and plan anew',
  });
}

/** Keeps the inventory for the run and for people. */
export async function writeInventoryFile(folder: RunFolder, inventory: Inventory): Promise<void> {
  await writeWhole(folder.inventory, `${JSON.stringify(inventory, null, 1)}\n`);
}
