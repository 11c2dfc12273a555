import {bar} from '../screen/chart.ts';
import {span} from '../screen/span.ts';
import {fact} from '../view-model/facts.ts';
import {type StorageRow, storageRows} from '../view-model/storage-rows.ts';
import type {Pane} from './pane.ts';

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
  columns: () => [
    {width: 8, cell: ({server}, {above}) => span(above?.server === server ? '' : server, 'dim')},
    {width: 10, cell: ({label}) => span(label, 'dim')},
    {
      width: null,
      cell: ({share, value, bad, old}, {symbols}) => [
        ...(share === null ? [] : [span(`${bar(share, 5, symbols)} `, bad ? 'bad' : 'accent')]),
        span(value, old ? 'dim' : bad ? 'bad' : 'plain'),
      ],
    },
  ],
  detail: ({live}, id) => {
    const row = storageRows(live).find((one) => one.id === id);
    return {title: row?.server ?? id, facts: row === undefined ? [] : [fact(row.label, row.value)]};
  },
};
