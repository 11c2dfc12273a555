import type {Finding} from '../../../domain/run/finding.ts';
import {formatRelation, sameRelation} from '../../../domain/pg/relation.ts';
import {
  emptyExtensionTable,
  extensionTableHasRows,
  readExtensionTables,
  type ExtensionTableRow,
} from '../../../pg/catalog/extension-tables.ts';
import {renderStatement, type Statement} from '../../../pg/session/statement.ts';
import {isWanted} from '../../inventory/is-wanted.ts';
import {readUnitsIn} from '../../load/read-ledger.ts';
import type {StepContext} from '../../step.ts';
import {tablesThere} from './tables-there.ts';

/** What has to go before the configuration of extensions is loaded again, and what is in its way. */
export interface ExtensionRows {
  readonly empties: readonly Statement[];
  readonly findings: readonly Finding[];
}

/**
 * pg_dump carries what users have configured of an extension with the unit `rest`, beside the tables that the plan names. What this run
 * loaded of it before goes first; rows that it did not load are somebody's.
 */
export async function readExtensionRows(ctx: StepContext): Promise<ExtensionRows> {
  const [source, target] = [await ctx.session('source'), await ctx.session('target')];
  const wanted = (await source.run(readExtensionTables())).filter(
    (row) => !row.sequence && isWanted(row, {...ctx.config.tables, include: []}),
  );
  if (wanted.length === 0) return {empties: [], findings: []};
  const {missing} = await tablesThere(target, wanted);
  // Which rows are the extension's own is for the target's release of it to say.
  const own = await target.run(readExtensionTables());
  const there = wanted
    .filter((table) => !missing.some((one) => sameRelation(one, table)))
    .map((table) => own.find((one) => sameRelation(one, table)) ?? table);
  const filled: ExtensionTableRow[] = [];
  for (const table of there) if ((await target.one(extensionTableHasRows(table))).filled) filled.push(table);
  // After the rows: a lane that nobody has settled yet may commit at any moment, and what it brought stays.
  const loaded = (await readUnitsIn(target, ctx.config.run)).filter(({unit}) => unit === 'rest');
  const ours = loaded.length > 0;
  const isIn = loaded.some(({boundary}) => boundary === ctx.state().boundary?.lsn);
  return {
    empties: ours && !isIn ? filled.map((table) => emptyExtensionTable(table)) : [],
    findings: [
      ...wanted.filter((table) => missing.some((one) => sameRelation(one, table))).map((table) => isMissing(table)),
      ...(ours ? [] : filled.map((table) => isForeign(table))),
    ],
  };
}

function isMissing({extension, ...table}: ExtensionTableRow): Finding {
  return {
    check: 'strip-target.no-extension-table',
    severity: 'blocker',
    subject: `extension ${extension}`,
    seen: `the target has no ${formatRelation(table)}, in which the source keeps what is configured of the extension`,
    remedy: `have the source's release of it on the target (SELECT extversion FROM pg_extension on both; ALTER EXTENSION "${extension}" UPDATE), or leave it out by tables.exclude`,
  };
}

function isForeign(table: ExtensionTableRow): Finding {
  return {
    check: 'strip-target.foreign-configuration',
    severity: 'blocker',
    subject: `extension ${table.extension}`,
    seen: `${formatRelation(table)} on the target holds configuration that this run did not load`,
    remedy: `when it is not wanted, on the target: ${renderStatement(emptyExtensionTable(table))}; then run again`,
  };
}
