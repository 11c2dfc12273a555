import {binaryOutScript} from '../../../src/pg/load/binary/binary-out.ts';
import {readBinaryServer, readTypedColumns, readTypes} from '../../../src/pg/load/binary/column-types.ts';
import {emptyForFreeze, readMayFreeze} from '../../../src/pg/load/binary/freeze.ts';
import {beginReading, mustHaveTakenAll, sequenceAsItIs} from '../../../src/pg/load/copy-data.ts';
import {sql} from '../../../src/pg/session/statement.ts';
import {onTarget, reads, type Trial} from './trial.ts';

const EVENTS = {schema: 'public', name: 'events'};
const TABLE = {...EVENTS, columns: ['id', 'body'], sequences: ['public.events_id_seq']};
const ON_SOURCE = ['source', 'replica'] as const;
/** From here on targets begin. */
const TARGETS = 120_000;

/** What binary COPY wants to know, and runs. */
export const BINARY: Readonly<Record<string, Trial>> = {
  readTypedColumns: {...reads((version) => readTypedColumns(version, [EVENTS])), on: ON_SOURCE},
  // int4, its array, and a table's row type.
  readTypes: reads(() => readTypes(['23', '1007', '71'])),
  readBinaryServer: reads(readBinaryServer),
  beginReading: {
    on: ON_SOURCE,
    make: ({version}) => [sql(`${beginReading(version, [TABLE], null)}\nCOMMIT;`)],
    alone: true,
    psql: true,
  },
  sequenceAsItIs: {...reads(() => sql(sequenceAsItIs('public.events_id_seq'))), on: ON_SOURCE},
  // Without what psql does with it: its pipe and its files are not there, and an older psql than a run's does not know \g of a COPY.
  binaryOutScript: {
    on: ON_SOURCE,
    make: ({version}) => [
      sql(
        [null, {from: 0, to: 3}]
          .map((part) => binaryOutScript(version, {table: TABLE, part, freeze: true}))
          .join('')
          .replaceAll(String.raw` \g /dev/fd/8`, ';')
          .replaceAll(/^\\.*\n/gm, ''),
      ),
    ],
    alone: true,
    psql: true,
  },
  mustHaveTakenAll: {
    ...onTarget(
      () => [
        sql(
          `BEGIN;\n\\set sent '7 0'\n\\set taken '7 0'\n${mustHaveTakenAll([TABLE, {...TABLE, name: "Mixed 'Case"}])}COMMIT;`,
        ),
      ],
      TARGETS,
    ),
    alone: true,
    psql: true,
  },
  readMayFreeze: onTarget((version) => [readMayFreeze(version, EVENTS)]),
  emptyForFreeze: onTarget(() => [
    sql('CREATE TABLE public.tried (id integer)'),
    sql(emptyForFreeze({schema: 'public', name: 'tried'})),
  ]),
};
