import type {Finding} from '../../../domain/run/finding.ts';
import {quoteIdentifier} from '../../../domain/pg/identifier.ts';
import {formatRelation, quoteRelation} from '../../../domain/pg/relation.ts';
import {
  isMoved,
  readDoubtfulPartitions,
  readIsMoved,
  type DoubtfulPartition,
} from '../../../pg/rows/moved-partitions.ts';
import {isWanted} from '../../inventory/is-wanted.ts';
import type {StepContext} from '../../step.ts';
import {found, listed} from '../found.ts';
import {askEach} from './read-rows.ts';

/** A partition, and whether it has rows that would not come into it today; null where there was not the time to know. */
export interface PartitionSeen {
  readonly partition: DoubtfulPartition;
  readonly moved: boolean | null;
}

/** Rows that came into their partition by a function that was replaced since: a load puts them where they were, and the target refuses them. */
export async function checkMovedPartitions(ctx: StepContext): Promise<Finding[]> {
  const source = await ctx.session('source');
  const statement = readDoubtfulPartitions(source.version);
  if (statement === null) return [];
  const partitions = (await source.run(statement)).filter((one) => isWanted(one, ctx.config.tables));
  const seen = await askEach(ctx, 'partitions', partitions, readIsMoved);
  return judgeMovedPartitions(seen.map(([partition, moved]) => ({partition, moved})));
}

/** Pure. */
export function judgeMovedPartitions(seen: readonly PartitionSeen[]): Finding[] {
  const {blocker, note} = found('data', 'rows');
  const [moved = [], unknown = []] = [true, null].map((is) => seen.filter((one) => one.moved === is));
  const inWords = (some: readonly PartitionSeen[]): string =>
    listed(some.map(({partition}) => formatRelation(partition)));
  return [
    ...(moved.length === 0
      ? []
      : [
          blocker(
            'rows-in-other-partitions',
            `partitions with rows that would come into another one today, for the function by which they are divided has changed; the target refuses them where they are: ${inWords(moved)}`,
            `on the source, from 11 on (a large one in pieces, by its key): ${moved.map(({partition}) => moveRows(partition)).join('; ')}`,
          ),
        ]),
    ...(unknown.length === 0
      ? []
      : [
          note(
            'rows-in-other-partitions',
            `whether rows of these partitions would come into another one today is not known, for the time was not enough to read them: ${inWords(unknown)}`,
          ),
        ]),
  ];
}

/** What brings the rows of a partition to where they belong today: for people, by its table at the top, for no row leaves a partition otherwise. Pure. */
export function moveRows({schema, name, condition, topSchema, topTable, column}: DoubtfulPartition): string {
  const [own, top] = [quoteRelation({schema, name}), quoteRelation({schema: topSchema, name: topTable})];
  const set = quoteIdentifier(column);
  return `UPDATE ${top} SET ${set} = ${set} WHERE tableoid = '${own.replaceAll("'", "''")}'::regclass AND ${isMoved(condition)}`;
}
