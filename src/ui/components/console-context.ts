import {createContext, useContext} from 'react';
import type {Symbols} from '../screen/symbols.ts';
import type {ConsoleStore} from '../store/console-store.ts';
import type {Theme} from '../theme.ts';

/** What every component reads. */
export interface ConsoleProps {
  readonly store: ConsoleStore;
  readonly theme: Theme;
  readonly symbols: Symbols;
}

/** Holds the store, the theme and the signs for the components inside. */
export const ConsoleContext = createContext<ConsoleProps | null>(null);

/** The store, the theme and the signs; throws outside of the console. */
export function useConsole(): ConsoleProps {
  const props = useContext(ConsoleContext);
  if (props === null) throw new Error('bug: a component of the console is used outside of it');
  return props;
}
