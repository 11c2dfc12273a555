import {Text, Transform, useIsScreenReaderEnabled} from 'ink';
import {type ReactElement, useMemo} from 'react';
import type {Line} from '../screen/span.ts';
import {toAscii} from '../screen/to-ascii.ts';
import {clipLine} from '../screen/width.ts';
import type {Theme} from '../theme.ts';
import {useConsole} from './console-context.ts';

interface Props {
  readonly lines: readonly Line[];
  /** Cells; a longer line is cut. */
  readonly width: number;
}

/**
 * Lines below each other. Ink would measure every text twice a frame, which took a third of the console's time; these are measured
 * already. So Ink is given a single cell for each row to lay out, and the rows themselves are painted in their place.
 */
export function Rows({lines, width}: Props): ReactElement {
  const {theme, symbols} = useConsole();
  const spoken = useIsScreenReaderEnabled();
  const rows = useMemo(
    () => lines.map((line) => paint(clipLine(line, width), theme, symbols.ascii)),
    [lines, width, theme, symbols.ascii],
  );
  return (
    <Transform transform={(_, y) => rows[y] ?? ''} accessibilityLabel={spoken ? lines.map(textOf).join('\n') : ''}>
      <Text>{lines.map(() => ' ').join('\n')}</Text>
    </Transform>
  );
}

function paint(line: Line, theme: Theme, ascii: boolean): string {
  return line.map(({text, tone}) => theme[tone](ascii ? toAscii(text) : text)).join('');
}

function textOf(line: Line): string {
  return line.map(({text}) => text).join('');
}
