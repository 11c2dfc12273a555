import {formatRelation, type RelationName} from '../../../domain/pg/relation.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import {holdsRows, readTableNames} from '../../../pg/catalog/inventory.ts';
import {readExtensionOffers} from '../../../pg/session/settings.ts';
import {isWanted} from '../../inventory/is-wanted.ts';
import {found, listed} from '../../preflight/found.ts';
import type {StepContext} from '../../step.ts';
import {captureNeeds} from '../needs.ts';
import {stem} from './choose-slot.ts';

/** What makes tables by itself: one that comes after the anchor is in no slot. Of a plain copy nothing is captured anyhow. */
export async function checkMakers(ctx: StepContext): Promise<Finding[]> {
  const {slots} = captureNeeds(ctx.config);
  if (slots === null) return [];
  const source = await ctx.session('source');
  const offers = await source.run(readExtensionOffers(source.version));
  const tables = (await source.run(readTableNames(source.version))).filter(
    (table) => holdsRows(table) && isWanted(table, ctx.config.tables),
  );
  return judgeMakers(tables, {
    hasPartman: offers.some(({name, installed}) => name === 'pg_partman' && installed),
    inSets: slots.plugin.startsWith('pglogical'),
  });
}

const {warning} = found('source', 'tables to come');

/** Fewer may be called alike by chance. */
const FAMILY = 3;
/** `2026_11`, `202611`, `20261124`, `2026-w48`. */
const DATED = /(?:19|20)\d\d[_-]?(?:w?[0-5]\d|q[1-4])/;

const BEFORE =
  'make those that the time of the run will need before it begins, so that they are in the plan; one that comes all the same is an alarm within a minute, and longhaul adopt takes it in';

/** `inSets`: whether pglogical's replication sets keep others from dropping their tables, as a publication does not. Pure. */
export function judgeMakers(
  tables: readonly RelationName[],
  {hasPartman, inSets}: {readonly hasPartman: boolean; readonly inSets: boolean},
): Finding[] {
  const dated = tables.filter(({name}) => DATED.test(name));
  const families = [...Map.groupBy(dated, ({schema, name}) => JSON.stringify([schema, stem(name)])).values()].filter(
    ({length}) => length >= FAMILY,
  );
  const newest = families.map(
    (family) =>
      family
        .map((table) => formatRelation(table))
        .toSorted()
        .at(-1) ?? '',
  );
  return [
    ...(hasPartman
      ? [
          warning(
            'partman',
            'pg_partman makes partitions by itself, and one that it makes after the anchor is in no slot',
            `${BEFORE}: raise premake in its part_config, and let its maintenance run`,
          ),
        ]
      : []),
    ...(inSets && (hasPartman || newest.length > 0)
      ? [
          warning(
            'dropped',
            `${hasPartman ? 'pg_partman' : listed(newest)}: what drops the oldest of such tables fails while they are in replication sets ("cannot drop table: other objects depend on it"), for DROP TABLE wants CASCADE then`,
            'have it rest until the cutover; a table that is dropped with CASCADE leaves its sets, and costs the run nothing',
          ),
        ]
      : []),
    ...(newest.length === 0
      ? []
      : [
          warning(
            'dated',
            `${listed(newest)}: called after a date as others beside ${newest.length === 1 ? 'it' : 'them'} are, so that a next one will come, and is in no slot when it does`,
            BEFORE,
          ),
        ]),
  ];
}
