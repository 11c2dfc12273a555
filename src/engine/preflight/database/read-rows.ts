import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {constraintOf, SQLSTATE, sqlStateOf} from '../../../pg/session/sqlstate.ts';
import {haveUsualValues} from '../../../pg/session/settings.ts';
import type {Session} from '../../../pg/session/session.ts';
import type {Statement} from '../../../pg/session/statement.ts';
import type {StepContext} from '../../step.ts';

/** A table of any size is read as far as this, on the replica, and all of a check's together so far. */
const EACH_MS = 2_000;
const ALL_MS = 30_000;

/** Whether rows break what was asked, null where there was not the time to know; and the check that they break, where the server names it. */
export interface Read {
  readonly breaks: boolean | null;
  readonly constraint: string | null;
}

/** Asks the rows of a table. */
export type ReadRows = (statement: Statement<{breaks: boolean}>) => Promise<Read>;

/** Asks tables in a session of the replica of their own, as far as they are read in time; `purpose` is its name. */
export async function onRows<Given>(
  ctx: StepContext,
  purpose: string,
  ask: (read: ReadRows) => Promise<Given>,
): Promise<Given> {
  const replica = await ctx.open('replica', purpose);
  try {
    // A check may ask for the date in the time zone that the database has: so does the load.
    await replica.run(haveUsualValues());
    const end = ctx.steady() + ALL_MS;
    return await ask(async (statement) =>
      ctx.steady() < end ? readRows(replica, statement) : {breaks: null, constraint: null},
    );
  } finally {
    await replica.close();
  }
}

/** Asks each of these one thing, in a session of the replica where there are any: each with whether its rows break it, null where there was not the time to know. */
export async function askEach<One>(
  ctx: StepContext,
  purpose: string,
  all: readonly One[],
  question: (one: One) => Statement<{breaks: boolean}>,
): Promise<(readonly [One, boolean | null])[]> {
  if (all.length === 0) return [];
  return onRows(ctx, purpose, async (read) => {
    const answers: (readonly [One, boolean | null])[] = [];
    for (const one of all) answers.push([one, (await read(question(one))).breaks]);
    return answers;
  });
}

/** What cannot be evaluated at all is another check's: see check-functions.ts. */
async function readRows(replica: Session, statement: Statement<{breaks: boolean}>): Promise<Read> {
  try {
    return {breaks: (await replica.one(statement, {timeoutMs: EACH_MS})).breaks, constraint: null};
  } catch (error) {
    const state = sqlStateOf(error);
    if (!(error instanceof LonghaulError) || state === null) throw error;
    if (state === SQLSTATE.checkViolation) return {breaks: true, constraint: constraintOf(error)};
    return {breaks: state === SQLSTATE.queryCanceled ? null : false, constraint: null};
  }
}
