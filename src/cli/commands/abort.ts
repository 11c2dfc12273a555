import {Command, Option} from 'commander';
import {printable} from '../../domain/base/printable.ts';
import {whyNoAbort} from '../../domain/rules/cutover.ts';
import {reduceAll} from '../../domain/run/reduce.ts';
import {captureNeeds} from '../../engine/capture/needs.ts';
import {abortWords, planAbort, type AbortPlan} from '../../engine/exit/abort.ts';
import {readJournal} from '../../engine/run/journal.ts';
import {createContext, type RunContext} from '../../engine/run/run-context.ts';
import {createRunFolder} from '../../engine/run/run-folder.ts';
import {openRunStore} from '../../engine/run/run-store.ts';
import {stepsToUndo} from '../../engine/runbook.ts';
import {readVersion} from '../version.ts';
import {NO_TOOLS} from '../../engine/tools/tools.ts';
import {isListening} from '../../engine/wire/probe-socket.ts';
import {BUSY, busy, mustHoldLock, underLock} from '../supervisor/launch-supervisor.ts';
import {mustBeMeant} from '../run/must-be-meant.ts';
import {mustNotBeRefused} from '../run/must-not-be-refused.ts';
import {openRun, whoAmI, type Env, type OpenRun} from '../run/open-run.ts';
import {showActions} from '../run/show-actions.ts';
import {openWayOut} from '../run/way-out.ts';
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
    .option('--yes <run>', "the run's name; without it, only what would happen is shown")
    .addOption(new Option('--locked').hideHelp())
    .action(async (_, command: Command) => {
      const flags = command.optsWithGlobals<AbortFlags>();
      const run = await openRun(flags.config, env);
      if (flags.locked === true) await mustHoldLock(run);
      await mustBeAllowed(run);
      if (flags.yes !== run.config.run) await showPlan(run, env);
      mustBeMeant(run, {
        yes: flags.yes,
        nothingDone: `nothing was done; ${whatIsLost(run)}`,
        again: ['abort'],
      });
      if (flags.locked === true) {
        process.exitCode = await abortNow(run, env);
        return;
      }
      if (await isListening(run.folder.socket)) {
        await waitForEnd(wireClient(run, 'abort'), {type: 'shutdown', lanes: true});
      }
      await createRunFolder(run.folder);
      const code = await underLock(run, ['abort', '--locked', '--yes', run.config.run], {env, shown: true});
      if (code === BUSY) throw await busy(run);
      process.exitCode = code;
    });
}

/** Asked before a supervisor is ended, and again under the lock. Of a journal that cannot be read it is not known: the way out says why. */
async function mustBeAllowed({folder}: OpenRun): Promise<void> {
  const entries = await readJournal(folder.journal).catch(() => []);
  mustNotBeRefused(whyNoAbort(reduceAll(entries)));
}

function whatIsLost({config}: OpenRun): string {
  return captureNeeds(config).slots === null
    ? `abort ends the load of run ${config.run} and lets the replica go on from P`
    : `abort drops the slots of run ${config.run}, and what was loaded can then never be handed to change capture`;
}

/** Shows what would be taken back, from the journal. */
async function showPlan(run: OpenRun, env: Env): Promise<void> {
  const way = await openWayOut(run, env, {writes: false});
  try {
    describe(run, await planAbort(way.ctx, stepsToUndo(run.config, way.ctx.state()), whoAmI('command line')));
  } finally {
    await way.close();
  }
}

function describe(run: OpenRun, {actions}: AbortPlan): void {
  showActions(run, actions);
  if (actions.length === 0) say(run, 'Nothing that this run made is on a server, and nothing is paused.');
}

async function abortNow(run: OpenRun, env: Env): Promise<0 | 1> {
  const store = await openRunStore(run.folder.journal, {now: Date.now, version: readVersion()});
  const {config, folder} = run;
  const signal = new AbortController().signal;
  const ctx = createContext({config, folder, tools: NO_TOOLS, store, env, signal, now: store.now, readOnly: false});
  try {
    return await carryOut(run, ctx);
  } finally {
    await ctx.close();
    await store.close();
  }
}

async function carryOut(run: OpenRun, ctx: RunContext): Promise<0 | 1> {
  const plan = await planAbort(ctx, stepsToUndo(run.config, ctx.state()), whoAmI('command line'));
  describe(run, plan);
  const reply = abortWords(await plan.carryOut(), run.config.run);
  if (reply.ok) say(run, printable(reply.message));
  else complain(run, `${printable(reply.message)}\n${printable(reply.remedy)}`);
  for (const left of plan.left) say(run, `left     ${left}`);
  return reply.ok ? 0 : 1;
}
