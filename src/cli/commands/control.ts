import {Command} from 'commander';
import type {Command as Order} from '../../domain/run/command.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {reduceAll} from '../../domain/run/reduce.ts';
import type {RunState} from '../../domain/run/run-state.ts';
import type {StepId} from '../../domain/run/step-id.ts';
import {readJournal} from '../../engine/run/journal.ts';
import {isListening} from '../../engine/wire/probe-socket.ts';
import {findUnit} from '../run/find-unit.ts';
import {openRun, type Env, type OpenRun} from '../run/open-run.ts';
import {noSupervisor, sendOrder, wireClient} from '../supervisor/send.ts';
import {parseStep} from '../run/step-option.ts';
import {waitForEnd} from '../supervisor/wait-for-end.ts';

interface ControlFlags {
  readonly config: string;
  readonly all?: boolean;
  readonly replay?: boolean;
  readonly start?: boolean;
}

/** The commands that act on a run that goes on: pause, resume, retry, cancel, confirm, continue, shutdown. */
export function controlCommands(env: Env): Command[] {
  return [
    pauseOrResume('pause', env),
    pauseOrResume('resume', env),
    retry(env),
    cancel(env),
    confirm(env),
    goOn(env),
    shutdown(env),
  ];
}

function pauseOrResume(word: 'pause' | 'resume', env: Env): Command {
  const pausing = word === 'pause';
  return new Command(word)
    .description(pausing ? 'freeze a lane where it is; its connections are kept' : 'let a frozen lane go on')
    .argument('[lane-or-table]', 'a unit as status names it, a lane number, or a table')
    .option('--all', 'all running lanes')
    .option('--start', pausing ? 'start no new units; what runs goes on' : 'start units again')
    .option('--replay', pausing ? 'replay on the replica' : 'replay on the replica; refused while P is needed')
    .action(async (name: string | undefined, _, command: Command) => {
      const flags = command.optsWithGlobals<ControlFlags>();
      const run = await openRun(flags.config, env);
      await sendOrder(run, await orderOf(word, run, name, flags));
    });
}

async function orderOf(
  word: 'pause' | 'resume',
  run: OpenRun,
  name: string | undefined,
  flags: ControlFlags,
): Promise<Order> {
  mustBeOne([name, flags.all, flags.start, flags.replay]);
  if (flags.replay === true) return {type: `${word}-replay`};
  if (flags.start === true) return {type: word === 'pause' ? 'hold' : 'release-hold'};
  if (flags.all === true) return {type: `${word}-all`};
  return {type: `${word}-unit`, unit: findUnit((await readState(run)).units, name).id};
}

/** What is to be acted on is said once: one of two would be passed over without a word. */
function mustBeOne(said: readonly unknown[]): void {
  if (said.filter((one) => one !== undefined).length <= 1) return;
  throw new LonghaulError({
    code: 'usage',
    message: 'that says two things at once',
    remedy: 'name a lane or table, or give one of --all, --start, --replay',
  });
}

function retry(env: Env): Command {
  return unitCommand('retry', {description: 'load a failed unit again now', all: 'every failed unit'}, env);
}

function cancel(env: Env): Command {
  const description = "end both ends of a unit's pipeline; none of its rows stay";
  return unitCommand('cancel', {description, all: 'every lane, and start nothing new'}, env);
}

function unitCommand(
  word: 'retry' | 'cancel',
  {description, all}: {description: string; all: string},
  env: Env,
): Command {
  return new Command(word)
    .description(description)
    .argument('[lane-or-table]', 'a unit as status names it, a lane number, or a table')
    .option('--all', all)
    .action(async (name: string | undefined, _, command: Command) => {
      const flags = command.optsWithGlobals<ControlFlags>();
      const run = await openRun(flags.config, env);
      mustBeOne([name, flags.all]);
      const one = async (): Promise<Order> => ({
        type: `${word}-unit`,
        unit: findUnit((await readState(run)).units, name).id,
      });
      await sendOrder(run, flags.all === true ? {type: `${word}-all`} : await one());
    });
}

async function readState(run: OpenRun): Promise<RunState> {
  return reduceAll(await readJournal(run.folder.journal));
}

function confirm(env: Env): Command {
  return new Command('confirm')
    .description('give a waiting step the word to run')
    .argument('<step>', 'the step that waits', parseStep)
    .argument('<run>', "the run's name, typed")
    .action(async (step: StepId, typed: string, _, command: Command) => {
      await sendOrder(await openRun(command.optsWithGlobals<ControlFlags>().config, env), {
        type: 'confirm-step',
        step,
        typed,
      });
    });
}

function goOn(env: Env): Command {
  return new Command('continue')
    .description('go on with the steps after a failure')
    .action(async (_, command: Command) => {
      await sendOrder(await openRun(command.optsWithGlobals<ControlFlags>().config, env), {type: 'continue'});
    });
}

function shutdown(env: Env): Command {
  return new Command('shutdown')
    .description('end the supervisor; the lanes go on')
    .option('--lanes', 'end the lanes as well; none of their rows stay')
    .action(async (_, command: Command) => {
      const flags = command.optsWithGlobals<{config: string; lanes?: boolean}>();
      const run = await openRun(flags.config, env);
      if (!(await isListening(run.folder.socket))) throw noSupervisor(run);
      const reply = await waitForEnd(wireClient(run, 'command line'), {type: 'shutdown', lanes: flags.lanes === true});
      if (!reply.ok) throw new LonghaulError({code: 'failed', message: reply.message, remedy: reply.remedy});
      console.log(reply.message);
    });
}
