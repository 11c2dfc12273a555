import {writeFile} from 'node:fs/promises';
import {Command} from 'commander';
import {renderExample} from '../../config/example.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {say} from '../say.ts';

/** `longhaul init`: writes a commented configuration; never over one that is there. */
export function initCommand(): Command {
  return new Command('init').description('write a commented longhaul.yaml').action(async (_, command: Command) => {
    const {config: path} = command.optsWithGlobals<{config: string}>();
    if (path.trim() === '') {
      throw new LonghaulError({
        code: 'usage',
        message: 'the configuration has no name',
        remedy: 'name the file to write: --config FILE',
      });
    }
    try {
      await writeFile(path, renderExample(), {flag: 'wx', mode: 0o600});
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      throw new LonghaulError({
        code: 'usage',
        message: `${path} is there already and is left as it is`,
        remedy: 'name another file with --config FILE, or move that one away',
        cause: error,
      });
    }
    say({configPath: path}, `${path} is written. Fill in source, replica and target, then: longhaul check`);
  });
}
