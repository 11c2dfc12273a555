import type {Inventory} from '../../domain/inventory.ts';
import {LonghaulError} from '../../domain/longhaul-error.ts';
import {readIfThere, writeWhole, type RunFolder} from '../run-folder.ts';

/** The inventory that the run goes by. Throws when there is none yet. */
export async function readInventoryFile(folder: RunFolder): Promise<Inventory> {
  const text = await readIfThere(folder.inventory);
  if (text === null) {
    throw new LonghaulError({
      code: 'failed',
      message: `there is no inventory yet (${folder.inventory})`,
      remedy: 'longhaul run --from inventory, or longhaul plan',
    });
  }
  const inventory: Inventory = JSON.parse(text);
  return inventory;
}

/** Keeps the inventory for the run and for people. */
export async function writeInventoryFile(folder: RunFolder, inventory: Inventory): Promise<void> {
  await writeWhole(folder.inventory, `${JSON.stringify(inventory, null, 1)}\n`);
}
