import {Command, Option} from 'commander';
import type {Reply} from '../../domain/run/command.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {printable} from '../../domain/base/printable.ts';
import type {RunState} from '../../domain/run/run-state.ts';
import {formatBytes} from '../../domain/base/units.ts';
import {readOurSlots} from '../../engine/exit/drop-slot.ts';
import {planRelease, type ReleasePlan} from '../../engine/exit/release.ts';
import {releaseWords} from '../../engine/exit/release-words.ts';
import {isUnanswered} from '../../engine/wire/client.ts';
import {isListening} from '../../engine/wire/probe-socket.ts';
import {BUSY, mustHoldLock, underLock} from '../supervisor/launch-supervisor.ts';
import {mustBeMeant} from '../run/must-be-meant.ts';
import {openRun, whoAmI, type Env, type OpenRun} from '../run/open-run.ts';
import {showActions} from '../run/show-actions.ts';
import {openWayOut, type WayOut} from '../run/way-out.ts';
import {ask} from '../supervisor/send.ts';
import {complain, say} from '../say.ts';

interface ReleaseFlags {
  readonly config: string;
  readonly yes?: string;
  readonly byPrefix?: boolean;
  readonly endReaders?: boolean;
  readonly resumeReplay?: boolean;
  readonly locked?: boolean;
}

/** A command that waits for its checkpoint, as long as the primary takes. */
const CHECKPOINT_MS = 600_000;

/**
 * `longhaul release`: the way out when the primary's WAL volume fills. Needs the configuration and the primary, and nothing else: no
 * supervisor, no journal, no room on this machine's disk.
 */
export function releaseCommand(env: Env): Command {
  return new Command('release')
    .description("drop the run's logical slots, so that the primary's WAL volume gets room; the run's P is lost")
    .option('--yes <run>', "the run's name; without it, only what would happen is shown")
    .option(
      '--by-prefix',
      'every logical slot whose name begins with slots.prefix, where no journal tells which are ours',
    )
    .option('--end-readers', 'also end the connections that read the slots')
    .option('--resume-replay', 'let the replica replay again: P is worth nothing without the slots')
    .addOption(new Option('--locked').hideHelp())
    .action(async (_, command: Command) => {
      const flags = command.optsWithGlobals<ReleaseFlags>();
      const run = await openRun(flags.config, env);
      process.exitCode = await release(run, flags, env);
    });
}

async function release(run: OpenRun, flags: ReleaseFlags, env: Env): Promise<0 | 1> {
  if (flags.locked === true) {
    await mustHoldLock(run);
    return releaseHere(run, flags, {env, writes: true});
  }
  const asked = await askSupervisor(run, flags, env);
  if (asked !== null) return asked;
  // Whoever has not said that it is meant is only shown what would happen, which wants no lock.
  if (flags.yes !== run.config.run) return releaseHere(run, flags, {env, writes: false});
  const code = await underLock(run, ['release', '--locked', ...wordsOf(flags), '--yes', flags.yes], {env, shown: true});
  if (code === 0 || code === 1) return code;
  complain(
    run,
    code === BUSY
      ? 'A supervisor has the run and does not answer; end it (longhaul status names its pid), then longhaul abort.'
      : `The lock of the run cannot be taken (${run.folder.lock}), so its journal will not record this. Before the next run: longhaul abort.`,
  );
  return releaseHere(run, flags, {env, writes: false});
}

function wordsOf(flags: ReleaseFlags): string[] {
  return [
    ...(flags.byPrefix === true ? ['--by-prefix'] : []),
    ...(flags.endReaders === true ? ['--end-readers'] : []),
    ...(flags.resumeReplay === true ? ['--resume-replay'] : []),
  ];
}

/** Shows what is planned and does it, in this process. */
async function releaseHere(
  run: OpenRun,
  flags: ReleaseFlags,
  {env, writes}: {readonly env: Env; readonly writes: boolean},
): Promise<0 | 1> {
  const way = await openWayOut(run, env, {writes, byPrefix: flags.byPrefix === true});
  try {
    const plan = await showPlan(run, flags, way);
    const released = await plan.carryOut();
    const untold = released.dropped.length === 0 ? null : way.untold();
    return tell(run, releaseWords({...released, untold}, {run: run.config.run, endReaders: flags.endReaders === true}));
  } finally {
    await way.close();
  }
}

