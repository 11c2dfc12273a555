import type {ServerRole} from '../pg/server-role.ts';

/** Which server a probe asks, by the name that its readings have: `slots`, `wal:replica`; null for what asks none of them. Pure. */
export function serverOfProbe(name: string): ServerRole | null {
  switch (name) {
    case 'slots':
    case 'senders':
    case 'transactions:source':
    case 'wal:source':
      return 'source';
    case 'replica':
    case 'wal:replica':
      return 'replica';
    case 'target':
      return 'target';
    default:
      return null;
  }
}
