import {Command} from 'commander';
import {printable} from '../../../domain/base/printable.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {planAdoption} from '../../../engine/capture/adopt/adopt.ts';
import {planSkipOf, readStuck} from '../../../engine/capture/control/by-command.ts';
import type {StepContext} from '../../../engine/step.ts';
import {say} from '../../say.ts';
import {mustBeMeant} from '../../run/must-be-meant.ts';
import {openRun, type Env, type OpenRun} from '../../run/open-run.ts';
import {showActions} from '../../run/show-actions.ts';
import {openWayOut} from '../../run/way-out.ts';
import {sendOrder} from '../../supervisor/send.ts';

interface Flags {
  readonly config: string;
  readonly yes?: string;
  readonly lsn?: string;
}

/** The commands for change capture that runs: pause, resume, kick and skip of a slot, and the adoption of a table. */
export function cdcCommands(env: Env): Command[] {
  const cdc = new Command('cdc')
    .description('act on one slot of change capture that runs')
    .addCommand(ofSlot('pause', 'stop applying its changes; its slot keeps them, on the disk of the source', env))
    .addCommand(ofSlot('resume', 'go on from where it is', env))
    .addCommand(ofSlot('kick', 'start it again where it sleeps though the source answers', env))
    .addCommand(skip(env));
  return [cdc, adopt(env)];
}

function ofSlot(word: 'pause' | 'resume' | 'kick', description: string, env: Env): Command {
  return new Command(word)
    .description(description)
    .argument('<slot>', 'as status names it')
    .action(async (slot: string, _, command: Command) => {
      const run = await openRun(command.optsWithGlobals<Flags>().config, env);
      await sendOrder(run, {type: `${word}-cdc`, slot});
    });
}

function skip(env: Env): Command {
  return new Command('skip')
    .description('go on without the transaction that cannot be applied; shows it first')
    .argument('<slot>', 'as status names it')
    .option('--lsn <lsn>', 'where its commit starts, as it was shown')
    .option('--yes <run>', "the run's name; without it, only what would be dropped is shown")
    .action(async (slot: string, _, command: Command) => {
      const {config, yes, lsn} = command.optsWithGlobals<Flags>();
      const run = await openRun(config, env);
      if (yes !== undefined && lsn !== undefined) {
        mustBeMeant(run, {yes, nothingDone: 'nothing was skipped', again: ['cdc', 'skip', slot, '--lsn', lsn]});
        await sendOrder(run, {type: 'skip-cdc', slot, commitLsn: lsn, typed: run.config.run});
        return;
      }
      const stuck = await planning(run, env, async (ctx) => {
        const found = await readStuck(ctx, slot);
        if (found.mend != null) say(run, printable(`it fails  ${found.mend}`));
        showActions(run, await planSkipOf(ctx, slot, found));
        return found;
      });
      mustBeMeant(run, {
        yes: undefined,
        nothingDone:
          'nothing was skipped; once it is, the rows of that transaction are on the source alone, and its tables have to be compared',
        again: ['cdc', 'skip', slot, '--lsn', stuck.commitLsn],
      });
    });
}

function adopt(env: Env): Command {
  return new Command('adopt')
    .description('capture a table that was made since: makes it on the target, copies and compares it')
    .argument('<table>', 'with its schema')
    .option('--yes <run>', "the run's name; without it, only what would be run is shown")
    .action(async (table: string, _, command: Command) => {
      const {config, yes} = command.optsWithGlobals<Flags>();
      const run = await openRun(config, env);
      if (yes === undefined) showActions(run, await planning(run, env, async (ctx) => planAdoption(ctx, table)));
      mustBeMeant(run, {
        yes,
        nothingDone:
          'nothing was done; its slot is held on the target while it is copied, and its writers wait for a moment',
        again: ['adopt', table],
      });
      await sendOrder(run, {type: 'adopt-table', table, typed: run.config.run});
    });
}

/** Reads the servers beside the supervisor, and changes nothing. */
async function planning<T>(run: OpenRun, env: Env, plan: (ctx: StepContext) => Promise<T>): Promise<T> {
  const way = await openWayOut(run, env, {writes: false});
  try {
    if (way.ctx.state().cdcStarted === null)
      throw new LonghaulError({
        code: 'failed',
        message: 'change capture has not begun',
        remedy: 'longhaul run begins it once the load is in',
      });
    return await plan(way.ctx);
  } finally {
    await way.close();
  }
}
