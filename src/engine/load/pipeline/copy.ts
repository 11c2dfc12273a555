import {rowsOfUnit} from '../../../domain/run/load-unit.ts';
import {copyOutScript} from '../../../pg/load/copy-data.ts';
import {shellCommand} from '../../tools/shell-quote.ts';
import {parsePsqlError, type DumpError} from './tool-errors.ts';
import type {Carried, Pipeline} from './pipeline.ts';
import {loadCommand, PG_DUMP} from './pg-dump.ts';

/** What the producing psql runs. */
const SCRIPT = 'dump.sql';

/** COPY by psql on both sides, of whole tables, or a range of one's pages or keys, or what no table brings: the replica's catalog is asked for the unit's tables only, where pg_dump reads all of it for each unit. */
export const COPY: Pipeline = {
  ...PG_DUMP,
  method: 'copy',
  carries: ({kind, tables}) => kind === 'table' || (kind === 'rest' && tables.length === 0),
  wantsColumns: true,
  freezes: true,
  ends: (carried) => {
    const dump = dumpCommand(carried);
    const load = loadCommand(carried);
    const script = copyOutScript(carried.replicaVersion, carried.columns, rowsOfUnit(carried.unit), carried.freeze);
    return {
      dump: `exec ${dump}\n`,
      load: `exec ${load}\n`,
      shown: `${dump} \\\n  | ${load}\n\n-- ${SCRIPT}\n${script}`,
      files: {[SCRIPT]: script},
    };
  },
  producer: {name: 'psql on the replica', errorIn: parseError},
};

function dumpCommand({tools, replica}: Carried): string {
  const settings = ['ON_ERROR_STOP=1', 'VERBOSITY=verbose'].flatMap((setting) => ['-v', setting]);
  return shellCommand([tools.psql.path, '-XAtq', '--no-password', ...settings, '-f', SCRIPT, '-d', replica]);
}

function parseError(log: string): DumpError | null {
  const error = parsePsqlError(log);
  return error === null ? null : {message: error.message, brokenPipe: false, heals: error.heals};
}
