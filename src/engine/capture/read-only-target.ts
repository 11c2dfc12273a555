import type {JsonObject} from '../../domain/base/json.ts';
import {readReadOnlyDefault, setReadOnlyDefault} from '../../pg/capture/read-only.ts';
import type {Action} from '../action.ts';
import {claimFirst} from '../claim-first.ts';
import {executeAll, remark, statementAction} from '../make-action.ts';
import type {Step, StepContext} from '../step.ts';

/** How the read-only default of the target's database is claimed in the journal: `read-only app`. */
function readOnlyObject(database: string): string {
  return `read-only ${database}`;
}

/** Whether new sessions of the target's database begin read-only. */
export async function isReadOnly(ctx: Pick<StepContext, 'session'>): Promise<boolean> {
  return (await (await ctx.session('target')).one(readReadOnlyDefault())).isReadOnly;
}

/**
 * Makes the target's database read-only for whoever does not say otherwise: applying changes is not hurt by it, and our own sessions say otherwise. Nothing where
 * `cdc.target_read_only` is no, and where somebody else has made it so before.
 */
export async function planClose(ctx: StepContext): Promise<readonly Action[]> {
  if (!ctx.config.cdc.targetReadOnly) return [];
  const {database, isReadOnly: isClosed} = await (await ctx.session('target')).one(readReadOnlyDefault());
  if (isClosed) return [];
  const close = statementAction(setReadOnlyDefault(database, true), onTarget(ctx));
  const text = remark('until the hand-over only change capture writes there', close.text);
  return [claimFirst(ctx, [readOnlyObject(database)], {...close, text})];
}

/** Takes that back, where this run has done it, and to this database where one is named; sessions that are there keep what they began with. May be repeated. */
export async function planOpen(ctx: StepContext, database: string | null = null): Promise<readonly Action[]> {
  const object = ctx
    .state()
    .claimed.find((one) => (database === null ? one.startsWith(readOnlyObject('')) : one === readOnlyObject(database)));
  if (object === undefined) return [];
  const open = statementAction(setReadOnlyDefault(object.slice(readOnlyObject('').length), false), onTarget(ctx));
  const execute = async (): Promise<void> => {
    await open.execute();
    await ctx.record({type: 'objects.returned', objects: [object]});
  };
  return [{...open, execute}];
}

function onTarget(ctx: StepContext) {
  return {on: 'target', session: async () => ctx.session('target')} as const;
}

/** The step that starts change capture, with the target read-only before the first change is applied; its undo opens the target again. */
export function withReadOnlyTarget(start: Step<'start-cdc'>): Step<'start-cdc'> {
  return {
    ...start,
    plan: async (ctx) => [...(await closing(ctx)), ...(await start.plan(ctx))],
    async run(ctx) {
      await executeAll(await closing(ctx));
      return start.run(ctx);
    },
    async undo(ctx): Promise<JsonObject> {
      const ended = (await start.undo?.(ctx)) ?? {};
      const opens = await planOpen(ctx);
      await executeAll(opens);
      return opens.length === 0 ? ended : {...ended, opened: opens.map(({text}) => text)};
    },
  };
}

/** What was opened since, by hand or by the hand-over, is not closed behind anybody's back. */
async function closing(ctx: StepContext): Promise<readonly Action[]> {
  return ctx.state().cdcStarted === null ? planClose(ctx) : [];
}
