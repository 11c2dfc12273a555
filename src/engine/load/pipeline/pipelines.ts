import type {Config} from '../../../config/config.ts';
import type {LoadUnit} from '../../../domain/run/load-unit.ts';
import {COPY} from './copy.ts';
import {PG_DUMP} from './pg-dump.ts';
import type {Pipeline} from './pipeline.ts';

const PIPELINES: readonly Pipeline[] = [PG_DUMP, COPY];

/** How a unit's data travels: by the method of longhaul.yaml where it can carry the unit, else by the first that can. Pure. */
export function pipelineOf(
  unit: Pick<LoadUnit, 'id' | 'kind' | 'tables'>,
  {method}: Pick<Config['load'], 'method'>,
): Pipeline {
  const able = PIPELINES.filter((pipeline) => pipeline.carries(unit));
  const chosen = able.find((pipeline) => pipeline.method === method) ?? able[0];
  if (chosen === undefined) throw new Error(`bug: no method carries ${unit.id}`);
  return chosen;
}

/** The method that a lane's folder names; a lane that an older version started names none, and ran pg_dump. Pure. */
export function pipelineNamed(method: string): Pipeline {
  return PIPELINES.find((pipeline) => pipeline.method === method.trim()) ?? PG_DUMP;
}
