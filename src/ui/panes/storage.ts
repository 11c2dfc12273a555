import {bar} from '../screen/chart.ts';
import {span} from '../screen/span.ts';
import {widthOf} from '../screen/width.ts';
import {fact} from '../view-model/facts.ts';
import {type StorageRow, storageRows} from '../view-model/storage-rows.ts';
import type {Pane} from './pane.ts';

const SERVER_WIDTH = 8;
const LABEL_WIDTH = 9;
const BAR_WIDTH = 5;

/** Cells for the figures, behind the cursor and the columns. */
function roomFor(width: number): number {
  return width - 1 - SERVER_WIDTH - LABEL_WIDTH;
}

/** WAL, disks and replay of the three servers, and what does not answer. */
export const STORAGE: Pane<StorageRow> = {
  id: 'storage',
  name: 'WAL and disks',
  also: 'lag replay size',
  about:
    "of primary, replica and target, with the replay position; a probe that fails is here with the server's message.",
  place: 'storage',
  rows: storageRows,
  empty: 'nothing measured yet',
  note: () => '',
  columns: ({width}) => [
    {width: SERVER_WIDTH, cell: ({server}, {above}) => span(above?.server === server ? '' : server, 'dim')},
    {width: LABEL_WIDTH, cell: ({label}) => span(label, 'dim')},
    {
      width: null,
      cell: ({share, value, bad, old}, {symbols}) => [
        ...(share === null || widthOf(value) + BAR_WIDTH + 1 > roomFor(width)
          ? []
          : [span(`${bar(share, BAR_WIDTH, symbols)} `, bad ? 'bad' : 'accent')]),
        span(value, old ? 'dim' : bad ? 'bad' : 'plain'),
      ],
    },
  ],
  detail: ({live}, id) => {
    const row = storageRows(live).find((one) => one.id === id);
    return {title: row?.server ?? id, facts: row === undefined ? [] : [fact(row.label, row.value)]};
  },
};
