import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {quoteRelation, type RelationName} from '../../../domain/pg/relation.ts';
import type {IndexRow} from '../../../pg/catalog/indexes.ts';
import {captureNeeds} from '../../capture/needs.ts';
import type {StepContext} from '../../step.ts';
import {readManifestFile, type Manifest} from '../goal/manifest.ts';
import {divideManifest} from '../goal/waits.ts';
import {byTable} from './table-work.ts';

/** What tables are to have by the manifest as soon as they are in. */
export interface Wanted {
  of(table: RelationName): readonly IndexRow[];
}

/** The indexes of every table but those that longhaul.yaml has wait. Pure. */
export function wantedBy(manifest: Manifest, config: StepContext['config']): Wanted {
  const {now} = divideManifest(manifest, config.load, captureNeeds(config));
  const tables = byTable(now.indexes);
  return {of: (table) => tables.get(quoteRelation(table)) ?? []};
}

/**
 * What is built beside the load. Where there is no manifest to build by, nothing is: the load goes on, and build-indexes says what is wrong with it.
 */
export async function readWanted({folder, config}: Pick<StepContext, 'folder' | 'config'>): Promise<Wanted> {
  const manifest = await readManifestFile(folder).catch((error: unknown) => {
    if (error instanceof LonghaulError) return null;
    throw error;
  });
  return manifest === null ? {of: () => []} : wantedBy(manifest, config);
}
