import type {ServerRole} from '../../../domain/pg/server-role.ts';
import {lending, type Lent} from '../../exit/lent-session.ts';
import type {StepContext} from '../../step.ts';

/** A context with sessions of its own, opened when they are first wanted, and again after they were lost. */
export interface OwnSessions {
  readonly own: StepContext;
  readonly giveBack: () => Promise<void>;
}

/** The same context on sessions of its own, for who asks again and again: to connect costs a server more than to answer. */
export function ownSessions(ctx: StepContext, purpose: string): OwnSessions {
  const lent = new Map<ServerRole, Lent>();
  const session: StepContext['session'] = async (role) => {
    const known = lent.get(role) ?? lending(async () => ctx.open(role, purpose));
    lent.set(role, known);
    return known.session();
  };
  return {
    own: {...ctx, session},
    giveBack: async () => {
      for (const one of lent.values()) await one.giveBack();
    },
  };
}

/** Does something on sessions of its own: what takes long there keeps no step from its statements, and waits for none. */
export async function onOwnSessions<T>(
  ctx: StepContext,
  purpose: string,
  act: (own: StepContext) => Promise<T>,
): Promise<T> {
  const {own, giveBack} = ownSessions(ctx, purpose);
  try {
    return await act(own);
  } finally {
    await giveBack();
  }
}
