import {Command} from 'commander';
import {reduceAll} from '../../domain/run/reduce.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {printable} from '../../domain/base/printable.ts';
import {runbookIds, type StepId} from '../../domain/run/step-id.ts';
import {readJournal} from '../../engine/run/journal.ts';
import {isListening} from '../../engine/wire/probe-socket.ts';
import {hasTerminal, openConsole} from '../supervisor/console.ts';
import {followRun} from '../supervisor/follow.ts';
import {launchSupervisor} from '../supervisor/launch-supervisor.ts';
import {complain, say} from '../say.ts';
import {openRun, type Env, type OpenRun} from '../run/open-run.ts';
import {wireClient} from '../supervisor/send.ts';
import {describeUntold, untoldOf} from '../run/untold-of.ts';
import {stepOption} from '../run/step-option.ts';
import {waitForEnd} from '../supervisor/wait-for-end.ts';

interface RunFlags {
  readonly config: string;
  readonly from?: StepId;
  readonly until?: StepId;
  readonly plain?: boolean;
  readonly detach?: boolean;
}

/** `longhaul run`: starts or continues the run in its own supervisor process and shows it. */
export function runCommand(env: Env): Command {
  return new Command('run')
    .description('run the procedure, or go on with it; what is already done is recognised on the servers')
    .addOption(stepOption('--from <step>', 'begin at this step, without checking those before it'))
    .addOption(stepOption('--until <step>', 'stop after this step'))
    .option('--plain', 'print events as lines instead of opening the console, until the run is done or stops')
    .option('--detach', 'start the supervisor and return at once')
    .action(async (_, command: Command) => {
      const flags = command.optsWithGlobals<RunFlags>();
      const run = await openRun(flags.config, env);
      mustBeInOrder(run, flags);
      const before = (await readJournal(run.folder.journal)).at(-1)?.seq ?? 0;
      await ensureSupervisor(run, flags, env);
      if (flags.detach === true) return;
      process.exitCode =
        flags.plain === true || !hasTerminal()
          ? await plain(run, before)
          : await openConsole(run, {readOnly: false, env});
    });
}

/** A step that the runbook has not would be found nowhere, and one that lies before --from nothing would end at. */
function mustBeInOrder({config}: OpenRun, {from, until}: RunFlags): void {
  const ids = runbookIds(config.cdc.engine, {ownTasks: config.cdc.dms !== null});
  const unknown = [from, until].find((id) => id !== undefined && !ids.includes(id));
  if (unknown !== undefined) {
    throw new LonghaulError({
      code: 'usage',
      message: `a run with cdc.engine ${config.cdc.engine} has no step ${unknown}`,
      remedy: 'longhaul steps lists those that it has',
    });
  }
  if (from === undefined || until === undefined || ids.indexOf(from) <= ids.indexOf(until)) return;
  throw new LonghaulError({
    code: 'usage',
    message: `--until ${until} comes before --from ${from}: nothing would end the run there`,
    remedy: 'longhaul steps lists them in order',
  });
}

/** A supervisor that walks is left alone; one whose walk has stopped is replaced, so that a changed longhaul.yaml counts. */
async function ensureSupervisor(run: OpenRun, flags: RunFlags, env: Env): Promise<void> {
  if (await isListening(run.folder.socket)) {
    const state = reduceAll(await readJournal(run.folder.journal));
    if (state.status === 'running') {
      complain(run, `run ${run.config.run} has a supervisor (pid ${state.supervisor?.pid ?? '?'}); attaching to it`);
      for (const one of await untoldOf(run, state)) complain(run, printable(describeUntold(one)));
      return;
    }
    await endSupervisor(run);
  }
  const args = [
    ...(flags.from === undefined ? [] : ['--from', flags.from]),
    ...(flags.until === undefined ? [] : ['--until', flags.until]),
  ];
  await launchSupervisor(run, args, env);
}

async function endSupervisor(run: OpenRun): Promise<void> {
  await waitForEnd(wireClient(run, 'run'), {type: 'shutdown', lanes: false});
}

async function plain(run: OpenRun, after: number): Promise<number> {
  const client = wireClient(run, 'plain', {readOnly: true});
  try {
    return await followRun(client, after, (line) => say(run, line));
  } finally {
    client.close();
  }
}
