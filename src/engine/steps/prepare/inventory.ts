import {formatRelation} from '../../../domain/pg/relation.ts';
import {readTables} from '../../../pg/catalog/inventory.ts';
import {readInventoryFile, writeInventoryFile} from '../../inventory/inventory-file.ts';
import {hasBlocker} from '../../../domain/run/finding.ts';
import {judgeWidest} from '../../inventory/judge-widest.ts';
import {captureNeeds} from '../../capture/needs.ts';
import {measureLobs} from '../../inventory/measure-lobs.ts';
import {readRangeKeys} from '../../inventory/read-range-keys.ts';
import {readInventory} from '../../inventory/read-inventory.ts';
import {readIfThere} from '../../run/run-folder.ts';
import {blocked} from '../../run/run-steps.ts';
import type {Inventory} from '../../../domain/pg/inventory.ts';
import type {Action} from '../../action.ts';
import {executeAll, later, showStatement, type Later} from '../../make-action.ts';
import type {Step, StepContext} from '../../step.ts';

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
    const findings = judgeWidest({tables});
    const done = {takenAt, tables: tables.length, file: ctx.folder.inventory};
    return {done: hasBlocker(findings) ? null : done, findings};
  },

  plan: async (ctx) => planInventory(ctx, later('the inventory')),

  async run(ctx) {
    const taken = later<Inventory>('the inventory');
    await executeAll(await planInventory(ctx, taken));
    const {takenAt, tables, databaseBytes} = taken.get();
    const findings = judgeWidest({tables});
    for (const finding of findings) await ctx.record({type: 'finding.seen', step: 'inventory', finding});
    if (hasBlocker(findings)) throw blocked(findings);
    return {takenAt, tables: tables.length, databaseBytes, file: ctx.folder.inventory};
  },
};

async function planInventory(ctx: StepContext, taken: Later<Inventory>): Promise<Action[]> {
  const {version} = await ctx.session('source');
  return [
    {
      on: 'source',
      text: showStatement(readTables(version)),
      execute: async () => taken.set(await readInventory(await ctx.session('source'), ctx.config)),
    },
    {
      on: 'replica',
      text: `SELECT max(octet_length(<column>)) FROM <table>, for each large column of each table${wantsLobs(ctx) ? '' : ' with 512 kB and more in TOAST'}`,
      execute: async () => taken.set(await measure(ctx, taken.get())),
    },
    {
      on: 'jump box',
      text: `write ${ctx.folder.inventory}`,
      execute: async () => writeInventoryFile(ctx.folder, taken.get()),
    },
  ];
}

function wantsLobs({config}: StepContext): boolean {
  return captureNeeds(config).lobLimits === true;
}

async function measure(ctx: StepContext, read: Inventory): Promise<Inventory> {
  const total = read.tables.length;
  const replica = await ctx.session('replica');
  const measured = await measureLobs(replica, read, {
    every: wantsLobs(ctx),
    onTable: async ({relation}, done) => {
      const what = `LOBs of ${formatRelation(relation)}`;
      await ctx.record({type: 'step.progressed', step: 'inventory', done, total, what});
    },
  });
  return readRangeKeys(replica, measured, ctx.config.load);
}
