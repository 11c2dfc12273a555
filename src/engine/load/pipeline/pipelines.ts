import type {LoadUnit} from '../../../domain/run/load-unit.ts';
import {PG_DUMP} from './pg-dump.ts';
import type {Pipeline} from './pipeline.ts';

/** Every method; the first that can carry a unit does. */
const PIPELINES: readonly Pipeline[] = [PG_DUMP];

/** How a unit's data travels. Pure. */
export function pipelineOf({kind}: Pick<LoadUnit, 'kind'>): Pipeline {
  const pipeline = PIPELINES.find(({carries}) => carries.includes(kind));
  if (pipeline === undefined) throw new Error(`bug: no method carries a unit of kind ${kind}`);
  return pipeline;
}

/** The method that a lane's folder names; a lane that an older version started names none, and ran pg_dump. Pure. */
export function pipelineNamed(method: string): Pipeline {
  return PIPELINES.find((pipeline) => pipeline.method === method.trim()) ?? PG_DUMP;
}
