import {access, constants, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {printable} from '../../../domain/base/printable.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import {found} from '../../preflight/found.ts';
import type {NamedCommand} from './operator-commands.ts';

const {blocker} = found('cutover', 'longhaul.yaml');

/** The commands of the operator whose program is not on this machine, or is none: without it, they fail while writers wait, and one that has no undo leaves them waiting. */
export async function readPrograms(
  commands: readonly NamedCommand[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const {name, command} of commands)
    for (const part of ['run', 'undo', 'check'] as const) {
      const [program] = command[part] ?? [];
      if (program === undefined || (await isThere(program, env['PATH'] ?? ''))) continue;
      const where = program.includes('/') ? 'is not there, or may not be executed' : 'is in no folder of PATH';
      findings.push(
        blocker(
          'program',
          `${part} of cutover.${name} begins with ${printable(program)}, which ${where}`,
          'mend the command in longhaul.yaml, or have its program on this machine, for the user that runs longhaul; then longhaul cutover',
        ),
      );
    }
  return findings;
}

async function isThere(program: string, path: string): Promise<boolean> {
  const places = program.includes('/') ? [program] : path.split(':').map((folder) => join(folder, program));
  for (const place of places) if (await isExecutable(place)) return true;
  return false;
}

async function isExecutable(place: string): Promise<boolean> {
  try {
    await access(place, constants.X_OK);
    return (await stat(place)).isFile();
  } catch {
    return false;
  }
}
