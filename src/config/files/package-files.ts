import {findPackageJSON} from 'node:module';
import {dirname, extname, join} from 'node:path';

const MANIFEST = findPackageJSON(import.meta.url) ?? 'package.json';

/** Whether this is the source itself, and not what was built of it: `longhaul` runs from either. */
const IS_SOURCE = extname(import.meta.url) === '.ts';

/** The path of a file of the package, by its path in it: `libexec/lane.sh`. What is built lies in other folders than its source, so that no file may look from its own. */
export function packageFile(path: string): string {
  return join(dirname(MANIFEST), path);
}

/** The path of what lies beside the sources, or beside what was built of them: `lab/seed/app.sql`. */
export function builtFile(path: string): string {
  return packageFile(join(IS_SOURCE ? 'src' : 'dist', path));
}

/** The path of a program of the package: `lab/dms/main` is TypeScript in the sources, JavaScript in what is built. */
export function builtProgram(path: string): string {
  return builtFile(`${path}${IS_SOURCE ? '.ts' : '.js'}`);
}
