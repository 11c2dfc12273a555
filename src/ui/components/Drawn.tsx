import {type ReactElement, useCallback, useRef, useSyncExternalStore} from 'react';
import {type Line, sameLine} from '../screen/span.ts';
import type {ConsoleState} from '../store/console-store.ts';
import {useConsole} from './console-context.ts';
import {Rows} from './Rows.tsx';

interface Props {
  /** Must be stable (useCallback). */
  readonly draw: (state: ConsoleState) => readonly Line[];
  readonly width: number;
}

/** Rows that are drawn from the store. */
export function Drawn({draw, width}: Props): ReactElement {
  return <Rows lines={useDrawn(draw)} width={width} />;
}

interface Last {
  readonly state: ConsoleState;
  readonly draw: (state: ConsoleState) => readonly Line[];
  readonly lines: readonly Line[];
}

// The lines that `draw` makes of the store. As long as they are drawn alike they are the same objects, so that a tick which
// changes nothing visible renders nothing.
function useDrawn(draw: (state: ConsoleState) => readonly Line[]): readonly Line[] {
  const {store} = useConsole();
  const last = useRef<Last | null>(null);
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
