import type {ServerRole} from '../../domain/pg/server-role.ts';
import {screenText} from '../screen/screen-text.ts';
import type {Live} from '../store/live.ts';
import type {Dialog} from '../store/overlay.ts';

/** These servers with their addresses, for a question: what somebody agrees to is that it runs there. */
export function serverFacts(live: Live, roles: readonly ServerRole[]): Dialog['facts'] {
  return roles.map((role) => ({label: role, text: screenText(live.facts?.servers[role] ?? 'unknown'), stake: true}));
}
