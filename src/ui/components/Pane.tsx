import {Box} from 'ink';
import {type ReactElement, useCallback} from 'react';
import {drawPane} from '../draw/pane.ts';
import type {Spot} from '../screen/layout.ts';
import type {Line} from '../screen/span.ts';
import type {ConsoleState} from '../store/console-store.ts';
import {useConsole} from './console-context.ts';
import {Rows} from './Rows.tsx';
import {useDrawn} from './use-drawn.ts';

/** A pane in its frame. */
export function Pane({spot, boxed}: {readonly spot: Spot; readonly boxed: boolean}): ReactElement {
  const {symbols} = useConsole();
  const {pane, width, height} = spot;
  const draw = useCallback(
    (state: ConsoleState): readonly Line[] => drawPane(state, {pane, width, height}, {boxed, symbols}),
    [pane, width, height, boxed, symbols],
  );
  const lines = useDrawn(draw);
  return (
    <Box flexDirection="column" width={width} height={height} flexShrink={0}>
      <Rows lines={lines} width={width} />
    </Box>
  );
}
