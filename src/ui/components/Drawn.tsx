import type {ReactElement} from 'react';
import type {Line} from '../screen/span.ts';
import type {ConsoleState} from '../store/console-store.ts';
import {Rows} from './Rows.tsx';
import {useDrawn} from './use-drawn.ts';

/** Rows that are drawn from the store. `draw` must be stable (useCallback). */
export function Drawn({draw}: {readonly draw: (state: ConsoleState) => readonly Line[]}): ReactElement {
  return <Rows lines={useDrawn(draw)} />;
}
