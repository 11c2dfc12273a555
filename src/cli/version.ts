import {readFileSync} from 'node:fs';
import {join} from 'node:path';

/** The package's version, `0.1.0`. The sources and the built package lie equally deep under package.json. */
export function readVersion(): string {
  const {version}: {version: string} = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'),
  );
  return version;
}
