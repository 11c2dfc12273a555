import {isDeepStrictEqual} from 'node:util';
import type {Config} from '../../../config/config.ts';
import {createRedactor} from '../../../config/redact.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {printable} from '../../../domain/base/printable.ts';
import type {KeptUndo} from '../../../domain/run/cutover/cutover.ts';
import type {RunEvent} from '../../../domain/run/event.ts';
import {runCommand, type CommandOptions} from '../../../probes/watch/run-command.ts';
import type {Action} from '../../action.ts';
import {asWritten} from '../../back/mirrored.ts';
import type {StepContext} from '../../step.ts';

type Cutover = Config['cutover'];
type OperatorCommand = Cutover['handOver'][number];

/** Where commands are written in longhaul.yaml, by what their names in the journal begin with. */
const PLACES = {stop_before: 'stopBefore', stop_after: 'stopAfter', hand_over: 'handOver', opened: 'opened'} as const;

/** In the reason of a cutover that was taken back: what is to be done by hand. The reason is asked for it. */
export const NOT_UNDONE = 'NOT UNDONE';

/** A list of commands of longhaul.yaml: `stop_before`. */
export type CommandPlace = keyof typeof PLACES;

/** A command, and what it is called in journal and messages: `hand_over.0`. */
export interface NamedCommand {
  readonly name: string;
  readonly command: OperatorCommand;
}

/** The commands of one list, in their order. Pure. */
export function commandsAt(config: Pick<Config, 'cutover'>, place: CommandPlace): NamedCommand[] {
  return config.cutover[PLACES[place]].map((command, i) => ({name: `${place}.${i}`, command}));
}

/** Those of all lists. Pure. */
export function allCommands(config: Pick<Config, 'cutover'>): NamedCommand[] {
  return (['stop_before', 'stop_after', 'hand_over', 'opened'] as const).flatMap((place) => commandsAt(config, place));
}

/** As longhaul.yaml has it now, seen from the direction that is gone. */
type Direction = Pick<StepContext, 'config' | 'isBack'>;

/** The command that the journal calls so; null where longhaul.yaml has none any more. On the way back it is what takes back a command of the hand-over. Pure. */
function commandNamed({config, isBack}: Direction, name: string): Omit<OperatorCommand, 'check'> | null {
  const {command = null} = allCommands(config).find((one) => one.name === name) ?? {};
  if (command === null || isBack !== true || !isLeading(name)) return command;
  return command.undo === null ? null : {...command, run: command.undo, undo: command.run};
}

/** Whether it is one of the commands that lead the application to the other side, by the name that the journal has of it. Pure. */
export function isLeading(name: string): boolean {
  return name.startsWith('hand_over.');
}

/** What is run to take a command back, null where it has no opposite; or why it cannot be. */
export type Undoing = {readonly run: readonly string[] | null; readonly limitMs: number} | {readonly why: string};

/** The opposite of a command that has begun, by the name that the journal has of it: as longhaul.yaml had it then, whatever is written there by now. */
export function undoingOf(ctx: Direction & Pick<StepContext, 'state'>, name: string): Undoing {
  const {undos} = ctx.state().cutover ?? {};
  return oppositeOf(ctx, name, undos?.[name]);
}

/** The same by what the journal has kept of it. Passwords are in no journal: one that has any is run as longhaul.yaml has it, where that is the same. Pure. */
export function oppositeOf(direction: Direction, name: string, kept: KeptUndo | null | undefined): Undoing {
  const known = commandNamed(direction, name);
  if (kept === null) return {run: null, limitMs: 0};
  if (kept === undefined)
    return known === null ? {why: 'it is in longhaul.yaml no more'} : {run: known.undo, limitMs: known.limitMs};
  if (!kept.masked) return {run: kept.words, limitMs: kept.limitMs};
  const now = known?.undo ?? null;
  if (now !== null && isDeepStrictEqual(masked(direction.config, now), kept.words))
    return {run: now, limitMs: kept.limitMs};
  return {
    why: `longhaul.yaml has another command in its place by now, and what undoes this one has a password, which no journal keeps; do it by hand: ${showCommand(direction.config, kept.words)}`,
  };
}

/** A command that has begun, by what the journal has kept beside its opposite; null where neither that nor longhaul.yaml tells it. Pure. */
export function itselfOf(
  direction: Direction,
  name: string,
  kept: KeptUndo | null | undefined,
): readonly string[] | null {
  if (kept?.command != null) return kept.command;
  const known = commandNamed(direction, name);
  if (known?.undo == null) return null;
  const isSame = kept == null || isDeepStrictEqual(masked(direction.config, known.undo), kept.words);
  return isSame ? known.run : null;
}

