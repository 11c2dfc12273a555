import {isTooOld} from '../../../pg/session/versions.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import {formatServerVersion, isOlderRelease, majorOf, type ServerVersion} from '../../../domain/pg/server-version.ts';
import {readInRecovery, readWhichDatabase, type WhichDatabase} from '../../../pg/session/settings.ts';
import type {StepContext} from '../../step.ts';
import {found} from '../found.ts';

/** Whether the three servers are what they are called, and of releases that go together. */
export async function checkVersions(ctx: StepContext): Promise<Finding[]> {
  const [source, replica, target] = await Promise.all([
    ctx.session('source'),
    ctx.session('replica'),
    ctx.session('target'),
  ]);
  const [{inRecovery: sourceInRecovery}, {inRecovery: replicaInRecovery}, {inRecovery: targetInRecovery}] =
    await Promise.all([source.one(readInRecovery()), replica.one(readInRecovery()), target.one(readInRecovery())]);
  const [ofSource, ofTarget] = await Promise.all([source.one(readWhichDatabase()), target.one(readWhichDatabase())]);
  return [
    ...judgeSame(ofSource, ofTarget),
    ...[source, replica, target].map(({role, version}) =>
      found(role).note('server', `PostgreSQL ${formatServerVersion(version)}`),
    ),
    ...judgeVersions({
      source: {version: source.version, inRecovery: sourceInRecovery},
      replica: {version: replica.version, inRecovery: replicaInRecovery},
      target: {version: target.version, inRecovery: targetInRecovery},
    }),
  ];
}

/** Source and target that are one database: everything else that is seen of them follows from it. Pure. */
export function judgeSame(source: WhichDatabase, target: WhichDatabase): Finding[] {
  if (source.started !== target.started || source.port !== target.port || source.database !== target.database)
    return [];
  return [
    found('target').blocker(
      'is-the-source',
      `it is the source: database ${source.database} on the same server (started ${source.started} UTC, port ${source.port})`,
      '`target` in longhaul.yaml must name the managed server: its host, port and database',
    ),
  ];
}

interface ServerSeen {
  readonly version: ServerVersion;
  readonly inRecovery: boolean;
}

/** The three servers as they answered. */
export interface ServersSeen {
  readonly source: ServerSeen;
  readonly replica: ServerSeen;
  readonly target: ServerSeen;
}

/** A blocker among these makes every other check meaningless. Pure. */
export function judgeVersions({source, replica, target}: ServersSeen): Finding[] {
  const findings: Finding[] = [];
  if (isTooOld('source', source.version)) {
    findings.push(
      found('source').blocker(
        'version',
        `it is ${formatServerVersion(source.version)}; logical slots came with 9.4`,
        'upgrade it to 9.4 or newer first, or copy it another way',
      ),
    );
  }
  if (source.inRecovery) {
    findings.push(
      found('source').blocker('standby', 'it is a standby', '`source` in longhaul.yaml must name the primary'),
    );
  }
  if (!replica.inRecovery) {
    findings.push(
      found('replica').blocker(
        'not-a-standby',
        'it is not in recovery: a primary, or promoted',
        '`replica` in longhaul.yaml must name a streaming standby of the source',
      ),
    );
  } else if (majorOf(replica.version) !== majorOf(source.version)) {
    findings.push(
      found('replica').blocker(
        'release',
        `it is ${formatServerVersion(replica.version)}, the source ${formatServerVersion(source.version)}: no standby of it`,
        '`source` and `replica` must name a primary and its own standby',
      ),
    );
  }
  if (target.inRecovery) {
    findings.push(
      found('target').blocker('standby', 'it is a standby', '`target` in longhaul.yaml must name the writer'),
    );
  }
  if (isOlderRelease(target.version, source.version)) {
    findings.push(
      found('target').blocker(
        'older',
        `it is ${formatServerVersion(target.version)}, older than the source's ${formatServerVersion(source.version)}`,
        'choose a target of the same release or a newer one',
      ),
    );
  } else if (isTooOld('target', target.version)) {
    findings.push(
      found('target').warning(
        'release',
        `it is ${formatServerVersion(target.version)}; Longhaul was made for targets from 12 on`,
        'choose 12 or newer, or rehearse the whole move first',
      ),
    );
  }
  return findings;
}
