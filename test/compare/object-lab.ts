import {readFile, writeFile} from 'node:fs/promises';
import {compareObjects} from '../../src/engine/compare/objects/compare-objects.ts';
import {makeMissing} from '../../src/engine/compare/objects/fix.ts';
import type {ObjectsCompared} from '../../src/engine/compare/objects/object-difference.ts';
import {startLab, type Lab} from '../../src/lab/lab.ts';
import {untilReplayed} from '../cases/feed.ts';
import {contextOn} from '../support/lab-context.ts';
import {FAULT_SCHEMA, FAULT_SCHEMA_10} from './fault-schema.ts';
import type {ObjectFault} from './object-faults.ts';

/** A lab whose source and target have the same objects, as two servers after a move. */
export interface ObjectLab {
  readonly lab: Lab;
  /** The release of the target: 15. */
  readonly release: number;
  readonly compare: () => Promise<ObjectsCompared>;
  /** Makes what is missing; gives what the server refused. */
  readonly fix: () => Promise<string[]>;
  readonly stop: () => Promise<void>;
}

/** Starts it; `bins` are the folders of the server programs. */
export async function startObjectLab(bins: {sourceBin?: string; targetBin?: string} = {}): Promise<ObjectLab> {
  const lab = await startLab({seed: false, ...bins});
  try {
    await wantAll(lab);
    await lab.target.sql(
      'CREATE ROLE app_owner; CREATE ROLE app LOGIN IN ROLE app_owner; CREATE ROLE reporting; GRANT app_owner TO longhaul',
    );
    await lab.target.sql('GRANT CREATE ON DATABASE app TO app_owner');
    const [source, target] = [await releaseOf(lab.source), await releaseOf(lab.target)];
    for (const server of [lab.source, lab.target])
      await server.sql(source >= 10 ? FAULT_SCHEMA + FAULT_SCHEMA_10 : FAULT_SCHEMA);
    await lab.target.sql('REVOKE CREATE ON DATABASE app FROM app_owner');
    // What every database had before 15, and copy-schema brings along.
    if (source < 15 && target >= 15) await lab.target.sql('GRANT CREATE ON SCHEMA public TO PUBLIC');
    await untilReplayed(lab);
    return {
      lab,
      release: Math.min(source, target),
      compare: async () => compareOn(lab),
      fix: async () => fixOn(lab),
      stop: async () => lab.stop(),
    };
  } catch (error) {
    await lab.stop();
    throw error;
  }
}

/** Nothing waits for cutover: every object is to be there. */
async function wantAll({yamlPath}: Lab): Promise<void> {
  const yaml = await readFile(yamlPath, 'utf8');
  await writeFile(yamlPath, yaml.replace('load:\n', 'load:\n  triggers: after-load\n'));
}

async function releaseOf(server: Lab['source']): Promise<number> {
  const [[number = '0'] = []] = await server.sql('SHOW server_version_num');
  return Math.floor(Number(number) / 10_000);
}

async function compareOn(lab: Lab): Promise<ObjectsCompared> {
  const ctx = await contextOn(lab);
  try {
    return await compareObjects(ctx);
  } finally {
    await ctx.close();
  }
}

async function fixOn(lab: Lab): Promise<string[]> {
  const ctx = await contextOn(lab);
  try {
    return await makeMissing(ctx, (await compareObjects(ctx)).differences);
  } finally {
    await ctx.close();
  }
}

/** Makes one change on a fresh copy of the target and says what is wrong with how it was named; null where it was named as it has to be. */
export async function tryFault({lab, compare}: ObjectLab, fault: ObjectFault): Promise<string | null> {
  await lab.target.sql('DROP DATABASE app', 'postgres');
  await lab.target.sql('CREATE DATABASE app OWNER longhaul TEMPLATE clean', 'postgres');
  await lab.target.sql(fault.change);
  const {differences} = await compare();
  if (differences.some(({object, differs}) => object === fault.object && differs === fault.differs)) return null;
  const named = differences.map(({object, differs}) => `${object} ${differs}`).join('; ');
  return `${fault.change}: not named as ${fault.object} ${fault.differs}, but as: ${named || 'nothing'}`;
}

/** Keeps the target as it is, for tryFault. */
export async function keepClean({lab}: ObjectLab): Promise<void> {
  await lab.target.sql('ALTER DATABASE app RENAME TO clean', 'postgres');
  await lab.target.sql('CREATE DATABASE app OWNER longhaul TEMPLATE clean', 'postgres');
}