function masked(config: Config, words: readonly string[]): string[] {
  const redact = createRedactor(config);
  return words.map((word) => redact(word));
}

/** What undoes a command, for the journal. */
function keptUndo(config: Config, {run, undo, limitMs}: OperatorCommand): KeptUndo | null {
  if (undo === null) return null;
  const words = masked(config, undo);
  const isOpen = isDeepStrictEqual(masked(config, run), [...run]);
  return {words, limitMs, masked: !isDeepStrictEqual(words, [...undo]), command: isOpen ? run : null};
}

/** A command line as people read it, without the passwords of this run. Pure. */
export function showCommand(config: Config, command: readonly string[]): string {
  return masked(config, command)
    .map((word) => (/^[\w./:=@,+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`))
    .join(' ');
}

/** Runs it, and asks its check until that says that it has worked. It is in the journal before it starts, so that whoever goes back undoes it. */
export function commandAction(ctx: StepContext, {name, command}: NamedCommand): Action {
  return {
    on: 'jump box',
    text: showCommand(ctx.config, command.run),
    execute: async () => {
      ctx.signal.throwIfAborted();
      await note(ctx, {command: name, moment: 'started', output: '', undo: keptUndo(ctx.config, command)});
      // Somebody may have taken it back while that was written.
      ctx.signal.throwIfAborted();
      const how = {...howTo(ctx, name, command.limitMs), signal: ctx.signal};
      const output = await runMasked(ctx, command.run, how).catch((error: unknown) => {
        // Killed at somebody's word, it says nothing of why.
        ctx.signal.throwIfAborted();
        throw error;
      });
      await checked(ctx, {name, command});
      await note(ctx, {command: name, moment: 'done', output: lastLine(output)});
    },
  };
}

/** Takes it back. Without an opposite there is nothing to do but to note it. */
export async function undoCommand(
  ctx: StepContext,
  name: string,
  {run, limitMs}: Exclude<Undoing, {why: string}>,
): Promise<void> {
  if (run !== null) await runMasked(ctx, run, howTo(ctx, name, limitMs));
  await note(ctx, {command: name, moment: 'undone', output: ''});
}

/** Of a supervisor that was killed none goes on: the next one takes it back, and the application would be led to where nobody opens anything. */
function howTo({env}: StepContext, name: string, limitMs: number) {
  return {what: `cutover.${name}`, timeoutMs: limitMs, env, endsWithUs: true} as const;
}

/** Not by hand: what leads the application over would lead it to where nobody takes its writes. */
const MEND =
  'see why it failed, and what it has left behind where it has no undo; mend it, or longhaul.yaml, then longhaul cutover';

/** What a script says is kept in the journal and shown on the screen: without the passwords of this run, and whatever is written as one. */
async function runMasked(ctx: StepContext, command: readonly string[], how: CommandOptions): Promise<string> {
  const redact = createRedactor(ctx.config);
  try {
    return redact(await runCommand(command, how));
  } catch (error) {
    if (!(error instanceof LonghaulError)) throw error;
    throw new LonghaulError({code: 'failed', message: asWritten(ctx, redact(error.message)), remedy: MEND});
  }
}

type CommandNote = Omit<Extract<RunEvent, {type: 'cutover.command'}>, 'type'>;

async function note(ctx: StepContext, moment: CommandNote): Promise<void> {
  await ctx.record({type: 'cutover.command', ...moment});
}

const AGAIN_MS = 500;

/** A pause of some poolers returns before its clients are held. */
async function checked(ctx: StepContext, {name, command}: NamedCommand): Promise<void> {
  const {check, limitMs} = command;
  if (check === null) return;
  const end = ctx.steady() + limitMs;
  for (;;) {
    ctx.signal.throwIfAborted();
    try {
      await runMasked(ctx, check, {...howTo(ctx, name, limitMs), signal: ctx.signal});
      return;
    } catch (error) {
      ctx.signal.throwIfAborted();
      if (!(error instanceof LonghaulError)) throw error;
      if (ctx.steady() >= end) throw error;
      await ctx.sleep(AGAIN_MS);
    }
  }
}

function lastLine(output: string): string {
  return printable(output.trim().split('\n').at(-1) ?? '').slice(0, 200);
}
