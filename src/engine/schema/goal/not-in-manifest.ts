import type {Finding} from '../../../domain/run/finding.ts';
import {formatRelation} from '../../../domain/pg/relation.ts';
import {unknownIn, type Objects} from './manifest.ts';

/** What the target has and the manifest has not: stripped, it would not come back. `step` is who found it. Pure. */
export function notInManifest(step: string, manifest: Objects, there: Objects): Finding[] {
  const {indexes, foreignKeys, triggers, checks} = unknownIn(manifest, there);
  return [
    ...indexes.map((row) => ({row, what: 'index'})),
    ...foreignKeys.map((row) => ({row, what: 'foreign key'})),
    ...triggers.map((row) => ({row, what: 'trigger'})),
    ...checks.map((row) => ({row, what: 'check'})),
  ].map(({row, what}): Finding => {
    const table = formatRelation({schema: row.schema, name: row.table});
    const name = formatRelation({schema: row.schema, name: row.name});
    return {
      check: `${step}.not-in-manifest`,
      severity: 'blocker',
      subject: `table ${table}`,
      seen: `the target has a ${what} ${name} that the source does not have; stripped, it would not come back`,
      remedy: `create it on the source as well and run longhaul run --from copy-schema, or drop it on the target yourself and note it`,
    };
  });
}
