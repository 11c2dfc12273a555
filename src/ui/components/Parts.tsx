import {Box} from 'ink';
import {type ReactElement, useCallback} from 'react';
import {drawFooter} from '../draw/footer.ts';
import {drawMessage} from '../draw/message.ts';
import {drawPane} from '../draw/pane.ts';
import {drawStatus} from '../draw/status.ts';
import {whereOf} from '../keys/press.ts';
import {paneAt} from '../panes/panes.ts';
import type {Spot} from '../screen/layout.ts';
import type {Line} from '../screen/span.ts';
import type {ConsoleState} from '../store/console-store.ts';
import {statusView} from '../view-model/status.ts';
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

interface PaneProps {
  readonly spot: Spot;
  readonly boxed: boolean;
}

/** The pane that is at its place now, in its frame. */
export function FramedPane({spot: {place, width, height}, boxed}: PaneProps): ReactElement {
  const {symbols} = useConsole();
  const draw = useCallback(
    (state: ConsoleState): readonly Line[] => drawPane(state, paneAt(place, state), {width, height, boxed, symbols}),
    [place, width, height, boxed, symbols],
  );
  return (
    <Box flexDirection="column" width={width} height={height} flexShrink={0}>
      <Drawn draw={draw} width={width} />
    </Box>
  );
}

/** The message line and the keys that work now. */
export function Bottom({width}: {readonly width: number}): ReactElement {
  const {symbols} = useConsole();
  const draw = useCallback(
    (state: ConsoleState): readonly Line[] => {
      const on = {width, symbols};
      return [drawMessage(state, on), drawFooter(state, whereOf(state.view.overlays.at(-1)), on)];
    },
    [width, symbols],
  );
  return <Drawn draw={draw} width={width} />;
}
