import {reverseNameOf} from '../../../domain/pg/reverse-names.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import {readOtherSubscriptions} from '../../../pg/capture/pglogical-back.ts';
import {readLeftBehind} from '../../../pg/load/left-behind.ts';
import {applySetting, readRoleSettings, settingName, type SettingRow} from '../../../pg/roles/role-settings.ts';
import {renderStatement} from '../../../pg/session/statement.ts';
import {readInstalled} from '../dms/read-installed.ts';
import {namesOfSlots} from '../../plan/plan-slots.ts';
import {found, listed} from '../../preflight/found.ts';
import type {StepContext} from '../../step.ts';

/** What is written to the source and pglogical does not send on, without a word: what comes there by a subscription, and a TRUNCATE of a session that begins as a replica's. */
export async function checkNotSent(ctx: StepContext): Promise<Finding[]> {
  const source = await ctx.session('source');
  const ours = namesOfSlots(ctx.config.slots).map((name) => reverseNameOf(name));
  const native = (await source.run(readLeftBehind(source.version))).filter(({kind}) => kind === 'subscription');
  const others = await readInstalled(source, readOtherSubscriptions(ours));
  return [
    ...judgeSubscribed([...native, ...others].map(({name}) => name)),
    ...judgeReplicaSessions(await source.run(readRoleSettings()), ctx.config.servers.source.params['dbname'] ?? ''),
  ];
}

const {warning} = found('source');

/** A change with an origin is sent on by nobody: the way back would be a loop else. Pure. */
export function judgeSubscribed(subscriptions: readonly string[]): Finding[] {
  if (subscriptions.length === 0) return [];
  return [
    warning(
      'subscribed',
      `it subscribes to another server itself (${listed(subscriptions)}): what comes that way pglogical does not send on, and nobody is told`,
      'end these subscriptions before the run, leave their tables out (tables.exclude in longhaul.yaml), or take cdc.engine: native, which sends it',
    ),
  ];
}

/** Pure. */
export function judgeReplicaSessions(settings: readonly SettingRow[], database: string): Finding[] {
  return settings
    .filter((row) => settingName(row) === SETTING && row.setting.toLowerCase() === `${SETTING}=replica`)
    .map((row) => {
      const {role} = row;
      const origin = renderStatement(applySetting({...row, setting: `${SETTING}=origin`}, database));
      return warning(
        'truncate-as-replica',
        `sessions of ${role === null ? 'everybody in this database' : `role ${role}`} begin with ${SETTING} = replica: pglogical hears of no TRUNCATE of theirs, and the rows stay on the target without a word`,
        `have them DELETE until the cutover; or on the source, as superuser: ${origin}`,
      );
    });
}

const SETTING = 'session_replication_role';
