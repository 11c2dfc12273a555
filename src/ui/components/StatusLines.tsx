import {type ReactElement, useCallback} from 'react';
import {drawStatus} from '../draw/panes/status.ts';
import type {Line} from '../screen/span.ts';
import type {ConsoleState} from '../store/console-store.ts';
import {statusView} from '../panes/status.ts';
import {useConsole} from './console-context.ts';
import {Drawn} from './Drawn.tsx';

/** The two lines that are always visible. */
export function StatusLines({width}: {readonly width: number}): ReactElement {
  const {symbols} = useConsole();
  const draw = useCallback(
    ({live, nowMs, view}: ConsoleState): readonly Line[] =>
      drawStatus(statusView(live, nowMs), {width, symbols, readOnly: view.readOnly}),
    [width, symbols],
  );
  return <Drawn draw={draw} width={width} />;
}
