import {quoteIdentifier} from '../../../domain/pg/identifier.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import {readRoleSettings, settingName, type SettingRow} from '../../../pg/roles/role-settings.ts';
import {found} from '../../preflight/found.ts';
import type {StepContext} from '../../step.ts';

/** Whether sessions of the source begin as a replica's, in which pglogical's trigger does not write down a TRUNCATE. */
export async function checkTruncates(ctx: StepContext): Promise<Finding[]> {
  const source = await ctx.session('source');
  return judgeReplicaSessions(await source.run(readRoleSettings()), ctx.config.servers.source.params['dbname'] ?? '');
}

const {warning} = found('source');

/** Pure. */
export function judgeReplicaSessions(settings: readonly SettingRow[], database: string): Finding[] {
  return settings
    .filter((row) => settingName(row) === SETTING && row.setting.toLowerCase() === `${SETTING}=replica`)
    .map(({role, inDatabase}) => {
      const place = `DATABASE ${quoteIdentifier(database)}`;
      const what = role === null ? place : `ROLE ${quoteIdentifier(role)}${inDatabase ? ` IN ${place}` : ''}`;
      return warning(
        'truncate-as-replica',
        `sessions of ${role === null ? 'everybody in this database' : `role ${role}`} begin with ${SETTING} = replica: pglogical hears of no TRUNCATE of theirs, and the rows stay on the target without a word`,
        `have them DELETE until the cutover; or on the source, as superuser: ALTER ${what} RESET ${SETTING}`,
      );
    });
}

const SETTING = 'session_replication_role';