/** Plans, prints the plan, and throws where there is something to do and nobody has said that it is meant. */
async function showPlan(run: OpenRun, flags: ReleaseFlags, {ctx, known}: WayOut): Promise<ReleasePlan> {
  const plan = await planRelease(ctx, {
    by: whoAmI('release'),
    endReaders: flags.endReaders === true,
    resumeReplay: flags.resumeReplay === true,
    isOurs: whichAreOurs(run, known, flags.byPrefix === true),
    // No walk in this process.
    halt: () => undefined,
    checkpointMs: CHECKPOINT_MS,
  });
  for (const line of describePlan(plan)) say(run, printable(line));
  showActions(run, plan.actions);
  if (plan.actions.length + plan.gone.length > 0)
    mustBeMeant(run, {yes: flags.yes, nothingDone: 'nothing was dropped', again: ['release', ...wordsOf(flags)]});
  return plan;
}

function whichAreOurs(
  run: OpenRun,
  state: RunState | null,
  byPrefix: boolean,
): ((name: string) => boolean) | undefined {
  const {prefix} = run.config.slots;
  if (byPrefix) return (name) => name.startsWith(prefix);
  if (state !== null && state.claimed.length > 0) return undefined;
  throw new LonghaulError({
    code: 'failed',
    message: `the journal ${run.folder.journal} names no slot of run ${run.config.run}`,
    remedy: `see whether every slot named ${prefix}… is this run's (SELECT * FROM pg_replication_slots); if so: longhaul release --by-prefix`,
  });
}

/** What is about to go, what that frees and what is lost. Pure. */
function describePlan({slots, gone, freedBytes, stillHeld}: ReleasePlan): string[] {
  const missing = gone.map((name) => `gone     ${name} is no longer on the primary, and P is lost with it`);
  if (slots.length === 0) return [...missing, 'None of the slots is on the primary: there is nothing to drop.'];
  return [
    ...missing,
    ...slots.map(
      ({name, retainedBytes, activePid}) =>
        `slot     ${name} holds ${formatBytes(retainedBytes)}${activePid === null ? '' : `, and pid ${activePid} reads it`}`,
    ),
    `frees    about ${formatBytes(freedBytes)} of WAL at the next checkpoint`,
    ...(stillHeld === null
      ? []
      : [`stays    ${formatBytes(stillHeld.retainedBytes)}, held by slot ${stillHeld.name}, which is not this run's`]),
    'lost     P: no change after it reaches the target any more. A load that runs is ended; load and change capture begin',
    '         again with new slots and a new P: longhaul run',
  ];
}

/**
 * A supervisor that lives does it itself, and the primary is asked whether it has before that is believed. Null where there is none that
 * answers, or where it has not; then it is done without one.
 */
async function askSupervisor(run: OpenRun, flags: ReleaseFlags, env: Env): Promise<0 | 1 | null> {
  if (flags.byPrefix === true || !(await isListening(run.folder.socket))) return null;
  const way = await openWayOut(run, env, {writes: false});
  let names: string[] = [];
  try {
    names = (await showPlan(run, flags, way)).slots.map(({name}) => name);
  } finally {
    await way.close();
  }
  const reply = await ask(run, 'release', {
    type: 'release',
    typed: run.config.run,
    endReaders: flags.endReaders === true,
    resumeReplay: flags.resumeReplay === true,
  });
  if (isUnanswered(reply)) {
    complain(run, printable(`The supervisor does not answer (${reply.message}); the slots are dropped without it.`));
    return null;
  }
  const left = reply.ok ? await readLeft(run, names, env) : [];
  if (left.length === 0) return tell(run, reply);
  complain(
    run,
    printable(
      `The supervisor says that it has released them, and the primary still has ${left.join(', ')}; they are dropped without it.`,
    ),
  );
  return null;
}

/** Which of these slots are on the primary now. */
async function readLeft(run: OpenRun, names: readonly string[], env: Env): Promise<string[]> {
  const way = await openWayOut(run, env, {writes: false});
  try {
    const source = await way.ctx.open('source', 'release');
    const {slots} = await readOurSlots(way.ctx, source, (name) => names.includes(name));
    return slots.map(({name}) => name);
  } finally {
    await way.close();
  }
}

function tell(run: OpenRun, reply: Reply): 0 | 1 {
  say(run, printable(reply.message));
  if (!reply.ok) complain(run, printable(reply.remedy));
  return reply.ok ? 0 : 1;
}
