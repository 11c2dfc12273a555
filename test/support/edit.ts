import {readFile, writeFile} from 'node:fs/promises';
import type {Lab} from '../../src/lab/lab.ts';

/** Changes a lab's longhaul.yaml, each change where its words are first. */
export async function edit(
  lab: Pick<Lab, 'yamlPath'>,
  ...changes: readonly (readonly [RegExp | string, string])[]
): Promise<void> {
  const yaml = await readFile(lab.yamlPath, 'utf8');
  await writeFile(
    lab.yamlPath,
    changes.reduce((text, [from, to]) => text.replace(from, to), yaml),
  );
}
