import {isLatestUnderWay} from '../../domain/run/cutover/cutover.ts';
import type {ConsoleState} from '../store/console-store.ts';
import type {Live} from '../store/live.ts';
import type {Overlay} from '../store/overlay.ts';
import type {View} from '../store/view.ts';

/** Whether a cutover, or the way back, is between its first step and its last that decides. */
export function isUnderWay({run}: Live): boolean {
  return isLatestUnderWay(run);
}

/** What an operator types into stays on top. */
const TYPED: readonly Overlay['kind'][] = ['dialog', 'palette', 'filter', 'search'];

/** The view after something was heard: the screen of a cutover opens by itself once it begins, and stays until it is closed. */
export function withCutoverScreen(before: ConsoleState, now: ConsoleState): View {
  const {view} = now;
  const {overlays} = view;
  if (!isUnderWay(now.live) || isUnderWay(before.live)) return view;
  const others = overlays.filter(({kind}) => kind !== 'cutover');
  const at = others.findIndex(({kind}) => TYPED.includes(kind));
  return {...view, overlays: others.toSpliced(at === -1 ? others.length : at, 0, {kind: 'cutover', top: 0})};
}
