import {Box, Text, useApp, useInput, usePaste} from 'ink';
import {type ReactElement, useEffect, useMemo} from 'react';
import {useStore} from 'zustand';
import {useShallow} from 'zustand/shallow';
import {ConsoleContext, type ConsoleProps} from './components/console-context.ts';
import {Bottom, FramedPane, StatusLines} from './components/Parts.tsx';
import {OverlayView} from './components/OverlayView.tsx';
import {keysOf} from './keys/key-names.ts';
import {keptLayout} from './panes/layout-now.ts';
import {FIXED_ROWS, SMALLEST} from './screen/layout.ts';

/** Hands the terminal to something else and takes it back. */
export type Lend = (to: () => Promise<void>) => Promise<void>;

interface Props extends ConsoleProps {
  readonly onKeys: (keys: readonly string[]) => void;
  /** What is pasted comes apart from what is typed. */
  readonly onPaste: (text: string) => void;
  /** Called once with what only Ink can do. */
  readonly onReady: (lend: Lend) => void;
  /** Called with true once the console has the terminal, and with false before it gives it back, however it ends. */
  readonly onShown: (shown: boolean) => void;
}

/** The console: the status lines, the panes or what covers them, the message and the keys. Never more rows than the terminal has. */
export function App({store, theme, symbols, onKeys, onPaste, onReady, onShown}: Props): ReactElement {
  const {suspendTerminal} = useApp();
  useEffect(() => onReady(async (to) => suspendTerminal(to)), [onReady, suspendTerminal]);
  useEffect(() => {
    onShown(true);
    return () => onShown(false);
  }, [onShown]);
  useInput((input, key) => onKeys(keysOf(input, key)));
  usePaste(onPaste);
  const {columns, rows, covered} = useStore(
    store,
    useShallow(({view}) => ({
      columns: view.columns,
      rows: view.rows,
      covered: view.overlays.some((overlay) => overlay.kind !== 'filter'),
    })),
  );
  const layout = useStore(
    store,
    useMemo(() => keptLayout(), []),
  );
  if (layout.kind === 'too-small') return <TooSmall columns={columns} rows={rows} />;
  return (
    <ConsoleContext value={{store, theme, symbols}}>
      <Box flexDirection="column" width={columns} height={rows}>
        <StatusLines width={columns} />
        {covered ? (
          <OverlayView width={columns} height={rows - FIXED_ROWS} />
        ) : (
          <Box width={columns} height={rows - FIXED_ROWS} flexShrink={0}>
            {layout.columns.map((spots) => (
              <Box key={spots.map(({place}) => place).join(' ')} flexDirection="column" flexShrink={0}>
                {spots.map((spot) => (
                  <FramedPane key={spot.place} spot={spot} boxed={layout.boxed} />
                ))}
              </Box>
            ))}
          </Box>
        )}
        <Bottom width={columns} />
      </Box>
    </ConsoleContext>
  );
}

function TooSmall({columns, rows}: {readonly columns: number; readonly rows: number}): ReactElement {
  const wanted = `longhaul wants ${SMALLEST.columns}x${SMALLEST.rows}, this is ${columns}x${rows}; q leaves`;
  return <Text wrap="truncate">{wanted.slice(0, Math.max(1, columns))}</Text>;
}
