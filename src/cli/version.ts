import {readFileSync} from 'node:fs';
import {packageFile} from '../config/files/package-files.ts';

/** The package's version, `0.1.0`. */
export function readVersion(): string {
  const {version}: {version: string} = JSON.parse(readFileSync(packageFile('package.json'), 'utf8'));
  return version;
}
