import {Command} from 'commander';
import type {Command as Order} from '../../domain/run/command.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {reduceAll} from '../../domain/run/reduce.ts';
import type {RunState, UnitState} from '../../domain/run/run-state.ts';
import type {StepId} from '../../domain/run/step-id.ts';
import {signalText} from '../../engine/exit/end-of-lanes.ts';
import {planResume} from '../../engine/exit/resume-after.ts';
import {createLocalHost} from '../../engine/load/host/local.ts';
import {openedOnce} from '../../engine/load/host/opened-once.ts';
import {notEnded} from '../../engine/load/end-lanes.ts';
import {isRunningUnit, runningUnits} from '../../engine/load/running-units.ts';
import {readJournal} from '../../engine/run/journal.ts';
import {isListening} from '../../engine/wire/probe-socket.ts';
import {findUnit} from '../run/find-unit.ts';
import {mustBeMeant, type Question} from '../run/must-be-meant.ts';
import {openRun, type Env, type OpenRun} from '../run/open-run.ts';
import {noSupervisor, sendOrder, wireClient} from '../supervisor/send.ts';
import {showActions} from '../run/show-actions.ts';
import {openWayOut} from '../run/way-out.ts';
import {say} from '../say.ts';
import {parseStep} from '../run/step-option.ts';
import {waitForEnd} from '../supervisor/wait-for-end.ts';

interface ControlFlags {
  readonly config: string;
  readonly all?: boolean;
  readonly replay?: boolean;
  readonly start?: boolean;
  readonly yes?: string;
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
  const made = new Command(word)
    .description(pausing ? 'freeze a lane where it is; its connections are kept' : 'let a frozen lane go on')
    .argument('[lane-or-table]', 'a unit as status names it, a lane number, or a table')
    .option('--all', pausing ? 'all running lanes' : 'all paused lanes')
    .option('--start', pausing ? 'start no new units; what runs goes on' : 'start units again')
    .option('--replay', pausing ? 'replay on the replica' : 'replay on the replica; refused while P is needed')
    .action(async (name: string | undefined, _, command: Command) => {
      const flags = command.optsWithGlobals<ControlFlags>();
      const run = await openRun(flags.config, env);
      const order = await orderOf(word, run, name, flags);
      if (order.type === 'resume-replay') await mustMeanReplay(run, flags.yes, env);
      await sendOrder(run, order);
    });
  return pausing ? made : made.option('--yes <run>', "the run's name, which --replay wants");
}

async function orderOf(
  word: 'pause' | 'resume',
  run: OpenRun,
  name: string | undefined,
  flags: ControlFlags,
): Promise<Order> {
  mustBeOne([name, flags.all, flags.start, flags.replay], 'one of --all, --start, --replay');
  if (flags.replay === true) return {type: `${word}-replay`};
  if (flags.start === true) return {type: word === 'pause' ? 'hold' : 'release-hold'};
  if (flags.all === true) return {type: `${word}-all`};
  return {type: `${word}-unit`, unit: findUnit((await readState(run)).units, name).id};
}

/** What is to be acted on is said once: one of two would be passed over without a word. */
function mustBeOne(said: readonly unknown[], options: string): void {
  if (said.filter((one) => one !== undefined).length <= 1) return;
  throw new LonghaulError({
    code: 'usage',
    message: 'these options exclude each other',
    remedy: `name a lane or table, or give ${options}`,
  });
}

/** The replica leaves P for good: what would run is shown, and the run's name asked for. */
async function mustMeanReplay(run: OpenRun, yes: string | undefined, env: Env): Promise<void> {
  if (yes === run.config.run) return;
  const way = await openWayOut(run, env, {writes: false});
  try {
    showActions(run, [await planResume(way.ctx, '')]);
  } finally {
    await way.close();
  }
  mustBeMeant(run, {
    yes,
    nothingDone: 'replay was not resumed; once it is, nothing can be loaded or compared at P',
    again: ['resume', '--replay'],
  });
}

