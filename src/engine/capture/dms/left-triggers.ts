import {join} from 'node:path';
import type {JsonObject} from '../../../domain/base/json.ts';
import {dropTruncateTrigger, readLeftTriggers} from '../../../pg/replication/pglogical.ts';
import type {Session} from '../../../pg/session/session.ts';
import {renderStatement} from '../../../pg/session/statement.ts';
import {shellCommand} from '../../tools/shell-quote.ts';
import {writeWhole} from '../../run/run-folder.ts';
import type {StepContext} from '../../step.ts';
import {readInstalled} from './read-installed.ts';

/**
 * What is said of the truncate triggers that pglogical leaves on tables: nothing where there are none. Only a table's owner may drop one, and each
 * waits for whoever uses its table: so they are written down for a superuser, and not dropped.
 */
export async function nameLeftTriggers(
  ctx: StepContext,
  server: Session,
  on: 'source' | 'target' = 'source',
): Promise<JsonObject> {
  const left = await readInstalled(server, readLeftTriggers());
  if (left.length === 0) return {};
  const path = join(ctx.folder.path, `drop-truncate-triggers${on === 'source' ? '' : '-on-target'}.sql`);
  const statements = left.map((one) => `${renderStatement(dropTruncateTrigger(one))};\n`);
  // One statement a transaction, so that a table that is in use holds up none of the others; the file can be run again.
  await writeWhole(path, `SET lock_timeout = '2s';\n${statements.join('')}`);
  const stay =
    left.length === 1 ? '1 of pglogical stays on its table' : `${left.length} of pglogical stay on their tables`;
  return {
    truncateTriggers: `${stay} and do nothing any more; to drop them, as superuser on the ${on}, in a quiet moment: ${shellCommand(['psql', '-f', path])}`,
  };
}
