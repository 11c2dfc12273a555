import {parseArgs} from 'node:util';
import {formatDuration} from '../../../src/domain/base/units.ts';
import {serverBin} from '../../pairs/npm-servers.ts';
import {findOldServer} from '../../pairs/old-server.ts';
import {tryChanges, tryChangesBySeed, type TriedChanges} from './try-changes.ts';

/** The last is left out where there is no 9.6. */
const USUAL = ['15:15', '13:15', '15:18', '18:18', '9.6:15'];
/** From this release of a source on no pg_dump is here: npm's servers have none. */
const BY_SEED = 16;

/** `npm run faults:compare [-- PAIR …]`: single changes of values and rows, of every built-in type, each found and named; exit 1 where one is missed, a type of the servers is left out, or a table is said to differ that does not. */
async function main(): Promise<void> {
  const {positionals} = parseArgs({allowPositionals: true});
  const beganMs = Date.now();
  const tried: TriedChanges[] = [];
  for (const pair of positionals.length > 0 ? positionals : USUAL) {
    const [from = '', to = ''] = pair.split(':');
    const sourceBin = from === '9.6' ? findOldServer() : await serverBin(from);
    if (sourceBin === null) {
      console.log(`${pair}: left out, there is no 9.6 here: LONGHAUL_PG96`);
      continue;
    }
    const release = Number.parseInt(from, 10);
    const attempt = release >= BY_SEED ? tryChangesBySeed : tryChanges;
    const one = await attempt({sourceBin, targetBin: await serverBin(to)}, release);
    tried.push(one);
    console.log(`${pair}: ${wordsOf([one])}`);
    for (const words of [...one.missed, ...one.falseAlarms]) console.log(`  ${words}`);
  }
  console.log(`comparison: ${tried.length} pairs, ${wordsOf(tried)}, in ${formatDuration(Date.now() - beganMs)}`);
  process.exitCode = tried.every(({missed, falseAlarms}) => missed.length + falseAlarms.length === 0) ? 0 : 1;
}

function wordsOf(tried: readonly TriedChanges[]): string {
  const sum = (of: (one: TriedChanges) => number): number => tried.reduce((total, one) => total + of(one), 0);
  return `${sum((one) => one.changes)} changes, ${sum((one) => one.missed.length)} missed; ${sum((one) => one.falseAlarms.length)} false alarms in ${sum((one) => one.tables)} tables`;
}

await main();
