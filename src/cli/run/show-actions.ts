import {describeConninfo} from '../../config/conninfo/conninfo.ts';
import {printable} from '../../domain/base/printable.ts';
import {SERVER_ROLES} from '../../domain/pg/server-role.ts';
import type {Action} from '../../engine/action.ts';
import {say} from '../say.ts';
import type {OpenRun} from './open-run.ts';

/** Prints what would be done, or is about to be: every server that is touched with its address, and every statement as it is executed. */
export function showActions(run: OpenRun, actions: readonly Shown[]): void {
  showServers(run, actions);
  showStatements(run, actions);
}

type Shown = Pick<Action, 'on' | 'text'>;

/** Every server that is touched, with its address. */
export function showServers(run: OpenRun, actions: readonly Shown[]): void {
  for (const role of SERVER_ROLES) {
    if (actions.every(({on}) => on !== role)) continue;
    say(run, printable(`${role.padEnd(8)} ${describeConninfo(run.config.servers[role])}`));
  }
}

/** Every statement and command, as it is executed. */
export function showStatements(run: OpenRun, actions: readonly Shown[]): void {
  for (const {on, text} of actions) say(run, printable(`runs     ${on}: ${text}`));
}