function retry(env: Env): Command {
  return unitCommand('retry')
    .description('load a failed unit again now')
    .option('--all', 'every failed unit')
    .action(async (name: string | undefined, _, command: Command) => {
      const flags = command.optsWithGlobals<ControlFlags>();
      const run = await openRun(flags.config, env);
      mustBeOne([name, flags.all], '--all');
      if (flags.all === true) await sendOrder(run, {type: 'retry-all'});
      else await sendOrder(run, {type: 'retry-unit', unit: findUnit((await readState(run)).units, name).id});
    });
}

function cancel(env: Env): Command {
  return unitCommand('cancel')
    .description("end both ends of a unit's pipeline; none of its rows stay")
    .option('--all', 'every lane, and start nothing new')
    .option('--yes <run>', "the run's name (or the lane's, for one); without it, only what would be ended is shown")
    .action(async (name: string | undefined, _, command: Command) => {
      const flags = command.optsWithGlobals<ControlFlags>();
      const run = await openRun(flags.config, env);
      mustBeOne([name, flags.all], '--all');
      const {units} = await readState(run);
      if (flags.all === true) {
        await mustMeanLanes(run, units, {yes: flags.yes, again: ['cancel', '--all']});
        await sendOrder(run, {type: 'cancel-all'});
        return;
      }
      const unit = findUnit(units, name);
      await mustMeanLanes(run, [unit], {yes: flags.yes, again: ['cancel', unit.id], orName: laneName(unit, name)});
      await sendOrder(run, {type: 'cancel-unit', unit: unit.id});
    });
}

/** What the lane was called, as far as that is a name: a number alone is typed by mistake. */
function laneName(unit: UnitState, name: string | undefined): string {
  return name === undefined || /^\d+$/.test(name) ? unit.id : name;
}

/** Shows which processes would be ended, and asks for the name. */
async function mustMeanLanes(
  run: OpenRun,
  units: readonly UnitState[],
  question: Omit<Question, 'nothingDone'>,
): Promise<void> {
  const running = units.filter((unit) => isRunningUnit(unit));
  const isNamed = question.yes !== undefined && [run.config.run, question.orName].includes(question.yes);
  if (!isNamed && running.length > 0)
    showActions(run, [
      {on: 'jump box', text: await signalText(createLocalHost({}, openedOnce(run.folder.lanes)), running)},
    ]);
  const lost = running.length === 0 ? 'no lane runs' : 'what they have carried is lost once they are';
  mustBeMeant(run, {...question, nothingDone: `no lane was ended; ${lost}`});
}

function unitCommand(word: 'retry' | 'cancel'): Command {
  return new Command(word).argument('[lane-or-table]', 'a unit as status names it, a lane number, or a table');
}

async function readState(run: OpenRun): Promise<RunState> {
  return reduceAll(await readJournal(run.folder.journal));
}

function confirm(env: Env): Command {
  return new Command('confirm')
    .description('confirm a waiting step, so that it runs')
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
    .option('--yes <run>', "the run's name, which --lanes wants; without it, only what would be ended is shown")
    .action(async (_, command: Command) => {
      const flags = command.optsWithGlobals<ControlFlags & {lanes?: boolean}>();
      const run = await openRun(flags.config, env);
      if (flags.lanes === true) {
        const {units} = await readState(run);
        await mustMeanLanes(run, units, {yes: flags.yes, again: ['shutdown', '--lanes']});
      }
      if (!(await isListening(run.folder.socket))) throw noSupervisor(run);
      const reply = await waitForEnd(wireClient(run, 'command line'), {type: 'shutdown', lanes: flags.lanes === true});
      if (!reply.ok) throw new LonghaulError({code: 'failed', message: reply.message, remedy: reply.remedy});
      const left = flags.lanes === true ? runningUnits(await readState(run)).map(({id}) => id) : [];
      if (left.length > 0) throw notEnded(run.config.run, left);
      say(run, reply.message);
    });
}
