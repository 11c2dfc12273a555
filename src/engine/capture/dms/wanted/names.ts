/** What DMS takes as an identifier: letters, digits and single hyphens, the first a letter, the last no hyphen, at most 255. Pure. */
function identifier(...parts: readonly string[]): string {
  return parts
    .join('-')
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .replace(/^(?![A-Za-z])/, 'l-')
    .replaceAll(/-{2,}/g, '-')
    .replace(/-$/, '')
    .slice(0, 255);
}

/** The identifier of the task of a slot: `longhaul-acme-prod-dms-slot-01`. */
export function taskName(run: string, slot: string): string {
  return identifier('longhaul', run, slot);
}

/** The identifier of the source endpoint of a slot, which names the slot: `longhaul-acme-prod-source-dms-slot-01`. */
export function sourceEndpointName(run: string, slot: string): string {
  return identifier('longhaul', run, 'source', slot);
}

/** The identifier of the target endpoint: `longhaul-acme-prod-target`. */
export function targetEndpointName(run: string): string {
  return identifier('longhaul', run, 'target');
}
