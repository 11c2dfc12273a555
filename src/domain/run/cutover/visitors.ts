import {counted} from '../../base/units.ts';

/** Who a client is, by what its session says. */
export interface ClientName {
  readonly role: string;
  /** `10.0.0.7`; null by a Unix socket, and where it may not be read. */
  readonly address: string | null;
  /** Empty where it gives none. */
  readonly applicationName: string;
}

/** A client that was seen on the side that was left, since the hand-over. */
export interface Visitor extends ClientName {
  /** Its sessions that were seen: those that came and went between two readings are not among them. */
  readonly sessions: number;
  /** When one of them was seen last, by the jump box's clock, ISO 8601. */
  readonly lastAt: string;
}

/** A session that is there now. `isNew`: it was not there when somebody read last. */
export interface Visit extends ClientName {
  readonly isNew: boolean;
}

/** So many are kept, those that were seen last: an application may call itself by another name in each session. */
const MOST = 50;

/** The visitors after sessions were seen at a moment, ISO 8601; who was seen last comes first. Pure. */
export function withVisits(known: readonly Visitor[], visits: readonly Visit[], at: string): readonly Visitor[] {
  const all = new Map(known.map((one) => [keyOf(one), one]));
  const before = new Set(all.keys());
  for (const {role, address, applicationName, isNew} of visits) {
    const key = keyOf({role, address, applicationName});
    const sessions = (all.get(key)?.sessions ?? 0) + (isNew || !before.has(key) ? 1 : 0);
    all.set(key, {role, address, applicationName, sessions, lastAt: at});
  }
  return [...all.values()].toSorted((a, b) => (a.lastAt < b.lastAt ? 1 : a.lastAt > b.lastAt ? -1 : 0)).slice(0, MOST);
}

/** Whether somebody is among them who is not among the others. Pure. */
export function isSomebodyNew(visitors: readonly ClientName[], known: readonly ClientName[]): boolean {
  const keys = new Set(known.map(keyOf));
  return visitors.some((one) => !keys.has(keyOf(one)));
}

function keyOf({role, address, applicationName}: ClientName): string {
  return JSON.stringify([role, address, applicationName]);
}

/** `app from 10.0.0.7, worker-3`. Pure. */
export function clientWords({role, address, applicationName}: ClientName): string {
  return [`${role}${address === null ? '' : ` from ${address}`}`, applicationName]
    .filter((word) => word !== '')
    .join(', ');
}

/** `app from 10.0.0.7, worker-3: 4 sessions, last seen 2026-11-24T04:31:07Z`; the time as it is given. Pure. */
export function visitorWords(visitor: Visitor, lastAt = visitor.lastAt): string {
  return `${clientWords(visitor)}: ${counted(visitor.sessions, 'session')}, last seen ${lastAt}`;
}
