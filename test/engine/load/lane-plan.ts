import type {LoadUnit} from '../../../src/domain/run/load-unit.ts';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import type {LanePlan} from '../../../src/engine/load/pipeline/lane-files.ts';
import {pipelineNamed} from '../../../src/engine/load/pipeline/pipelines.ts';
import {ALL_TABLES, relation} from '../plan/inventory.ts';

/** The P of these plans. */
export const P = parseLsn('0/500');

/** A unit of these tables; what it is follows from its id. */
export function unit(id: string, ...tables: string[]): LoadUnit {
  return {id, kind: id === 'rest' || id === 'large-objects' ? id : 'table', tables: tables.map(relation), bytes: 1};
}

const tool = (name: string) => ({path: `/pg/bin/${name}`, version: 150_000});

/** The lane of one table by this method, with what is said otherwise. */
export function lanePlan(method: string, change: Partial<LanePlan> = {}): LanePlan {
  return {
    unit: unit('01-a', 'public.a'),
    all: [],
    wanted: ALL_TABLES,
    entry: {run: 'acme', boundary: P, unit: '01-a', attempt: 2, tables: ['"public"."a"']},
    boundary: {
      lsn: P,
      postmasterStart: '2026-11-23 22:10:03.123456',
      timeline: 1,
      systemIdentifier: '7',
      capturedAt: '',
    },
    pipeline: pipelineNamed(method),
    replicaVersion: 150_000,
    columns: [],
    freeze: false,
    targetVersion: 150_000,
    frame: {before: '-- before\n', after: '-- after\n'},
    throttle: null,
    tools: {pgDump: tool('pg_dump'), pgRestore: tool('pg_restore'), psql: tool('psql'), pv: null},
    replica: "host=b dbname='my app'",
    target: 'host=c',
    ...change,
  };
}

/** Whether these words come in the text in this order. */
export function inOrder(text: string, ...words: string[]): boolean {
  const places = words.map((word) => text.indexOf(word));
  return places.every((place, index) => place >= 0 && place > (places[index - 1] ?? -1));
}
