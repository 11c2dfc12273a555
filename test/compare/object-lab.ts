import {readFile, writeFile} from 'node:fs/promises';
import {compareObjects} from '../../src/engine/compare/objects/compare-objects.ts';
import {makeMissing} from '../../src/engine/compare/objects/fix.ts';
import type {ObjectDifference, ObjectsCompared} from '../../src/engine/compare/objects/object-difference.ts';
import {startLab, type Lab} from '../../src/lab/lab.ts';
import {contextOn, type LabContext} from '../support/lab-context.ts';
import {faultSchema} from './fault-schema.ts';
import {untilReplayed} from '../support/replayed.ts';

/** A lab whose source and target have the same objects, as two servers after a move. */
export interface ObjectLab {
  readonly lab: Lab;
  /** The release of the target: 15. */
  readonly release: number;
  readonly compare: () => Promise<ObjectsCompared>;
  /** Makes what is missing, as --fix does: of what is compared now, or of these differences. Gives what the server refused. */
  readonly fix: (differences?: readonly ObjectDifference[]) => Promise<string[]>;
  /** Ends what is connected to the servers. */
  readonly leave: () => Promise<void>;
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
    for (const server of [lab.source, lab.target]) await server.sql(faultSchema(source));
    // As the grants of the README: before 10 only who may read a sequence knows how it was made.
    await lab.source.sql('GRANT USAGE ON SCHEMA f TO longhaul; GRANT SELECT ON ALL SEQUENCES IN SCHEMA f TO longhaul');
    await lab.target.sql('REVOKE CREATE ON DATABASE app FROM app_owner');
    // As a dump of a server before 10 makes it, whose sequences are all of bigint.
    if (source < 10 && target >= 10) await lab.target.sql('ALTER SEQUENCE f.parent_id_seq AS bigint');
    // What every database had before 15, and copy-schema brings along.
    if (source < 15 && target >= 15) await lab.target.sql('GRANT CREATE ON SCHEMA public TO PUBLIC');
    await untilReplayed(lab);
    const context = keepContext(lab);
    return {
      lab,
      release: Math.min(source, target),
      compare: async () => compareObjects(await context.get()),
      fix: async (differences) => {
        const ctx = await context.get();
        return makeMissing(ctx, differences ?? (await compareObjects(ctx)).differences);
      },
      leave: context.close,
      stop: async () => {
        await context.close();
        await lab.stop();
      },
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

/** One context for all comparisons, opened when the first wants it: programs are looked for and sessions opened once. */
function keepContext(lab: Lab): {readonly get: () => Promise<LabContext>; readonly close: () => Promise<void>} {
  let opened: Promise<LabContext> | null = null;
  return {
    get: async () => (opened ??= contextOn(lab)),
    close: async () => {
      const ctx = await opened;
      opened = null;
      await ctx?.close();
    },
  };
}

/** Keeps the target as it is, for startAnew. */
export async function keepClean({lab, leave}: ObjectLab): Promise<void> {
  await leave();
  await lab.target.sql('ALTER DATABASE app RENAME TO clean', 'postgres');
  await copyClean(lab);
}

/** Brings the target back to where it was kept. */
export async function startAnew({lab, leave}: ObjectLab): Promise<void> {
  await leave();
  await lab.target.sql('DROP DATABASE app', 'postgres');
  await copyClean(lab);
}

async function copyClean({target}: Lab): Promise<void> {
  await target.sql('CREATE DATABASE app OWNER longhaul TEMPLATE clean', 'postgres');
}
