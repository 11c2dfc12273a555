import {rowsOfUnit} from '../../../domain/run/load-unit.ts';
import {copyOutScript, mustHaveTakenAll} from '../../../pg/load/copy-data.ts';
import {maybe} from '../../../pg/session/versions.ts';
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
    const {columns: tables, freeze, tools, unit, replicaVersion} = carried;
    const counted = maybe('countsRowsOfCopy', tools.psql.version) !== null;
    // The pipe is 8, and what psql prints of itself goes nowhere: see copyOutScript().
    const dump = dumpCommand(carried) + (counted ? ' 8>&1 > /dev/null' : '');
    const load = loadCommand(carried);
    const script = copyOutScript(replicaVersion, {tables, part: rowsOfUnit(unit), freeze, counted});
    return {
      dump: `exec ${dump}\n`,
      load: `exec ${load}\n`,
      shown: `${dump} \\\n  | ${load}\n\n-- ${SCRIPT}\n${script}`,
      files: {[SCRIPT]: script},
      ...(counted ? {afterData: mustHaveTakenAll(tables)} : {}),
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
