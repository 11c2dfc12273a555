import {readFile} from 'node:fs/promises';
import {serveStandIn} from './server.ts';
import type {StandInOptions} from './stand-in.ts';

/** What the stand-in's process is told by the file that its argument names. */
export interface StandInFile extends StandInOptions {
  readonly port: number;
}

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error('bug: the stand-in wants the path of its settings');
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nobody else writes it
const {port, ...options} = JSON.parse(await readFile(path, 'utf8')) as StandInFile;
await serveStandIn(port, options);
