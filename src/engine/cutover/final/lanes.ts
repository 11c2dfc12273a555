import {pinSession} from '../../../pg/compare/pin-session.ts';
import type {Session} from '../../../pg/session/session.ts';
import type {Sides} from '../../compare/read-sides.ts';
import type {StepContext} from '../../step.ts';

/** Scans of the last comparison at once on each server. */
export const LANES = 2;

/** A lane's sessions, a session on each side, both with the settings of the comparison. */
export interface Pair {
  readonly source: Session;
  readonly target: Session;
}

/** A pair of sessions for each lane, named by their purpose. All that were opened are in `opened`, whatever fails. */
export async function openPairs(
  ctx: StepContext,
  {dialect}: Pick<Sides, 'dialect'>,
  opened: Session[],
  purpose = 'final',
): Promise<Pair[]> {
  return Promise.all(
    Array.from({length: LANES}, async (_, lane) => {
      const open = async (role: 'source' | 'target'): Promise<Session> => {
        const session = await ctx.open(role, `${purpose}-${lane}`);
        opened.push(session);
        await session.run(pinSession(session.version, dialect));
        return session;
      };
      const [source, target] = await Promise.all([open('source'), open('target')]);
      return {source, target};
    }),
  );
}

/** What compares the replica compares the source here: nobody writes there. */
export function onSource(ctx: StepContext): StepContext {
  return {...ctx, session: async (role) => ctx.session(role === 'replica' ? 'source' : role)};
}
