import {Command, Option} from 'commander';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {printable} from '../../domain/base/printable.ts';
import {abortRun} from '../../engine/exit/abort.ts';
import {captureNeeds} from '../../engine/capture/needs.ts';
import {createContext} from '../../engine/run/run-context.ts';
import {createRunFolder} from '../../engine/run/run-folder.ts';
import {openRunStore} from '../../engine/run/run-store.ts';
import {stepsToUndo} from '../../engine/runbook.ts';
import {NO_TOOLS} from '../../engine/tools/tools.ts';
import {isListening} from '../../engine/wire/probe-socket.ts';
import {BUSY, busy, mustHoldLock, underLock} from '../supervisor/launch-supervisor.ts';
import {openRun, whoAmI, type Env, type OpenRun} from '../run/open-run.ts';
import {wireClient} from '../supervisor/send.ts';
import {waitForEnd} from '../supervisor/wait-for-end.ts';
import {complain, say} from '../say.ts';

interface AbortFlags {
  readonly config: string;
  readonly yes?: string;
  readonly locked?: boolean;
}

/** `longhaul abort`: gives a run up and takes back what it did to production. Works with the supervisor dead. */
export function abortCommand(env: Env): Command {
  return new Command('abort')
    .description('give the run up: end its lanes, resume replay, drop what it has made on the source')
    .option('--yes <run>', "the run's name, instead of typing it")
    .addOption(new Option('--locked').hideHelp())
    .action(async (_, command: Command) => {
      const flags = command.optsWithGlobals<AbortFlags>();
      const run = await openRun(flags.config, env);
      if (flags.locked === true) {
        mustHoldLock(run);
        process.exitCode = await abortNow(run, env);
        return;
      }
      mustBeMeant(run, flags.yes);
      if (await isListening(run.folder.socket)) {
        await waitForEnd(wireClient(run, 'abort'), {type: 'shutdown', lanes: true});
      }
      await createRunFolder(run.folder);
      const code = await underLock(run, ['abort', '--locked'], {env, shown: true});
      if (code === BUSY) throw await busy(run);
      process.exitCode = code;
    });
}

function mustBeMeant(run: OpenRun, yes: string | undefined): void {
  if (yes === run.config.run || run.config.confirm === 'never') return;
  throw new LonghaulError({
    code: 'usage',
    message: captureNeeds(run.config).slots
      ? `abort drops the slots of run ${run.config.run}: what was loaded can then never be handed to change capture`
      : `abort ends the load of run ${run.config.run} and lets the replica go on from P`,
    remedy: `when that is meant: longhaul abort --yes ${run.config.run}`,
  });
}

/** What an abort could not take back, and whether production still pays for it. */
function stillToDo(failed: Readonly<Record<string, string>>): string {
  const again = 'Mend what is named and run longhaul abort again';
  return 'create-slots' in failed
    ? `${again}; until then the slots hold WAL on the primary.`
    : `${again}, unless what did not answer is gone for good; no slot of this run holds WAL on the primary.`;
}

async function abortNow(run: OpenRun, env: Env): Promise<0 | 1> {
  const store = await openRunStore(run.folder.journal, Date.now);
  const {config, folder} = run;
  const signal = new AbortController().signal;
  const ctx = createContext({config, folder, tools: NO_TOOLS, store, env, signal, now: Date.now, readOnly: false});
  try {
    const {undone, failed} = await abortRun(ctx, stepsToUndo(config, store.state()), whoAmI('command line'));
    for (const [step, evidence] of Object.entries(undone))
      console.log(printable(`${step}: ${JSON.stringify(evidence)}`));
    for (const [step, why] of Object.entries(failed)) console.error(printable(`${step}: NOT taken back: ${why}`));
    say(
      run,
      'What is left: the schema and rows on the target, its ledger (schema longhaul), and the run folder. A new `longhaul run` replaces the rows; to begin from nothing, drop the target database.',
    );
    if (Object.keys(failed).length === 0) return 0;
    complain(run, stillToDo(failed));
    return 1;
  } finally {
    await ctx.close();
    await store.close();
  }
}
