import {formatRelation} from '../../../domain/pg/relation.ts';
import {readTables} from '../../../pg/catalog/inventory.ts';
import {renderStatement} from '../../../pg/session/statement.ts';
import {readInventoryFile, writeInventoryFile} from '../../inventory/inventory-file.ts';
import {measureLobs} from '../../inventory/measure-lobs.ts';
import {readInventory} from '../../inventory/read-inventory.ts';
import {readIfThere} from '../../run/run-folder.ts';
import type {Step} from '../../step.ts';

/** Writes down what the source holds. */
export const inventory: Step<'inventory'> = {
  id: 'inventory',
  phase: 'prepare',
  title: 'take the inventory',
  why: 'sizes, write rates and keys decide which table gets which slot and lane',
  source: 'runbook, "Get to Know the Data"',
  confirm: 'no',

  async check(ctx) {
    if ((await readIfThere(ctx.folder.inventory)) === null) return {done: null, findings: []};
    const {takenAt, tables} = await readInventoryFile(ctx);
    return {done: {takenAt, tables: tables.length, file: ctx.folder.inventory}, findings: []};
  },

  async statements(ctx) {
    const source = await ctx.session('source');
    return [{on: 'source', action: renderStatement(readTables(source.version)).replaceAll(/\s+/g, ' ').trim()}];
  },

  async run(ctx) {
    const read = await readInventory(await ctx.session('source'), ctx.config);
    const total = read.tables.length;
    const measured = await measureLobs(await ctx.session('replica'), read, async (table, done) =>
      ctx.record({
        type: 'step.progressed',
        step: 'inventory',
        done,
        total,
        what: `LOBs of ${formatRelation(table.relation)}`,
      }),
    );
    await writeInventoryFile(ctx.folder, measured);
    return {
      takenAt: measured.takenAt,
      tables: total,
      databaseBytes: measured.databaseBytes,
      file: ctx.folder.inventory,
    };
  },
};
