import {Command} from 'commander';
import type {Reply} from '../../../domain/run/command.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {printable} from '../../../domain/base/printable.ts';
import {isTargetOpened} from '../../../domain/run/cutover/cutover.ts';
import {reduceAll} from '../../../domain/run/reduce.ts';
import type {RunState} from '../../../domain/run/run-state.ts';
import {whyNoBackOut, whyNoCutover, whyNoEndOfComparison, whyNoRehearsal} from '../../../domain/rules/cutover.ts';
import {planCutover, planCutoverSteps} from '../../../engine/cutover/by-command.ts';
import {describeEstimate, describePart} from '../../../engine/cutover/rehearsal/estimate.ts';
import {rehearse} from '../../../engine/cutover/rehearse.ts';
import {formatFindings} from '../../../engine/preflight/format-findings.ts';
import {readJournal} from '../../../engine/run/journal.ts';
import {isListening} from '../../../engine/wire/probe-socket.ts';
import {mustBeMeant} from '../../run/must-be-meant.ts';
import {mustNotBeRefused} from '../../run/must-not-be-refused.ts';
import {openRun, type Env, type OpenRun} from '../../run/open-run.ts';
import {showActions, showServers, showStatements} from '../../run/show-actions.ts';
import {openWayOut} from '../../run/way-out.ts';
import {hasTerminal, openConsole} from '../../supervisor/console.ts';
import {followCutover} from '../../supervisor/follow-cutover.ts';
import {followRun} from '../../supervisor/follow.ts';
import {launchSupervisor} from '../../supervisor/launch-supervisor.ts';
import {ask, wireClient} from '../../supervisor/send.ts';
import {say} from '../../say.ts';

interface CutoverFlags {
  readonly config: string;
  readonly yes?: string;
  readonly backOut?: boolean;
  readonly check?: boolean;
  readonly endComparison?: boolean;
  readonly plain?: boolean;
}

/** `longhaul cutover`: stops the writes, drains and hands over to the target; or takes that back. */
export function cutoverCommand(env: Env): Command {
  return new Command('cutover')
    .description('stop the writes on the source, wait until the target has everything, and open it')
    .option('--yes <run>', "the run's name; without it, only what would happen is shown")
    .option(
      '--check',
      'a rehearsal: findings, all that would be done, and how long writes would be stopped; changes nothing',
    )
    .option('--back-out', 'take a cutover back that has not opened the target: writes are allowed on the source again')
    .option(
      '--end-comparison',
      'after the hand-over: end the last comparison, whose snapshots keep vacuum from its work; what is left was not compared',
    )
    .option('--plain', 'print events as lines instead of opening the console')
    .action(async (_, command: Command) => {
      const flags = command.optsWithGlobals<CutoverFlags>();
      const run = await openRun(flags.config, env);
      if (flags.backOut === true) await goBack(run, env);
      else if (flags.endComparison === true) await endComparison(run);
      else if (flags.check === true) process.exitCode = await check(run, env);
      else await cutOver(run, flags, env);
    });
}

/** Gives 1 where something would stop the cutover. */
async function check(run: OpenRun, env: Env): Promise<0 | 1> {
  mustNotBeRefused(whyNoRehearsal(await stateOf(run)));
  const way = await openWayOut(run, env, {writes: false});
  try {
    const {findings, parts} = await rehearse(way.ctx);
    if (findings.length > 0) say(run, formatFindings(findings));
    // Whoever has them is among the findings.
    if (parts === null) {
      say(run, 'tables of the target are locked: what a cutover does, and how long it takes, cannot be told');
      return 1;
    }
    const steps = await planCutoverSteps(way.ctx);
    showServers(
      run,
      steps.flatMap(({actions}) => actions),
    );
    for (const {id, title, actions} of steps) {
      const part = parts.find((one) => one.part === id);
      // What is not in the write stop has no part in it.
      say(run, part === undefined ? `${id.padEnd(26)} ${title}: writes go on` : describePart(part));
      showStatements(run, actions);
    }
    say(run, describeEstimate(parts));
    return findings.some(({severity}) => severity === 'blocker') ? 1 : 0;
  } finally {
    await way.close();
  }
}

async function stateOf(run: OpenRun): Promise<RunState> {
  return reduceAll(await readJournal(run.folder.journal));
}

async function cutOver(run: OpenRun, flags: CutoverFlags, env: Env): Promise<void> {
  const before = await stateOf(run);
  mustNotBeRefused(whyNoCutover(before));
  if (flags.yes !== run.config.run) await showPlan(run, env);
  mustBeMeant(run, {
    yes: flags.yes,
    nothingDone: 'nothing was done; a cutover stops the writes on the source until the target takes them',
    again: ['cutover'],
  });
  await ensureSupervisor(run, before.seq, env);
  mustBeOk(await ask(run, 'cutover', {type: 'cutover', typed: run.config.run}));
  if (flags.plain === true || !hasTerminal()) process.exitCode = await follow(run, before.seq);
  else process.exitCode = await openConsole(run, {readOnly: false, env});
}

/** A supervisor that has just been started looks at every step of the run first. */
async function ensureSupervisor(run: OpenRun, after: number, env: Env): Promise<void> {
  if (await isListening(run.folder.socket)) return;
  await launchSupervisor(run, [], env);
  // One that has opened the target goes on with that, and walks none of the run's steps.
  if (isTargetOpened((await stateOf(run)).cutover)) return;
  const client = wireClient(run, 'cutover', {readOnly: true});
  try {
    await followRun(client, after, () => undefined);
  } finally {
    client.close();
  }
}

/** Without a supervisor one is started: it takes back by itself what its predecessor has left. */
async function goBack(run: OpenRun, env: Env): Promise<void> {
  const before = await stateOf(run);
  mustNotBeRefused(whyNoBackOut(before));
  if (await isListening(run.folder.socket)) {
    const reply = await ask(run, 'cutover', {type: 'back-out'});
    mustBeOk(reply);
    say(run, printable(reply.message));
    return;
  }
  await launchSupervisor(run, [], env);
  await follow(run, before.seq);
}

/** One that no supervisor holds any more has ended with it. */
async function endComparison(run: OpenRun): Promise<void> {
  mustNotBeRefused(whyNoEndOfComparison(await stateOf(run)));
  const reply = await ask(run, 'cutover', {type: 'end-comparison'});
  mustBeOk(reply);
  say(run, printable(reply.message));
}

async function follow(run: OpenRun, after: number): Promise<0 | 1> {
  const client = wireClient(run, 'cutover', {readOnly: true});
  try {
    return await followCutover(client, after, (line) => say(run, line));
  } finally {
    client.close();
  }
}

async function showPlan(run: OpenRun, env: Env): Promise<void> {
  const way = await openWayOut(run, env, {writes: false});
  try {
    showActions(run, await planCutover(way.ctx));
  } finally {
    await way.close();
  }
}

function mustBeOk(reply: Reply): void {
  if (!reply.ok) throw new LonghaulError({code: 'failed', message: reply.message, remedy: reply.remedy});
}
