import type {WatchContext} from '../watch/watch-context.ts';
import type {ServerProbe} from './probe.ts';

/** What of the source's schema is not as it was at P, and not followed by the target: how many changes, which the journal names. */
export function schemaProbe(everyMs: number, readDrift: WatchContext['readDrift']): ServerProbe {
  return {
    name: 'schema:source',
    server: 'source',
    everyMs,
    async read(session) {
      const changes = await readDrift(session);
      const figures =
        changes === null
          ? []
          : [{name: 'drift', label: 'schema changes', value: changes, unit: 'count' as const, of: null}];
      return {probe: 'figures', of: 'schema', server: 'source', figures};
    },
  };
}
