import type {ServerRole} from '../../../domain/pg/server-role.ts';
import {lending, type Lent} from '../../exit/lent-session.ts';
import type {StepContext} from '../../step.ts';

/** Does something on sessions of its own: what takes long there keeps no step from its statements, and waits for none. */
export async function onOwnSessions<T>(
  ctx: StepContext,
  purpose: string,
  act: (own: StepContext) => Promise<T>,
): Promise<T> {
  const lent = new Map<ServerRole, Lent>();
  const session: StepContext['session'] = async (role) => {
    const known = lent.get(role) ?? lending(async () => ctx.open(role, purpose));
    lent.set(role, known);
    return known.session();
  };
  try {
    return await act({...ctx, session});
  } finally {
    for (const one of lent.values()) await one.giveBack();
  }
}
