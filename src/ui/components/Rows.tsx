import {Text} from 'ink';
import {memo, type ReactElement} from 'react';
import {type Line, span} from '../screen/span.ts';
import {toAscii} from '../screen/to-ascii.ts';
import type {Theme} from '../theme.ts';
import {useConsole} from './console-context.ts';

/** Lines below each other, each a single Text that is already as wide as it may be. */
export function Rows({lines}: {readonly lines: readonly Line[]}): ReactElement {
  const {theme, symbols} = useConsole();
  // A row has no name of its own: its place is its key, and a line that looks the same is the same object.
  return (
    <>
      {lines.map((line, y) => (
        <Row
          key={y}
          line={symbols.ascii ? line.map((part) => span(toAscii(part.text), part.tone)) : line}
          theme={theme}
        />
      ))}
    </>
  );
}

const Row = memo(function Row({line, theme}: {readonly line: Line; readonly theme: Theme}): ReactElement {
  const empty = line.every((part) => part.text === '');
  return (
    <Text wrap="truncate">
      {empty
        ? ' '
        : line.map((part, x) =>
            part.tone === 'plain' ? (
              part.text
            ) : (
              <Text key={x} {...theme[part.tone]}>
                {part.text}
              </Text>
            ),
          )}
    </Text>
  );
});
