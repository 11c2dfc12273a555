import {setTimeout as wait} from 'node:timers/promises';
import {Command, Option} from 'commander';
import {describeConninfo} from '../../config/conninfo/conninfo.ts';
import type {Reply} from '../../domain/run/command.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {printable} from '../../domain/base/printable.ts';
import {reduceAll} from '../../domain/run/reduce.ts';
import type {RunState} from '../../domain/run/run-state.ts';
import {formatBytes} from '../../domain/base/units.ts';
import {readJournal} from '../../engine/run/journal.ts';
import {
  goneSlots,
  lookAtRelease,
  NOT_FREED,
  releaseSlots,
  remedyForKept,
  type Released,
  type ReleaseLook,
  writeCheckpoint,
} from '../../engine/exit/release.ts';
import {slotObject} from '../../domain/run/claimed.ts';
import {isUnanswered} from '../../engine/wire/client.ts';
import {isListening} from '../../engine/wire/probe-socket.ts';
import {connect} from '../../pg/session/connect.ts';
import {readReplicaPosition, resumeReplay} from '../../pg/replication/replica.ts';
import {openTrace} from '../../engine/trace/trace-file.ts';
import type {Session} from '../../pg/session/session.ts';
import {dropSlot} from '../../pg/replication/slots.ts';
import {renderStatement} from '../../pg/session/statement.ts';
import {BUSY, underLock} from '../supervisor/launch-supervisor.ts';
import {noteRelease} from '../run/note-release.ts';
import {openRun, type Env, type OpenRun} from '../run/open-run.ts';
import {ask} from '../supervisor/send.ts';
import {complain, say} from '../say.ts';

interface ReleaseFlags {
  readonly config: string;
  readonly yes?: string;
  readonly byPrefix?: boolean;
  readonly endReaders?: boolean;
  readonly resumeReplay?: boolean;
  readonly note?: string;
}

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
    .addOption(new Option('--note <slots>').hideHelp())
    .action(async (_, command: Command) => {
      const flags = command.optsWithGlobals<ReleaseFlags>();
      const run = await openRun(flags.config, env);
      const resumed = flags.resumeReplay === true;
      process.exitCode =
        flags.note === undefined
          ? await release(run, flags, env)
          : await noteRelease(run, flags.note.split(' ').filter(Boolean), resumed);
    });
}

async function release(run: OpenRun, flags: ReleaseFlags, env: Env): Promise<0 | 1> {
  const state = await stateOf(run);
  const isOurs = whichAreOurs(run, state, flags.byPrefix === true);
  const source = await openServer(run, 'source');
  try {
    const look = await lookAtRelease(source, isOurs);
    const gone = goneSlots(state?.claimed ?? [], look.slots);
    for (const line of describeLook(run, look, gone)) say(run, printable(line));
    if (look.slots.length + gone.length > 0 || flags.resumeReplay === true) mustBeMeant(run, flags);
    const asked = flags.byPrefix === true ? null : await askSupervisor(run, flags);
    if (asked !== null) {
      say(run, printable(asked.message));
      if (!asked.ok) complain(run, printable(asked.remedy));
      return asked.ok ? 0 : 1;
    }
    const released = await releaseSlots(source, look.slots, {endReaders: flags.endReaders === true, sleep: wait});
    // A slot that is still there still begins before P.
    const free = Object.keys(released.kept).length === 0;
    const resumed = flags.resumeReplay === true && free && (await letReplay(run));
    const lost = [...released.dropped, ...gone];
    if (lost.length > 0 || resumed) await note(run, lost, resumed, env);
    const unwritten = released.dropped.length === 0 ? null : await writeCheckpoint(source);
    for (const line of describeReleased(look, {...released, unwritten}, flags)) say(run, printable(line));
    return free && unwritten === null && resumed === (flags.resumeReplay === true) ? 0 : 1;
  } finally {
    await source.close();
  }
}

/** The journal's state; null where there is none that can be read, which must not keep the slots. */
async function stateOf(run: OpenRun): Promise<RunState | null> {
  try {
    return reduceAll(await readJournal(run.folder.journal));
  } catch (error) {
    console.error(`longhaul: the journal cannot be read: ${printable(String(error))}`);
    return null;
  }
}

function whichAreOurs(run: OpenRun, state: RunState | null, byPrefix: boolean): (name: string) => boolean {
  const {prefix} = run.config.slots;
  if (byPrefix) return (name) => name.startsWith(prefix);
  if (state !== null && state.claimed.length > 0) return (name) => state.claimed.includes(slotObject(name));
  throw new LonghaulError({
    code: 'failed',
    message: `the journal ${run.folder.journal} names no slot of run ${run.config.run}`,
    remedy: `look whether every slot named ${prefix}… is this run's (SELECT * FROM pg_replication_slots); if so: longhaul release --by-prefix`,
  });
}

