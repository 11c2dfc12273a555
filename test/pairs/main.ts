import {LonghaulError} from '../../src/domain/longhaul-error.ts';
import {startLab} from '../../src/lab/lab.ts';
import {verifyLab} from '../../src/lab/verify-lab.ts';
import {startWriteLoad} from '../../src/lab/write-load.ts';
import {longhaul} from '../support/longhaul.ts';
import {serverBin} from './npm-servers.ts';

const USUAL = ['10:12', '11:13', '12:14', '13:15', '14:16', '15:15', '15:16', '15:17', '15:18'];

/** `npm run pairs [-- 10:12 15:18]`: Phase I from one release to another under a live write load, hostile names among the tables; exit 1 where one fails. */
async function main(): Promise<void> {
  const pairs = process.argv.length > 2 ? process.argv.slice(2) : USUAL;
  for (const pair of pairs) {
    const problems = await rehearse(pair);
    console.log(`${pair.padEnd(8)} ${problems.length === 0 ? 'every table equal, by rows and checksum' : 'FAILED'}`);
    for (const problem of problems) console.log(`  ${problem}`);
    if (problems.length > 0) process.exitCode = 1;
  }
}

async function rehearse(pair: string): Promise<string[]> {
  const [from = Number.NaN, to = Number.NaN] = pair.split(':').map(Number);
  const lab = await startLab({
    size: 'tiny',
    hostile: true,
    sourceBin: await serverBin(String(from)),
    targetBin: await serverBin(String(to)),
  });
  try {
    await startWriteLoad(lab, 50);
    const run = await longhaul(lab, 'run', '--plain');
    if (run.code !== 0) return [`exit ${run.code}`, ...`${run.stdout}${run.stderr}`.trim().split('\n').slice(-5)];
    return [...(await verifyLab(lab)).problems];
  } catch (error) {
    if (error instanceof LonghaulError) return [error.message];
    throw error;
  } finally {
    await longhaul(lab, 'shutdown', '--lanes');
    await lab.stop();
  }
}

await main();
