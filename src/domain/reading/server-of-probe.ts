import {SERVER_ROLES, type ServerRole} from '../pg/server-role.ts';

/** Probes that are not called after the server that they ask. */
const ASKED: Readonly<Record<string, ServerRole>> = {
  slots: 'source',
  senders: 'source',
  replica: 'replica',
  target: 'target',
};

/** Disks are asked by a command of this machine; a runway and when change capture has caught up are calculated. */
const ASK_NONE: readonly string[] = ['disk', 'runway', 'catch_up'];

/** Which server a probe asks, by its name, which its readings have: `slots`, `wal:replica`; null for what asks none of them. Pure. */
export function serverOfProbe(name: string): ServerRole | null {
  const [kind = '', server] = name.split(':');
  if (ASK_NONE.includes(kind)) return null;
  return ASKED[name] ?? SERVER_ROLES.find((role) => role === server) ?? null;
}
