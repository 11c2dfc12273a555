import type {Place} from '../screen/layout.ts';
import type {ConsoleState} from '../store/console-store.ts';
import type {View} from '../store/view.ts';
import {CAPTURE} from './capture.ts';
import {EVENTS} from './events.ts';
import {LANES} from './lanes.ts';
import type {Pane} from './pane.ts';
import {PROBES} from './probes.ts';
import {SLOTS} from './slots.ts';
import {STEPS} from './steps.ts';
import {STORAGE} from './storage.ts';

/** The panes, in the order of their keys 1, 2, 3. */
export const PANES: readonly [Pane, ...Pane[]] = [STEPS, LANES, SLOTS, STORAGE, EVENTS, PROBES, CAPTURE];

/** The pane of this id. */
export function paneOf(id: string): Pane {
  const pane = PANES.find((one) => one.id === id);
  if (pane === undefined) throw new Error(`bug: there is no pane ${id}`);
  return pane;
}

/** The pane at a place of the screen: the one that has the keys, else one that is wanted there now, else the first of those that are there. */
export function paneAt(place: Place, state: ConsoleState): Pane {
  const there = PANES.filter((pane) => pane.place === place);
  const pane = there.find(({id}) => id === state.view.pane) ?? there.find((one) => one.isWanted?.(state)) ?? there[0];
  if (pane === undefined) throw new Error(`bug: no pane is at the place ${place}`);
  return pane;
}

/** The view after something was heard: a pane that is wanted from now on takes the keys from the one in whose place it is, and leaves them to whoever chooses that again. */
export function withWantedPane(before: ConsoleState, now: ConsoleState): View {
  const {view} = now;
  const place = paneOf(view.pane).place;
  const fresh = PANES.find((pane) => pane.place === place && pane.isWanted?.(now) === true);
  return fresh === undefined || fresh.isWanted?.(before) === true ? view : {...view, pane: fresh.id};
}

/** The key of a pane. */
export function numberOf(pane: Pane): number {
  return PANES.indexOf(pane) + 1;
}

/** The name of a pane with a capital: `Lanes`. */
export function titleOf({name}: Pane): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
