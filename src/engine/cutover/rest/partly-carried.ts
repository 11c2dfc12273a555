import {fenceLine} from '../../../domain/pg/boundary.ts';
import type {RelationName} from '../../../domain/pg/relation.ts';
import {SENTINEL_SCHEMA} from '../../../pg/capture/sentinels.ts';
import {readRestFacts} from '../../../pg/cutover/rest-tables.ts';
import {captureOf} from '../../capture/own-capture.ts';
import {openBaseline} from '../../compare/drift/baseline.ts';
import type {StepContext} from '../../step.ts';
import {readMovedTables} from '../moved-tables.ts';

/** A table of which change capture brings some changes and not others. */
export interface PartlyCarried {
  readonly table: RelationName;
  /** `inserts only`: it has no replica identity, or had none when change capture was made. */
  readonly kind: 'inserts-only' | 'truncated';
}

/** The moved tables of which change capture brings some changes and not others. */
export async function readPartlyCarried(ctx: StepContext): Promise<PartlyCarried[]> {
  const {live, slots = []} = captureOf(ctx) ?? {};
  if (live === undefined) return [];
  const source = await ctx.session('source');
  const inserts = (await live.readInsertsOnly(source, slots)).filter(({schema}) => schema !== SENTINEL_SCHEMA);
  const truncated = live.carriesTruncate(source.version) ? [] : await readTruncated(ctx);
  return [
    ...inserts.map((table) => ({table, kind: 'inserts-only'}) as const),
    // A table may be both: the later kind counts.
    ...truncated.map((table) => ({table, kind: 'truncated'}) as const),
  ];
}

/** The moved tables whose file is another than at P, as it is after TRUNCATE; where nothing tells of P, those that ever had another. */
async function readTruncated(ctx: StepContext): Promise<RelationName[]> {
  const source = await ctx.session('source');
  const facts = await source.run(readRestFacts(source.version, await readMovedTables(ctx)));
  const {boundary} = ctx.state();
  const baseline = boundary === null ? null : await openBaseline(ctx.folder, fenceLine(boundary));
  try {
    const changed: RelationName[] = [];
    for (const {oid, file, schema, name} of facts) {
      // The file that it was made with.
      if (file === oid) continue;
      const then = (await baseline?.read({catalog: 'pg_class', oid}))?.find(({kind}) => kind === 'rewrite');
      if (file !== (then?.parts['file'] ?? oid)) changed.push({schema, name});
    }
    return changed;
  } finally {
    await baseline?.close();
  }
}
