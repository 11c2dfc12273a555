import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import type {ServerRole} from '../../domain/pg/server-role.ts';
import {mirroredEvent, mirroredState, mirroredStep, mirroredWords} from '../../domain/run/back/mirror.ts';
import type {StepId} from '../../domain/run/step-id.ts';
import type {Action} from '../action.ts';
import {Outcome, type Step, type StepContext} from '../step.ts';

/**
 * The run seen from its other end: what a step does on the source is done on the target, and the other way round. The way back is a cutover with
 * this context, statement for statement, so that what was proved of the one holds for the other (docs/decisions/0068-the-way-back.md).
 */
export function mirrored<Ctx extends StepContext>(ctx: Ctx): Ctx {
  return {
    ...ctx,
    state: () => mirroredState(ctx.state()),
    record: async (event) => ctx.record(mirroredEvent(event)),
    session: async (role) => ctx.session(otherSide(role)),
    open: async (role, purpose) => ctx.open(otherSide(role), purpose),
  };
}

/** The source's place is the target's, and the other way round. Pure. */
export function otherSide<Role extends ServerRole | 'jump box'>(role: Role): Role | 'source' | 'target' {
  if (role === 'source') return 'target';
  return role === 'target' ? 'source' : role;
}

/** An action of a mirrored context as it is done: on the other server, with words that say so. */
export function mirroredAction(action: Action): Action {
  return {
    on: otherSide(action.on),
    // What is no comment is SQL or a command, and executed as it is.
    text: action.text.replaceAll(/\/\*.*?\*\//gs, (comment) => mirroredWords(comment)),
    execute: async () => withMirroredErrors(async () => action.execute()),
  };
}

/** A step of the cutover as the way back takes it. */
export function mirroredStepOf<Id extends StepId>(step: Step<Id>, words: Pick<Step, 'title' | 'why'>): Step {
  const {undo} = step;
  return {
    ...words,
    id: mirroredStep(step.id),
    phase: 'back',
    source: 'facts/cutover.md, §5',
    confirm: step.confirm,
    check: async (ctx) => {
      const {done, findings, ...rest} = await withMirroredErrors(async () => step.check(mirrored(ctx)));
      return {
        ...rest,
        done,
        findings: findings.map((one) => ({
          ...one,
          subject: mirroredWords(one.subject),
          seen: mirroredWords(one.seen),
          remedy: mirroredWords(one.remedy),
        })),
      };
    },
    plan: async (ctx) => (await step.plan(mirrored(ctx))).map((action) => mirroredAction(action)),
    run: async (ctx) => {
      const came = await withMirroredErrors(async () => step.run(mirrored(ctx)));
      return came instanceof Outcome ? new Outcome(came.evidence, came.differences) : came;
    },
    ...(undo === undefined
      ? {}
      : {undo: async (ctx) => withMirroredErrors(async () => undo.call(step, mirrored(ctx)))}),
  };
}

/** A server's own words begin with which server it is, and are right as they are. */
const OF_SERVER = /^(?:source|replica|target): /;

/** Errors of a mirrored context, whose words are turned round. */
export async function withMirroredErrors<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof LonghaulError) || OF_SERVER.test(error.message)) throw error;
    const {code, message, remedy} = error;
    throw new LonghaulError({code, message: mirroredWords(message), remedy: mirroredWords(remedy), cause: error});
  }
}
