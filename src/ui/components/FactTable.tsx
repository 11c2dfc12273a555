import {Text} from 'ink';
import {Table} from 'ink-table';
import type {PropsWithChildren, ReactElement} from 'react';
import {useStore} from 'zustand';
import {useShallow} from 'zustand/shallow';
import {paneOf} from '../panes/panes.ts';
import {clip} from '../screen/width.ts';
import type {ConsoleState} from '../store/console-store.ts';
import type {Overlay} from '../store/overlay.ts';
import {useConsole} from './console-context.ts';

const LABEL_WIDTH = 14;

/** Whether the detail is a table: where its pane says so, and all of it fits. The table draws a rule between rows, and has no scrolling. */
export function tableFits(state: ConsoleState, overlay: Overlay, room: {width: number; height: number}): boolean {
  if (overlay.kind !== 'detail') return false;
  const pane = paneOf(overlay.pane);
  return pane.detailIsTable === true && pane.detail(state, overlay.id).facts.length * 2 + 3 <= room.height;
}

/** The facts of a still thing as a table. */
export function FactTable({
  pane,
  id,
  width,
}: {
  readonly pane: string;
  readonly id: string;
  readonly width: number;
}): ReactElement {
  const {store} = useConsole();
  const cells = useStore(
    store,
    useShallow((state) =>
      paneOf(pane)
        .detail(state, id)
        .facts.flatMap(({label, text}) => [label, text]),
    ),
  );
  const room = Math.max(10, Math.min(90, width - LABEL_WIDTH - 7));
  const data = Array.from({length: cells.length / 2}, (_, i) => ({
    what: clip(cells[i * 2] ?? '', LABEL_WIDTH),
    // The same width in every row, so that the table does not jump when a figure grows.
    value: clip(cells[i * 2 + 1] ?? '', room).padEnd(Math.min(room, 40)),
  }));
  return <Table data={data} columns={['what', 'value']} padding={1} header={Strong} cell={Plain} skeleton={Dim} />;
}

function Strong({children}: PropsWithChildren): ReactElement {
  return <Text bold>{children}</Text>;
}

function Plain({children}: PropsWithChildren): ReactElement {
  return <Text>{children}</Text>;
}

function Dim({children}: PropsWithChildren): ReactElement {
  return <Text dimColor>{children}</Text>;
}
