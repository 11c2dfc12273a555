import {Command, Option} from 'commander';
import {printable} from '../../../domain/base/printable.ts';
import {whyNoCleanUp} from '../../../domain/rules/clean-up.ts';
import {reduceAll} from '../../../domain/run/reduce.ts';
import {readJournal} from '../../../engine/run/journal.ts';
import {createContext} from '../../../engine/run/run-context.ts';
import {createRunFolder} from '../../../engine/run/run-folder.ts';
import {openRunStore} from '../../../engine/run/run-store.ts';
import {runSteps} from '../../../engine/run/run-steps.ts';
import {cleanUp} from '../../../engine/steps/clean-up.ts';
import {NO_TOOLS} from '../../../engine/tools/tools.ts';
import {isListening} from '../../../engine/wire/probe-socket.ts';
import {mustBeMeant} from '../../run/must-be-meant.ts';
import {mustNotBeRefused} from '../../run/must-not-be-refused.ts';
import {openRun, type Env, type OpenRun} from '../../run/open-run.ts';
import {showActions} from '../../run/show-actions.ts';
import {openWayOut} from '../../run/way-out.ts';
import {complain, say} from '../../say.ts';
import {BUSY, busy, mustHoldLock, underLock} from '../../supervisor/launch-supervisor.ts';
import {wireClient} from '../../supervisor/send.ts';
import {waitForEnd} from '../../supervisor/wait-for-end.ts';
import {readVersion} from '../../version.ts';

interface CleanUpFlags {
  readonly config: string;
  readonly yes?: string;
  readonly giveUpWayBack?: boolean;
  readonly locked?: boolean;
}

/** `longhaul clean-up`: after the hand-over, takes away what the move has made on both servers. The run folder stays. */
export function cleanUpCommand(env: Env): Command {
  return new Command('clean-up')
    .description('after the hand-over: take away slots, subscriptions, publications, sets, sentinels and ledger')
    .option('--yes <run>', "the run's name; without it, only what would be taken away is shown")
    .option('--give-up-way-back', 'also the way back: from then on nobody goes back without losing rows')
    .addOption(new Option('--locked').hideHelp())
    .action(async (_, command: Command) => {
      const flags = command.optsWithGlobals<CleanUpFlags>();
      const run = await openRun(flags.config, env);
      if (flags.locked === true) await mustHoldLock(run);
      await mustBeAllowed(run, flags);
      if (flags.yes !== run.config.run) await showPlan(run, env);
      mustBeMeant(run, {
        yes: flags.yes,
        nothingDone: 'nothing was taken away; what clean-up drops nobody brings back',
        again: ['clean-up', ...(flags.giveUpWayBack === true ? ['--give-up-way-back'] : [])],
      });
      process.exitCode = flags.locked === true ? await cleanUpNow(run, env) : await underOwnLock(run, flags, env);
    });
}

async function mustBeAllowed(run: OpenRun, {giveUpWayBack = false}: CleanUpFlags): Promise<void> {
  mustNotBeRefused(whyNoCleanUp(reduceAll(await readJournal(run.folder.journal)), giveUpWayBack));
}

/** A supervisor would watch what goes. */
async function underOwnLock(run: OpenRun, {giveUpWayBack}: CleanUpFlags, env: Env): Promise<number> {
  if (await isListening(run.folder.socket)) {
    await waitForEnd(wireClient(run, 'clean-up'), {type: 'shutdown', lanes: true});
  }
  await createRunFolder(run.folder);
  const words = ['clean-up', '--locked', '--yes', run.config.run];
  const all = giveUpWayBack === true ? [...words, '--give-up-way-back'] : words;
  const code = await underLock(run, all, {env, shown: true});
  if (code === BUSY) throw await busy(run);
  return code;
}

async function showPlan(run: OpenRun, env: Env): Promise<void> {
  const way = await openWayOut(run, env, {writes: false});
  try {
    showActions(run, await cleanUp.plan(way.ctx));
  } finally {
    await way.close();
  }
}

async function cleanUpNow(run: OpenRun, env: Env): Promise<0 | 1> {
  const store = await openRunStore(run.folder.journal, {now: Date.now, version: readVersion()});
  const {config, folder} = run;
  const signal = new AbortController().signal;
  const ctx = createContext({config, folder, tools: NO_TOOLS, store, env, signal, now: store.now, readOnly: false});
  try {
    showActions(run, await cleanUp.plan(ctx));
    // The word was given on the command line.
    await runSteps(ctx, {steps: [cleanUp], from: null, until: null, waitForWord: async () => undefined});
    const last = (await readJournal(folder.journal)).findLast(
      ({type}) => type === 'step.done' || type === 'step.failed',
    );
    if (last?.type === 'step.failed') {
      complain(run, `${printable(last.failure.message)}\n${printable(last.failure.remedy)}`);
      return 1;
    }
    say(run, 'All that the move had made on the servers is taken away.');
    for (const left of store.state().evidence['clean-up']?.left ?? []) say(run, `left     ${printable(left)}`);
    return 0;
  } finally {
    await ctx.close();
    await store.close();
  }
}
