import type {Config} from '../../../config/config.ts';
import type {LoadUnit} from '../../../domain/run/load-unit.ts';
import {BINARY} from './binary.ts';
import {COPY} from './copy.ts';
import {PG_DUMP} from './pg-dump.ts';
import type {Pipeline} from './pipeline.ts';

/** How a unit's data travels, and why not by a faster way; null where it is the fastest, or the one that was asked for. */
export interface Choice {
  readonly pipeline: Pipeline;
  readonly why: string | null;
}

/**
 * The method of a unit: what longhaul.yaml asks for where it can carry the unit; for `auto` and `binary` the fastest that is safe. `whyNotBinary` says of the unit's
 * table what keeps it from travelling in binary form. Pure.
 */
export function chooseMethod(
  unit: Pick<LoadUnit, 'id' | 'kind' | 'tables'>,
  {method}: Pick<Config['load'], 'method'>,
  whyNotBinary: string | null,
): Choice {
  if (!COPY.carries(unit)) return {pipeline: PG_DUMP, why: method === 'pg_dump' ? null : 'no other method brings it'};
  if (method === 'pg_dump' && PG_DUMP.carries(unit)) return {pipeline: PG_DUMP, why: null};
  if (!wantsBinary({method})) return {pipeline: COPY, why: method === 'copy' ? null : 'a part of a table'};
  if (!BINARY.carries(unit))
    return {pipeline: COPY, why: unit.kind === 'table' ? 'several tables in one stream' : null};
  return whyNotBinary === null ? {pipeline: BINARY, why: null} : {pipeline: COPY, why: whyNotBinary};
}

/** Whether it has to be known what keeps a table from travelling in binary form. Pure. */
export function wantsBinary({method}: Pick<Config['load'], 'method'>): boolean {
  return method === 'binary' || method === 'auto';
}
