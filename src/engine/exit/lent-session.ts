import type {Session} from '../../pg/session/session.ts';

/** One connection for what is done one after the other: opened when it is first wanted, and again after it was given back or lost. */
export interface Lent {
  session(): Promise<Session>;
  giveBack(): Promise<void>;
}

/** Lends the session that `open` opens. */
export function lending(open: () => Promise<Session>): Lent {
  let lent: Session | null = null;
  return {
    session: async () => {
      if (lent === null || lent.lost) lent = await open();
      return lent;
    },
    giveBack: async () => {
      const session = lent;
      lent = null;
      await session?.close();
    },
  };
}
