import {chmod, rename, writeFile} from 'node:fs/promises';
import {formatMetrics, type MetricsSource} from './open-metrics.ts';

/** Writes the metrics so that the collector finds the old file or the new, never a part: node_exporter reads `*.prom` of its folder. */
export async function writeMetrics(path: string, source: MetricsSource): Promise<void> {
  const draft = `${path}.${process.pid}.new`;
  // node_exporter is another user; nothing in it is secret.
  await writeFile(draft, formatMetrics(source));
  // Whatever the umask is.
  await chmod(draft, 0o644);
  await rename(draft, path);
}
