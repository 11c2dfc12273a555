import {NAME_BYTES} from '../../../config/conninfo/conninfo.ts';
import {readOwnPid} from '../../../pg/load/backends.ts';
import type {Dialect} from '../../../pg/compare/row-hash.ts';
import type {Session} from '../../../pg/session/session.ts';
import {sessionName} from '../../load/host/lane-name.ts';
import type {StepContext} from '../../step.ts';
import {openPairs, type Pair} from '../final/lanes.ts';
import type {Deadline} from './deadline.ts';

/** What copy-the-rest works with; whoever takes the cutover back ends these sessions by their names (engine/run/own-statements.ts): nothing of it is written once its first session on the target is gone. */
export interface RestSessions {
  readonly pairs: readonly Pair[];
  /** That session. */
  readonly claim: {readonly pid: number; readonly applicationName: string};
}

/** The same with what everything of it needs besides. */
export interface Copying {
  readonly sessions: RestSessions;
  readonly dialect: Dialect;
  readonly deadline: Deadline;
}

const PURPOSE = 'copy-rest';

/** What the sessions are called in which rows travel. */
export function copyingName({config}: Pick<StepContext, 'config'>): string {
  return sessionName(config.run, `${PURPOSE}-psql`);
}

/** Works with its own sessions, which are closed afterwards, however it ends. */
export async function withRestSessions<T>(
  ctx: StepContext,
  dialect: Dialect,
  work: (sessions: RestSessions) => Promise<T>,
): Promise<T> {
  const opened: Session[] = [];
  try {
    const pairs = await openPairs(ctx, {dialect}, opened, PURPOSE);
    const [first] = pairs;
    if (first === undefined) throw new Error('bug: there is one lane at least');
    const {pid} = await first.target.one(readOwnPid());
    // As the server has it.
    const applicationName = sessionName(ctx.config.run, `${PURPOSE}-0`).slice(0, NAME_BYTES);
    return await work({pairs, claim: {pid, applicationName}});
  } finally {
    await Promise.all(opened.map(async (one) => one.close()));
  }
}