async function openServer({config, folder}: OpenRun, role: 'source' | 'replica'): Promise<Session> {
  return connect(role, config.servers[role], {
    applicationName: `longhaul/${config.run}/release`,
    statementTimeoutMs: config.timeouts.statementMs,
    lockTimeoutMs: config.timeouts.lockMs,
    readOnly: false,
    trace: openTrace(config, folder, {now: Date.now}),
  });
}

/** What is about to happen, as the dialog of the console would say it. Pure. */
function describeLook({config}: Pick<OpenRun, 'config'>, look: ReleaseLook, gone: readonly string[]): string[] {
  const missing = gone.map((name) => `gone     ${name} is on the primary no more, and P with it`);
  if (look.slots.length === 0) return [...missing, 'None of the slots is on the primary: nothing is to be dropped.'];
  const still = look.stillHeld;
  return [
    ...missing,
    `server   ${describeConninfo(config.servers.source)}`,
    ...look.slots.map(
      ({name, retainedBytes, activePid}) =>
        `slot     ${name} holds ${formatBytes(retainedBytes)}${activePid === null ? '' : `, and pid ${activePid} reads it`}`,
    ),
    ...look.slots.map(({name}) => `runs     ${renderStatement(dropSlot(name))}`),
    `frees    about ${formatBytes(look.freedBytes)} of WAL at the next checkpoint`,
    ...(still === null
      ? []
      : [`stays    ${formatBytes(still.retainedBytes)}, held by slot ${still.name}, which is not this run's`]),
    'lost     P: no change after it reaches the target any more. A load that runs is ended; load and change capture begin',
    '         again with new slots and a new P: longhaul run',
  ];
}

function mustBeMeant({config}: OpenRun, flags: ReleaseFlags): void {
  if (flags.yes === config.run) return;
  const words = [
    flags.byPrefix === true ? ' --by-prefix' : '',
    flags.endReaders === true ? ' --end-readers' : '',
    flags.resumeReplay === true ? ' --resume-replay' : '',
  ];
  throw new LonghaulError({
    code: 'usage',
    message:
      flags.yes === undefined
        ? 'nothing was dropped'
        : `nothing was dropped: the run is not called ${printable(flags.yes)}`,
    remedy: `when that is meant: longhaul release --yes ${config.run}${words.join('')}`,
  });
}

function describeReleased(
  look: ReleaseLook,
  {dropped, kept, unwritten}: Released & {readonly unwritten: string | null},
  flags: ReleaseFlags,
): string[] {
  const remedy = remedyForKept(flags.endReaders === true);
  const freed =
    unwritten === null
      ? `freed    a checkpoint was written; about ${formatBytes(look.freedBytes)} went with it (the primary keeps max_wal_size of it for new WAL)`
      : `${NOT_FREED} (ours: ${unwritten})`;
  return [
    ...(dropped.length === 0 ? [] : [`dropped  ${dropped.join(', ')}`]),
    ...Object.entries(kept).map(([name, why]) => `KEPT     ${name}: ${why}; ${remedy}`),
    ...(dropped.length === 0 ? [] : [freed]),
  ];
}

async function letReplay(run: OpenRun): Promise<boolean> {
  try {
    const replica = await openServer(run, 'replica');
    try {
      await replica.run(resumeReplay(replica.version));
      const {replayLsn} = await replica.one(readReplicaPosition(replica.version));
      console.log(`resumed  replay on the replica, from ${replayLsn ?? '?'}`);
      return true;
    } finally {
      await replica.close();
    }
  } catch (error) {
    // The slots are dropped by now; that must be told, whatever the replica says.
    if (!(error instanceof LonghaulError)) throw error;
    complain(run, printable(`NOT RESUMED: ${error.message}; ${error.remedy}`));
    return false;
  }
}

/**
 * A supervisor that lives does it itself: it ends its lanes and its walk, whose load is worth nothing any more. Null where there is none
 * that answers; then the slots are dropped without one.
 */
async function askSupervisor(run: OpenRun, flags: ReleaseFlags): Promise<Reply | null> {
  if (!(await isListening(run.folder.socket))) return null;
  const reply = await ask(run, 'release', {
    type: 'release',
    typed: run.config.run,
    endReaders: flags.endReaders === true,
    resumeReplay: flags.resumeReplay === true,
  });
  if (!isUnanswered(reply)) return reply;
  complain(run, printable(`The supervisor does not answer (${reply.message}); the slots are dropped without it.`));
  return null;
}

/** What the run has to know of it. The slots are gone whether or not it can be told. */
async function note(run: OpenRun, dropped: readonly string[], resumed: boolean, env: Env): Promise<void> {
  const words = ['release', '--note', dropped.join(' '), ...(resumed ? ['--resume-replay'] : [])];
  const code = await underLock(run, words, {env, shown: false}).catch(() => 1);
  if (code === 0) return;
  complain(
    run,
    code === BUSY
      ? 'A supervisor has the run and does not answer; end it (longhaul status names its pid), then longhaul abort.'
      : 'The journal could not be told (its disk may be full). Before the next run: longhaul abort.',
  );
}
