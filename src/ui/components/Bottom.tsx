import {type ReactElement, useCallback} from 'react';
import {drawFooter} from '../draw/footer.ts';
import {drawMessage} from '../draw/message.ts';
import {whereOf} from '../keys/press.ts';
import type {Line} from '../screen/span.ts';
import type {ConsoleState} from '../store/console-store.ts';
import {useConsole} from './console-context.ts';
import {Drawn} from './Drawn.tsx';

/** The message line and the keys that work now. */
export function Bottom({width}: {readonly width: number}): ReactElement {
  const {symbols} = useConsole();
  const draw = useCallback(
    (state: ConsoleState): readonly Line[] => {
      const look = {width, symbols};
      return [drawMessage(state, look), drawFooter(state, whereOf(state.view.overlays.at(-1)), look)];
    },
    [width, symbols],
  );
  return <Drawn draw={draw} width={width} />;
}
