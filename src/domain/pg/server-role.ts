/** The three servers of a move: the primary in production, its paused maintenance replica, the managed target. */
export type ServerRole = 'source' | 'replica' | 'target';

/** The roles in the order in which a person reads them. */
export const SERVER_ROLES: readonly ServerRole[] = ['source', 'replica', 'target'];
