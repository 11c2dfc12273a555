// Writes dist/longhaul.1 at the end of the build, from the tables of the command line; npm installs it where man finds it.
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describeCommand} from '../src/cli/completion/describe.ts';
import {manPage} from '../src/cli/completion/man-page.ts';
import {EXAMPLES} from '../src/cli/commands.ts';
import {buildProgram} from '../src/cli/program.ts';
import {readVersion} from '../src/cli/version.ts';

const page = manPage(describeCommand(await buildProgram(['--help'], {})), {
  version: readVersion(),
  examples: EXAMPLES,
  date: new Date().toISOString().slice(0, 10),
});
writeFileSync(join(import.meta.dirname, '../dist/longhaul.1'), page);
