import {Command} from 'commander';
import type {Reply} from '../../../domain/run/command.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {printable} from '../../../domain/base/printable.ts';
import {whyNoWayBack} from '../../../domain/rules/cutover.ts';
import {reduceAll} from '../../../domain/run/reduce.ts';
import {planBack} from '../../../engine/back/by-command.ts';
import {readJournal} from '../../../engine/run/journal.ts';
import {isListening} from '../../../engine/wire/probe-socket.ts';
import {mustBeMeant} from '../../run/must-be-meant.ts';
import {mustNotBeRefused} from '../../run/must-not-be-refused.ts';
import {openRun, type Env, type OpenRun} from '../../run/open-run.ts';
import {showActions} from '../../run/show-actions.ts';
import {openWayOut} from '../../run/way-out.ts';
import {hasTerminal, openConsole} from '../../supervisor/console.ts';
import {followBack} from '../../supervisor/follow-cutover.ts';
import {launchSupervisor} from '../../supervisor/launch-supervisor.ts';
import {ask, wireClient} from '../../supervisor/send.ts';
import {say} from '../../say.ts';

interface BackFlags {
  readonly config: string;
  readonly yes?: string;
  readonly backOut?: boolean;
  readonly plain?: boolean;
}

/** `longhaul back`: after a hand-over, leads production to the source again, with all that was written on the target. */
export function backCommand(env: Env): Command {
  return new Command('back')
    .description(
      'go back after a hand-over: stop the writes on the target, wait until the source has everything, and open it',
    )
    .option('--yes <run>', "the run's name; without it, only what would happen is shown")
    .option(
      '--back-out',
      'give up going back, as long as the source is not opened: writes are allowed on the target again',
    )
    .option('--plain', 'print events as lines instead of opening the console')
    .action(async (_, command: Command) => {
      const flags = command.optsWithGlobals<BackFlags>();
      const run = await openRun(flags.config, env);
      if (flags.backOut === true) await backOut(run, env);
      else await goBack(run, flags, env);
    });
}

async function goBack(run: OpenRun, flags: BackFlags, env: Env): Promise<void> {
  const before = reduceAll(await readJournal(run.folder.journal));
  mustNotBeRefused(whyNoWayBack(before));
  if (flags.yes !== run.config.run) await showPlan(run, env);
  mustBeMeant(run, {
    yes: flags.yes,
    nothingDone: 'nothing was done; the way back stops the writes on the target until the source takes them',
    again: ['back'],
  });
  if (!(await isListening(run.folder.socket))) await launchSupervisor(run, [], env);
  mustBeOk(await ask(run, 'back', {type: 'back', typed: run.config.run}));
  if (flags.plain === true || !hasTerminal()) process.exitCode = await follow(run, before.seq);
  else process.exitCode = await openConsole(run, {readOnly: false, env});
}

/** Without a supervisor one is started: it takes back by itself what its predecessor has left. */
async function backOut(run: OpenRun, env: Env): Promise<void> {
  const {back, seq} = reduceAll(await readJournal(run.folder.journal));
  if (back?.status !== 'under-way')
    throw new LonghaulError({
      code: 'failed',
      message: 'no way back is under way',
      remedy: 'longhaul status says on which side production is',
    });
  if (await isListening(run.folder.socket)) {
    const reply = await ask(run, 'back', {type: 'back-out'});
    mustBeOk(reply);
    say(run, printable(reply.message));
    return;
  }
  await launchSupervisor(run, [], env);
  await follow(run, seq);
}

async function follow(run: OpenRun, after: number): Promise<0 | 1> {
  const client = wireClient(run, 'back', {readOnly: true});
  try {
    return await followBack(client, after, (line) => say(run, line));
  } finally {
    client.close();
  }
}

async function showPlan(run: OpenRun, env: Env): Promise<void> {
  const way = await openWayOut(run, env, {writes: false});
  try {
    showActions(run, await planBack(way.ctx));
  } finally {
    await way.close();
  }
}

function mustBeOk(reply: Reply): void {
  if (!reply.ok) throw new LonghaulError({code: 'failed', message: reply.message, remedy: reply.remedy});
}
