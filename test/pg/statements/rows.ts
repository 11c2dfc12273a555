import {evaluateOnce, readCallingExpressions, readUsualSearchPath} from '../../../src/pg/catalog/called-functions.ts';
import {
  readAsLoaded,
  readBreaksCheck,
  readDoubtfulChecks,
  readDoubtfulColumns,
  readDoubtfulDomainChecks,
  readIsStale,
} from '../../../src/pg/rows/doubtful-checks.ts';
import {readDoubtfulPartitions, readIsMoved} from '../../../src/pg/rows/moved-partitions.ts';
import {readHasNulls, readNullColumns} from '../../../src/pg/rows/null-rows.ts';
import {readNamesIndexes, readNamingColumns} from '../../../src/pg/rows/index-names.ts';
import {readFitsNoPage, readPlainTables} from '../../../src/pg/rows/plain-columns.ts';
import {readHasRefused, readRefusedColumns} from '../../../src/pg/rows/refused-values.ts';
import {reads, type Trial} from './trial.ts';

/** What asks rows whether they will come through: expressions that are evaluated, checks, names of indexes. */
export const ROWS: Readonly<Record<string, Trial>> = {
  readCallingExpressions: reads(readCallingExpressions),
  evaluateOnce: {
    ...reads(() =>
      evaluateOnce({
        schema: 'public',
        name: 'events',
        kind: 'check',
        expression: 'id > 0',
        what: '',
        functions: [],
        ofExtensions: [],
        functionSchema: '',
      }),
    ),
    on: ['source', 'replica'],
  },
  readNamingColumns: reads(readNamingColumns),
  readNamesIndexes: reads(() =>
    readNamesIndexes({schema: 'pg_catalog', name: 'pg_class', column: 'reloftype', isArray: false}),
  ),
  readDoubtfulChecks: reads(readDoubtfulChecks),
  readDoubtfulColumns: reads(readDoubtfulColumns),
  readDoubtfulDomainChecks: reads(readDoubtfulDomainChecks),
  readPlainTables: reads(readPlainTables),
  readFitsNoPage: reads(() =>
    readFitsNoPage({schema: 'pg_catalog', name: 'pg_class', size: 'coalesce(octet_length(relname::text), 0)'}),
  ),
  readNullColumns: reads(readNullColumns),
  readHasNulls: reads(() => readHasNulls({schema: 'pg_catalog', name: 'pg_class', column: 'relacl'})),
  readRefusedColumns: reads(readRefusedColumns),
  readHasRefused: reads(() =>
    readHasRefused({schema: 'pg_catalog', name: 'pg_type', column: 'typinput', type: 'regproc'}),
  ),
  readDoubtfulPartitions: reads(readDoubtfulPartitions),
  readIsMoved: reads(() => readIsMoved({schema: 'pg_catalog', name: 'pg_class', condition: 'relpages >= 0'})),
  readAsLoaded: reads(() =>
    readAsLoaded({
      schema: 'information_schema',
      name: 'sql_features',
      column: 'is_supported',
      type: 'information_schema.yes_or_no',
    }),
  ),
  readIsStale: reads(() =>
    readIsStale({schema: 'pg_catalog', name: 'pg_class', column: 'relname', expression: 'relname'}),
  ),
  readBreaksCheck: reads(() => readBreaksCheck({schema: 'pg_catalog', name: 'pg_class', condition: 'relpages >= 0'})),
  readUsualSearchPath: reads(readUsualSearchPath),
};
