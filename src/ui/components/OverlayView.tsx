import {Box, Text} from 'ink';
import Spinner from 'ink-spinner';
import {type ReactElement, useCallback} from 'react';
import {useStore} from 'zustand';
import {drawOverlay} from '../draw/overlay.ts';
import type {Line} from '../screen/span.ts';
import type {ConsoleState} from '../store/console-store.ts';
import {useConsole} from './console-context.ts';
import {Drawn} from './Drawn.tsx';
import {FactTable, tableFits} from './FactTable.tsx';

/** What covers the panes. */
export function OverlayView({width, height}: {readonly width: number; readonly height: number}): ReactElement {
  const {store, symbols} = useConsole();
  const overlay = useStore(store, (state) => state.view.overlays.at(-1));
  const draw = useCallback(
    (state: ConsoleState): readonly Line[] => {
      // A search line lies over its log.
      const top = state.view.overlays.findLast((one) => one.kind !== 'search' && one.kind !== 'filter');
      return top === undefined ? [] : (drawOverlay(state, top, {width, height, symbols}) ?? []);
    },
    [width, height, symbols],
  );
  const table = useStore(store, (state) =>
    overlay === undefined ? false : tableFits(state, overlay, {width, height}),
  );
  if (overlay?.kind === 'log' && overlay.status === 'loading')
    return <Waiting what="reading the log" height={height} />;
  return (
    <Box flexDirection="column" width={width} height={height} flexShrink={0}>
      {table && !symbols.ascii && overlay?.kind === 'detail' ? (
        <FactTable pane={overlay.pane} id={overlay.id} width={width} />
      ) : (
        <Drawn draw={draw} width={width} />
      )}
    </Box>
  );
}

function Waiting({what, height}: {readonly what: string; readonly height: number}): ReactElement {
  return (
    <Box height={height} flexShrink={0}>
      <Text>
        {' '}
        <Spinner type="line" /> {what}
      </Text>
    </Box>
  );
}
