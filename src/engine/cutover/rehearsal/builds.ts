import {formatBytes, formatDuration} from '../../../domain/base/units.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import type {IndexRow} from '../../../pg/catalog/indexes.ts';
import {found, listedOut} from '../../preflight/found.ts';
import {indexObject, keyObject} from '../../schema/goal/object-names.ts';
import type {WaitingObjects} from '../waiting-objects.ts';

/** An index is built from about so many bytes of its table in a second. */
const BUILT_PER_SECOND = 50e6;

/** Pure. */
export function bytesOf(indexes: readonly Pick<IndexRow, 'tableBytes'>[]): number {
  return indexes.reduce((sum, {tableBytes}) => sum + tableBytes, 0);
}

/** How long indexes of tables of so many bytes take, in milliseconds, by experience. Pure. */
export function buildMs(bytes: number): number {
  return (bytes / BUILT_PER_SECOND) * 1000;
}

/** What takes more of the write stop's limit is a warning. */
const SHARE = 0.25;

/** What reads its whole table on the target while writes are stopped, with about how long. Pure. */
export function judgeBuilds(
  {readingKeys, deferrable = []}: Pick<WaitingObjects, 'readingKeys' | 'deferrable'>,
  writeStopLimitMs: number,
): Finding[] {
  if (deferrable.length + readingKeys.length === 0) return [];
  const ms = buildMs(bytesOf(deferrable));
  const names = [
    ...deferrable.map(
      (one) => `${indexObject(one)}, ${formatBytes(one.tableBytes)}, about ${formatDuration(buildMs(one.tableBytes))}`,
    ),
    ...readingKeys.map((key) => `${keyObject(key)}, whose partitions are read`),
  ];
  const {note, warning} = found('cutover', 'target');
  return [
    (ms > SHARE * writeStopLimitMs ? warning : note)(
      'built-in-stop',
      `while writes are stopped these are made, for they cannot be beside the changes that are applied: ${listedOut(names)}; in all about ${formatDuration(ms)} of cutover.write_stop_limit (${formatDuration(writeStopLimitMs)})`,
      'a unique constraint that is not deferrable comes back before the stop; where these are needed as they are, cutover.write_stop_limit has to be longer than they take',
    ),
  ];
}
