import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {
  countSentinels,
  readSentinelsSince,
  type SentinelCount,
  type SentinelsSince,
} from '../../../pg/capture/sentinels.ts';
import type {Session} from '../../../pg/session/session.ts';
import type {Statement} from '../../../pg/session/statement.ts';
import {isNotThere} from '../../schema/copy/apply-each.ts';
import type {Servers} from '../capture.ts';

/** What both servers have of these slots' sentinels. The target is asked first: what it has, the source had before. At least one slot. */
export async function readSentinelsOf(
  {source, target}: Servers,
  slots: readonly string[],
): Promise<{readonly counts: SentinelCount[]; readonly since: SentinelsSince[]}> {
  const counts = await orSayGone(target, countSentinels(slots));
  return {counts, since: await orSayGone(source, readSentinelsSince(counts))};
}

/** A table of ours that somebody has dropped is all that is seen of any slot from then on. */
async function orSayGone<Row>(server: Session, statement: Statement<Row>): Promise<Row[]> {
  try {
    return await server.run(statement);
  } catch (error) {
    if (!isNotThere(error) || !(error instanceof Error)) throw error;
    throw new LonghaulError({
      code: 'failed',
      message: `${error.message}: without it nothing tells how late a slot is; longhaul adopt longhaul_cdc.SLOT makes it anew`,
      remedy: 'longhaul adopt longhaul_cdc.SLOT, with the name of the slot, makes its table anew',
      cause: error,
    });
  }
}
