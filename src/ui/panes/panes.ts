import type {Place} from '../screen/layout.ts';
import {EVENTS} from './events.ts';
import {LANES} from './lanes.ts';
import type {Pane} from './pane.ts';
import {PROBES} from './probes.ts';
import {SLOTS} from './slots.ts';
import {STEPS} from './steps.ts';
import {STORAGE} from './storage.ts';

/** The panes, in the order of their keys 1, 2, 3. */
export const PANES: readonly [Pane, ...Pane[]] = [STEPS, LANES, SLOTS, STORAGE, EVENTS, PROBES];

/** The pane of this id. */
export function paneOf(id: string): Pane {
  const pane = PANES.find((one) => one.id === id);
  if (pane === undefined) throw new Error(`bug: there is no pane ${id}`);
  return pane;
}

/** The pane at a place of the screen: the one that has the keys, else the first of those that are there. */
export function paneAt(place: Place, focused: string): Pane {
  const there = PANES.filter((pane) => pane.place === place);
  const pane = there.find(({id}) => id === focused) ?? there[0];
  if (pane === undefined) throw new Error(`bug: no pane is at the place ${place}`);
  return pane;
}

/** The key of a pane. */
export function numberOf(pane: Pane): number {
  return PANES.indexOf(pane) + 1;
}

/** The name of a pane with a capital: `Lanes`. */
export function titleOf({name}: Pane): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
