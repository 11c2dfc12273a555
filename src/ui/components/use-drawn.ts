import {useCallback, useRef, useSyncExternalStore} from 'react';
import {type Line, sameLine} from '../screen/span.ts';
import type {ConsoleState} from '../store/console-store.ts';
import {useConsole} from './console-context.ts';

interface Drawn {
  readonly state: ConsoleState;
  readonly draw: (state: ConsoleState) => readonly Line[];
  readonly lines: readonly Line[];
}

/**
 * The lines that `draw` makes of the store. As long as they look the same they are the same objects, so that a tick which changes
 * nothing visible renders nothing. `draw` must be stable (useCallback).
 */
export function useDrawn(draw: (state: ConsoleState) => readonly Line[]): readonly Line[] {
  const {store} = useConsole();
  const last = useRef<Drawn | null>(null);
  const read = useCallback((): readonly Line[] => {
    const state = store.getState();
    const before = last.current;
    if (before !== null && before.state === state && before.draw === draw) return before.lines;
    const lines = before === null ? draw(state) : kept(before.lines, draw(state));
    last.current = {state, draw, lines};
    return lines;
  }, [store, draw]);
  return useSyncExternalStore(store.subscribe, read);
}

function kept(before: readonly Line[], now: readonly Line[]): readonly Line[] {
  const lines = now.map((line, y) => {
    const old = before[y];
    return old !== undefined && sameLine(old, line) ? old : line;
  });
  return lines.length === before.length && lines.every((line, y) => line === before[y]) ? before : lines;
}
