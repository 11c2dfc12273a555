import {Box, Text, useInput, usePaste} from 'ink';
import type {ReactElement} from 'react';
import {useStore} from 'zustand';
import {useShallow} from 'zustand/shallow';
import {FIXED_ROWS, layoutOf, SMALLEST} from '../screen/layout.ts';
import {keysOf} from '../keys/key-names.ts';
import {Bottom} from './Bottom.tsx';
import {useConsole} from './console-context.ts';
import {OverlayView} from './OverlayView.tsx';
import {Pane} from './Pane.tsx';
import {StatusLines} from './StatusLines.tsx';

/** What comes from the keyboard; what is pasted comes apart from it. */
interface Heard {
  readonly onKeys: (keys: readonly string[]) => void;
  readonly onPaste: (text: string) => void;
}

/** The console: the status lines, the panes or what covers them, the message and the keys. Never more rows than the terminal has. */
export function App({onKeys, onPaste}: Heard): ReactElement {
  const {store} = useConsole();
  const {columns, rows, pane, zoomed, hasLoad, covered} = useStore(
    store,
    useShallow(({view, live}) => ({
      columns: view.columns,
      rows: view.rows,
      pane: view.pane,
      zoomed: view.zoomed,
      hasLoad: live.run.units.some((unit) => unit.state.status !== 'committed'),
      covered: view.overlays.some((overlay) => overlay.kind !== 'filter'),
    })),
  );
  const layout = layoutOf({columns, rows, pane, zoomed, hasLoad});
  useInput((input, key) => onKeys(keysOf(input, key)));
  usePaste(onPaste);
  if (layout.kind === 'too-small') return <TooSmall columns={columns} rows={rows} />;
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <StatusLines width={columns} />
      {covered ? (
        <OverlayView width={columns} height={rows - FIXED_ROWS} />
      ) : (
        <Box width={columns} height={rows - FIXED_ROWS} flexShrink={0}>
          {layout.columns.map((spots) => (
            <Box key={spots.map((spot) => spot.pane).join(' ')} flexDirection="column" flexShrink={0}>
              {spots.map((spot) => (
                <Pane key={spot.pane} spot={spot} boxed={layout.boxed} />
              ))}
            </Box>
          ))}
        </Box>
      )}
      <Bottom width={columns} />
    </Box>
  );
}

function TooSmall({columns, rows}: {readonly columns: number; readonly rows: number}): ReactElement {
  const wanted = `longhaul wants ${SMALLEST.columns}x${SMALLEST.rows}, this is ${columns}x${rows}; q leaves`;
  return <Text wrap="truncate">{wanted.slice(0, Math.max(1, columns))}</Text>;
}
