import {useApp} from 'ink';
import {type ReactElement, useEffect} from 'react';
import {App} from './App.tsx';
import {ConsoleContext, type ConsoleProps} from './console-context.ts';

/** Hands the terminal to something else and takes it back. */
export type Lend = (to: () => Promise<void>) => Promise<void>;

interface Props extends ConsoleProps {
  readonly onKeys: (keys: readonly string[]) => void;
  readonly onPaste: (text: string) => void;
  /** Called once with what only Ink can do. */
  readonly onReady: (lend: Lend) => void;
}

/** The console with its store and looks. */
export function Console({store, theme, symbols, onKeys, onPaste, onReady}: Props): ReactElement {
  const {suspendTerminal} = useApp();
  useEffect(() => onReady(async (to) => suspendTerminal(to)), [onReady, suspendTerminal]);
  return (
    <ConsoleContext value={{store, theme, symbols}}>
      <App onKeys={onKeys} onPaste={onPaste} />
    </ConsoleContext>
  );
}
