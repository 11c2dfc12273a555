import {reverseNameOf} from '../../../../domain/pg/reverse-names.ts';
import type {ServerVersion} from '../../../../domain/pg/server-version.ts';
import {mirroredWords} from '../../../../domain/run/back/mirror.ts';
import type {Finding} from '../../../../domain/run/finding.ts';
import {readPglogicalRights} from '../../../../pg/replication/pglogical-rights.ts';
import {readReplicationSets} from '../../../../pg/replication/pglogical.ts';
import {readRoleRights} from '../../../../pg/roles/rights.ts';
import {setList} from '../../../../pg/session/alter-system.ts';
import {readSettings, readUsage} from '../../../../pg/session/settings.ts';
import {maybe} from '../../../../pg/session/versions.ts';
import {mirrored} from '../../../back/mirrored.ts';
import {namesOfSlots} from '../../../plan/plan-slots.ts';
import {found} from '../../../preflight/found.ts';
import {parseNameList} from '../../../preflight/name-list.ts';
import type {StepContext} from '../../../step.ts';
import {judgeSet} from '../../dms/create-replication-sets.ts';
import {readInstalled} from '../../dms/read-installed.ts';
import {DECODING, judgeDecoding, judgeTriggers} from '../../native/reverse/check-reverse.ts';
import {mapOf} from '../../native/judge-start.ts';
import {plannedSets} from '../../objects.ts';
import {judgeOthersSlots, judgeTakenSubscriptions} from '../anchor/judge-prepared.ts';
import {PGLOGICAL_NEEDS} from '../needs.ts';
import {judgePglogicalTarget, readTargetSeen} from '../check-pglogical-target.ts';
import {readOurSubscriptions, readPglogicalSlots} from '../read-subscriptions.ts';

const {blocker, warning} = found('way-back', 'source');

/** Whether the target can keep what is written there for the source, and pglogical can apply it on the source; nothing where no way back is wanted. */
export async function checkReverse(ctx: StepContext): Promise<Finding[]> {
  if (!ctx.config.cutover.reverse) return [];
  const {version} = await ctx.session('source');
  if (maybe('slotConfirmedFlush', version) === 'NULL::pg_lsn')
    return [
      blocker(
        'version',
        'before 9.6 the source does not show what its workers wait for: the way back cannot be watched there',
        'set cutover.reverse: no',
      ),
    ];
  return [
    ...(await checkDecoding(ctx)),
    ...(await checkPasswords(ctx, version)),
    ...(await checkSubscriber(ctx)),
    ...(await checkTaken(ctx)),
    ...(await judgeTriggers(ctx)),
  ];
}

function namesOf({config}: Pick<StepContext, 'config'>): string[] {
  return namesOfSlots(config.slots).map((name) => reverseNameOf(name));
}

/** Slots of an earlier cutover that went back are there, and in use. */
async function checkDecoding(ctx: StepContext): Promise<Finding[]> {
  const target = await ctx.session('target');
  const settings = mapOf(await target.run(readSettings([...DECODING, PLUGINS])));
  const rights = await target.one(readRoleRights(target.version));
  const made = (await readPglogicalSlots(mirrored(ctx))).filter(({name}) =>
    ctx.state().claimed.includes(`back-slot ${name}`),
  );
  return [
    ...judgeDecoding({
      settings,
      usage: await target.one(readUsage(target.version)),
      missing: namesOf(ctx).length - made.length,
      role: rights.role,
      mayMakeSlots: rights.superuser || rights.replication,
    }),
    ...judgePlugins(settings.get(PLUGINS)),
  ];
}

const PLUGINS = 'output_plugin_libraries';

/** Minor releases of 2026 decode with plugins alone that are named. Pure. */
export function judgePlugins(plugins: string | undefined): Finding[] {
  if (plugins === undefined || parseNameList(plugins).includes(PGLOGICAL_NEEDS.slots.plugin)) return [];
  const all = [...new Set([...parseNameList(plugins).filter((name) => name !== ''), 'pglogical', 'pglogical_output'])];
  return [
    found('way-back', 'target').blocker(
      'plugins',
      `${PLUGINS} is ${plugins}: a slot for pglogical_output fails`,
      `on the target, as superuser: ${setList(PLUGINS, all)}; SELECT pg_reload_conf()`,
    ),
  ];
}

/** How the role's password is kept only a superuser sees; how the next one will be everybody does. */
async function checkPasswords(ctx: StepContext, version: ServerVersion): Promise<Finding[]> {
  const settings = mapOf(await (await ctx.session('target')).run(readSettings(['password_encryption'])));
  return judgePasswords(version, settings.get('password_encryption'));
}

/** Pure. */
export function judgePasswords(version: ServerVersion, encryption: string | undefined): Finding[] {
  if (maybe('knowsScram', version) !== null || encryption !== 'scram-sha-256') return [];
  return [
    warning(
      'scram',
      'its server is older than SCRAM, and the target keeps passwords for SCRAM: it cannot log in there with one',
      "on the target: SET password_encryption = 'md5', then ALTER ROLE … PASSWORD for the role of cutover.target_for_source (on RDS: password_encryption of the parameter group)",
    ),
  ];
}

/** What a target has to be for pglogical to apply there the source has to be now. */
async function checkSubscriber(ctx: StepContext): Promise<Finding[]> {
  const there = mirrored(ctx);
  const seen = await readTargetSeen(there, namesOf(ctx));
  // What applications may do beside pglogical the check of the source tells.
  const known = new Set(['target.pglogical-version', 'target.pglogical-open']);
  return judgePglogicalTarget(seen)
    .filter(({check}) => !known.has(check))
    .map((finding) => (finding.check === 'target.not-strict' ? notStrict(finding) : turned(finding)));
}

/** A finding of a target as one of the source. Pure. */
function turned({check, severity, seen, remedy}: Finding): Finding {
  return {
    check: check.replace(/^[^.]+/, 'way-back'),
    severity,
    subject: 'source',
    seen: mirroredWords(seen),
    remedy: mirroredWords(remedy),
  };
}

/** Nobody restarts production for it. Pure. */
function notStrict(finding: Finding): Finding {
  return {
    ...turned(finding),
    remedy:
      'see that nobody writes to the source after the hand-over, not even a superuser: then nothing collides there',
  };
}

/** What is there under the names of the way back, and is not the run's. */
async function checkTaken(ctx: StepContext): Promise<Finding[]> {
  const there = mirrored(ctx);
  const {claimed} = there.state();
  const planned = namesOf(ctx);
  const [rights] = await (await ctx.session('source')).run(readPglogicalRights());
  const subscriptions = rights?.mayUse === true && rights.mayCall ? await readOurSubscriptions(there, planned) : [];
  const [onTarget] = await (await ctx.session('target')).run(readPglogicalRights());
  const sets = onTarget?.mayUse === true ? await readInstalled(await ctx.session('target'), readReplicationSets()) : [];
  const wanted = plannedSets(planned.map((name) => ({name})));
  return [
    ...judgeTakenSubscriptions({subscriptions}, claimed),
    ...judgeOthersSlots({planned, subscriptions, slots: await readPglogicalSlots(there)}, claimed),
    ...sets
      .filter(({name}) => wanted.some((one) => one.name === name))
      .flatMap((set) => judgeSet(set, wanted, claimed)),
  ].map(({subject, ...finding}) => ({...turned({...finding, subject}), subject}));
}
