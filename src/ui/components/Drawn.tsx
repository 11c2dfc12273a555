import type {ReactElement} from 'react';
import type {Line} from '../screen/span.ts';
import type {ConsoleState} from '../store/console-store.ts';
import {Rows} from './Rows.tsx';
import {useDrawn} from './use-drawn.ts';

interface Props {
  /** Must be stable (useCallback). */
  readonly draw: (state: ConsoleState) => readonly Line[];
  readonly width: number;
}

/** Rows that are drawn from the store. */
export function Drawn({draw, width}: Props): ReactElement {
  return <Rows lines={useDrawn(draw)} width={width} />;
}
