import {parseArgs} from 'node:util';
import {binOf} from '../cases/servers.ts';
import {OBJECT_FAULTS} from './object-faults.ts';
import {keepClean, startObjectLab, tryFault} from './object-lab.ts';

/**
 * `npm run faults:objects [-- --from VERSION --to VERSION --only WORD]`: each single change of an object on a target that is otherwise as its
 * source has to be named by its object. A line for each that is not; the last line sums up. Exit 1 where one was missed, or where the unchanged rest differs.
 */
async function main(): Promise<void> {
  const {values} = parseArgs({
    options: {
      from: {type: 'string', default: '15'},
      to: {type: 'string', default: '15'},
      only: {type: 'string', default: ''},
    },
  });
  const objects = await startObjectLab({sourceBin: await binOf(values.from), targetBin: await binOf(values.to)});
  try {
    const {differences} = await objects.compare();
    for (const {object, differs, why} of differences) console.log(`FALSE ALARM ${object} ${differs}: ${why}`);
    await keepClean(objects);
    const faults = OBJECT_FAULTS.filter(
      ({from = 0, change}) => from <= objects.release && change.includes(values.only),
    );
    let missed = 0;
    for (const fault of faults) {
      const wrong = await tryFault(objects, fault).catch((error: unknown) => `${fault.change}: ${String(error)}`);
      if (wrong === null) continue;
      missed += 1;
      console.log(`MISSED ${wrong}`);
    }
    console.log(
      `${values.from} → ${values.to}: ${faults.length} changes of objects, ${missed} missed; ${differences.length} false alarms`,
    );
    process.exitCode = missed + differences.length > 0 ? 1 : 0;
  } finally {
    await objects.stop();
  }
}

await main();
