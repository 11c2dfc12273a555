import {createStore, type StoreApi} from 'zustand/vanilla';
import {type Live, NOTHING_HEARD} from './live.ts';
import type {Overlay} from './overlay.ts';
import {firstView, toastOf, type Toast, type View} from './view.ts';

/** Everything that the console draws from. */
export interface ConsoleState {
  readonly live: Live;
  readonly view: View;
  /** The time that ages and clocks are drawn with; moves with the ticks. */
  readonly nowMs: number;
  /** Gives commands of ours in a text the configuration that this console was given, so that they can be copied. */
  readonly complete: (text: string) => string;
}

/** The console's one store. */
export type ConsoleStore = StoreApi<ConsoleState>;

/** A store that has heard nothing yet. */
export function createConsoleStore(options: {
  columns: number;
  rows: number;
  readOnly: boolean;
  nowMs: number;
  complete?: ConsoleState['complete'];
}): ConsoleStore {
  const {nowMs, complete = (text: string): string => text} = options;
  return createStore<ConsoleState>(() => ({live: NOTHING_HEARD, view: firstView(options), nowMs, complete}));
}

/** Changes what is seen. */
export function changeView(store: ConsoleStore, change: Partial<View>): void {
  store.setState(({view}) => ({view: {...view, ...change}}));
}

/** Puts something over the panes. */
export function openOverlay(store: ConsoleStore, overlay: Overlay): void {
  store.setState(({view}) => ({view: {...view, overlays: [...view.overlays, overlay]}}));
}

/** Takes away what lies on top. */
export function closeOverlay(store: ConsoleStore): void {
  store.setState(({view}) => ({view: {...view, overlays: view.overlays.slice(0, -1)}}));
}

/** Replaces what lies on top. */
export function replaceOverlay(store: ConsoleStore, overlay: Overlay): void {
  store.setState(({view}) => ({view: {...view, overlays: [...view.overlays.slice(0, -1), overlay]}}));
}

/** Says something for a few seconds, longer where it is long; or for as long as is said. */
export function say(store: ConsoleStore, text: string, tone: Toast['tone'] = 'plain', forMs?: number): void {
  changeView(store, {toast: toastOf(text, tone, forMs)});
}
