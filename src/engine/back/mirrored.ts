import type {Conninfo} from '../../config/conninfo/conninfo.ts';
import type {ServerRole} from '../../domain/pg/server-role.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {
  isOfServer,
  isTurnedRound,
  mirroredEvent,
  mirroredFailure,
  mirroredState,
  mirroredWords,
  turnedServers,
} from '../../domain/run/back/mirror.ts';
import type {Action} from '../action.ts';
import type {StepContext} from '../step.ts';

/**
 * The run seen from its other end: what a step does on the source is done on the target, and the other way round. The way back is the cutover's steps with
 * this context, statement for statement, so that what was proved of the one holds for the other (docs/decisions/0068-the-way-back.md).
 */
export function mirrored(ctx: StepContext): StepContext {
  return {
    ...ctx,
    isBack: true,
    state: () => mirroredState(ctx.state()),
    record: async (event) => ctx.record(mirroredEvent(event)),
    session: async (role) => ctx.session(otherSide(role)),
    open: async (role, purpose) => ctx.open(otherSide(role), purpose),
    connectedMs: (role) => ctx.connectedMs(otherSide(role)),
  };
}

/** How the servers are reached of which a context speaks: for programs, which connect by themselves. Pure. */
export function serversOf({
  config,
  isBack,
}: Pick<StepContext, 'config' | 'isBack'>): Record<'source' | 'target', Conninfo> {
  const {source, target} = config.servers;
  return isBack === true ? {source: target, target: source} : {source, target};
}

/** The source's place is the target's, and the other way round. Pure. */
export function otherSide(role: ServerRole): ServerRole {
  if (role === 'source') return 'target';
  return role === 'target' ? 'source' : role;
}

/** An action of a mirrored context as it is done: on the other server, with words that say so. */
export function mirroredAction<Shown extends Pick<Action, 'on' | 'text'>>(action: Shown): Shown {
  return {
    ...action,
    on: action.on === 'jump box' ? action.on : otherSide(action.on),
    // What is no comment is SQL or a command, and executed as it is.
    text: action.text.replaceAll(/\/\*.*?\*\//gs, (comment) => mirroredWords(comment)),
  };
}

/**
 * What others have written, as the text of an operator's command or what it printed, for a message of a step: in a mirrored context, whose messages are turned round once they are recorded or shown, it is
 * turned here, so that it comes out as it was written. Pure.
 */
export function asWritten({isBack}: Pick<StepContext, 'isBack'>, words: string): string {
  return isBack === true ? turnedServers(words) : words;
}

/** The message of a failure as a part of another message, as the reason why a cutover was taken back: a server's own words as they are. Pure. */
export function asSaid(ctx: Pick<StepContext, 'isBack'>, message: string): string {
  return isOfServer(message) ? asWritten(ctx, message) : message;
}

/** The same action of a mirrored context for a step of this one: what it throws is in the words of this one as well. */
export function turnedAction(action: Action): Action {
  return {
    ...mirroredAction(action),
    execute: async () =>
      action.execute().catch((error: unknown) => {
        throw turnedError(error);
      }),
  };
}

/** What was thrown in a mirrored context, in the words of this one. */
export function turnedError(error: unknown): unknown {
  if (!(error instanceof LonghaulError) || error.code !== 'failed') return error;
  const {message, remedy} = mirroredFailure(error);
  return new LonghaulError({code: 'failed', message, remedy, cause: error});
}

/** The run as change capture goes now: mirrored from the hand-over on, until the source was handed back. */
export function facing(ctx: StepContext): StepContext {
  return isTurnedRound(ctx.state()) ? mirrored(ctx) : ctx;
}
