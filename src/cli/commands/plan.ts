import {Command} from 'commander';
import {judgeWidest} from '../../engine/inventory/judge-widest.ts';
import {measureLobs} from '../../engine/inventory/measure-lobs.ts';
import {readRangeKeys} from '../../engine/inventory/read-range-keys.ts';
import {readInventory} from '../../engine/inventory/read-inventory.ts';
import {readInventoryFile, writeInventoryFile} from '../../engine/inventory/inventory-file.ts';
import {formatPlan, type PlanNotes} from '../../engine/plan/format-plan.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {formatFindings} from '../../engine/preflight/format-findings.ts';
import {wantsBinary} from '../../engine/load/pipeline/choose-method.ts';
import {readWhyNotBinary} from '../../engine/load/read-types.ts';
import {methodsByUnit, noteMethods} from '../../engine/load/pipeline/note-methods.ts';
import {noteSentinels, noteUnits} from '../../engine/plan/note-units.ts';
import {makePlan} from '../../engine/plan/make-plan.ts';
import {judgeCutKeys, readPlan, writePlan} from '../../engine/plan/plan-file.ts';
import type {RunContext} from '../../engine/run/run-context.ts';
import {createRunFolder, readIfThere} from '../../engine/run/run-folder.ts';
import {captureNeeds} from '../../engine/capture/needs.ts';
import {engineOf} from '../../engine/capture/engines.ts';
import {reachServers} from '../../engine/preflight/servers/reach-servers.ts';
import {runbook} from '../../engine/runbook.ts';
import {SERVER_ROLES} from '../../domain/pg/server-role.ts';
import {formatRelation} from '../../domain/pg/relation.ts';
import {formatCount} from '../../domain/base/units.ts';
import {tablesOf, type LoadUnit} from '../../domain/run/load-unit.ts';
import {printable} from '../../domain/base/printable.ts';
import {openRun, type Env, type OpenRun} from '../run/open-run.ts';
import {startProgress, type ProgressLine} from '../run/progress-line.ts';
import {readOnlyContext} from '../run/read-only-context.ts';
import {say} from '../say.ts';

interface PlanFlags {
  readonly config: string;
  readonly sql?: boolean;
  readonly json?: boolean;
  readonly fresh?: boolean;
}

/** `longhaul plan`: inventory, slot plan, and with --sql the dry run. Writes only into the run folder. */
export function planCommand(env: Env): Command {
  return new Command('plan')
    .description('take the inventory, plan slots and lanes, and keep both for run; changes nothing on any server')
    .option('--sql', 'print every statement and command that the run would issue, on which server, in order')
    .option('--json', 'inventory and plan as JSON')
    .option('--fresh', 'take the inventory anew and plan again, over an edited plan')
    .action(async (_, command: Command) => {
      const flags = command.optsWithGlobals<PlanFlags>();
      const run = await openRun(flags.config, env);
      const ctx = await readOnlyContext(run, env);
      try {
        await prepare(ctx, {fresh: flags.fresh === true, sql: flags.sql === true});
        if (flags.sql === true) await printSql(ctx);
        else await printPlan(run, ctx, flags.json === true);
      } finally {
        await ctx.close();
      }
    });
}

async function prepare(ctx: RunContext, {fresh, sql}: {fresh: boolean; sql: boolean}): Promise<void> {
  const isRead = fresh || (await readIfThere(ctx.folder.inventory)) === null;
  await reachServers(ctx, sql ? SERVER_ROLES : isRead ? ['source', 'replica'] : []);
  await createRunFolder(ctx.folder);
  if (isRead) {
    const progress = startProgress(process.stderr, ctx.steady);
    try {
      await takeInventory(ctx, progress);
    } finally {
      progress.end();
    }
  }
  if (fresh || (await readIfThere(ctx.folder.plan)) === null) {
    await writePlan(ctx.folder, makePlan(await readInventoryFile(ctx), ctx.config), ctx.config.load);
  }
}

/** Sizes of many tables take minutes, and what is large in them longer. */
async function takeInventory(ctx: RunContext, progress: ProgressLine): Promise<void> {
  const read = await readInventory(await ctx.session('source'), ctx.config, (what) => progress.say(what));
  const total = formatCount(read.tables.length);
  const measured = await measureLobs(await ctx.session('replica'), read, {
    every: captureNeeds(ctx.config).lobLimits === true,
    onTable: async ({relation}, done) =>
      progress.say(`largest values: ${formatCount(done)} of ${total} tables, now ${formatRelation(relation)}`),
  });
  await writeInventoryFile(ctx.folder, await readRangeKeys(await ctx.session('replica'), measured, ctx.config.load));
}

async function printPlan(run: OpenRun, ctx: RunContext, json: boolean): Promise<void> {
  const inventory = await readInventoryFile(ctx);
  const plan = await readPlan(ctx);
  if (json) {
    console.log(JSON.stringify({inventory, plan}, null, 2));
    return;
  }
  const notes = noteUnits(inventory, plan.units, ctx.config.load);
  say(run, formatPlan(inventory, plan, await withMethods(ctx, plan.units, notes)));
  const findings = [...(await judgeCutKeys(ctx)), ...judgeWidest(inventory)];
  if (findings.length > 0) say(run, `\n${formatFindings(findings)}`);
  const missing = noteSentinels(inventory, runbook(ctx.config));
  if (missing !== null) say(run, `\n${missing}`);
  say(run, `\nKept in ${ctx.folder.plan}, which you may edit; longhaul plan --sql shows what a run would do.`);
}

/** Whether a table can travel in binary form is asked of both servers; a plan may be made while the target is still to come. */
async function withMethods(ctx: RunContext, units: readonly LoadUnit[], notes: readonly string[]): Promise<PlanNotes> {
  const {load} = ctx.config;
  const why = wantsBinary(load) ? await readWhyNot(ctx, units) : new Map<string, string>();
  if (why === null)
    return {
      notes: [...notes, `load.method ${load.method}: which tables travel in binary form both servers have to say`],
    };
  return {notes: [...notes, ...noteMethods(units, load, why)], methods: methodsByUnit(units, load, why)};
}

async function readWhyNot(ctx: RunContext, units: readonly LoadUnit[]): Promise<ReadonlyMap<string, string> | null> {
  try {
    await reachServers(ctx, ['replica', 'target']);
    const alone = units.filter(({tables}) => tables.length === 1);
    return await readWhyNotBinary(ctx, tablesOf(alone));
  } catch (error) {
    if (error instanceof LonghaulError && error.code === 'unreachable') return null;
    throw error;
  }
}

async function printSql(ctx: RunContext): Promise<void> {
  const {name, summary} = engineOf(ctx.config);
  console.log(`-- cdc.engine ${name}: ${summary}`);
  for (const step of runbook(ctx.config)) {
    console.log(`\n-- ${step.phase} / ${step.id}: ${step.title}`);
    for (const {on, text} of await step.plan(ctx)) {
      console.log(`-- on ${on}`);
      // Names come from the database: each line as it is, but for control characters.
      console.log(
        text
          .split('\n')
          .map((line) => printable(line))
          .join('\n')
          .replace(/[^;]$/, on === 'jump box' ? '$&' : '$&;'),
      );
    }
  }
}
