import {isMap, isScalar, isSeq, type Document, type LineCounter} from 'yaml';

/** Where in a YAML text the nearest key is that is there, line and column from 1; null for the document itself. */
export function placeOf(
  document: Document,
  lines: LineCounter,
  keys: readonly PropertyKey[],
): {readonly line: number; readonly col: number} | null {
  for (let depth = keys.length; depth > 0; depth -= 1) {
    const parent: unknown = depth === 1 ? document.contents : document.getIn(keys.slice(0, depth - 1), true);
    const range = rangeOf(parent, keys[depth - 1] ?? '');
    if (range !== null) return lines.linePos(range[0]);
  }
  return null;
}

function rangeOf(parent: unknown, key: PropertyKey): readonly [number, number, number] | null {
  if (isMap(parent)) {
    const pair = parent.items.find((one) => isScalar(one.key) && String(one.key.value) === String(key));
    return isScalar(pair?.key) ? (pair.key.range ?? null) : null;
  }
  const item: unknown = isSeq(parent) && typeof key === 'number' ? parent.items[key] : null;
  return isScalar(item) || isMap(item) || isSeq(item) ? (item.range ?? null) : null;
}
