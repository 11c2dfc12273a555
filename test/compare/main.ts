import {parseArgs} from 'node:util';
import {binOf} from '../cases/servers.ts';
import {OBJECT_FAULTS} from './more-faults.ts';
import {keepClean, startAnew, startObjectLab} from './object-lab.ts';
import {tryFault, type TriedFault} from './try-fault.ts';

/**
 * `npm run faults:objects [-- --from VERSION --to VERSION --only WORD]`: each single change of an object on a target that is otherwise as its
 * source has to be named by its object, and what --fix makes and the remedies say has to mend it. A line for each that is not so; the last line sums up. Exit 1
 * where one was missed or not mended, or where the unchanged rest differs.
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
    const tried: TriedFault[] = [];
    for (const fault of faults) {
      const one = await tryFault(objects, fault).catch(async (error: unknown) => {
        await startAnew(objects);
        return {wrong: `${fault.change}: ${String(error)}`, fixed: 0, byHand: 0};
      });
      tried.push(one);
      if (one.wrong !== null) console.log(`MISSED ${one.wrong}`);
    }
    const missed = tried.filter(({wrong}) => wrong !== null).length;
    const sum = (of: (one: TriedFault) => number): number => tried.reduce((all, one) => all + of(one), 0);
    const people = faults.filter((fault) => fault.people === true).length;
    const mended = `${sum(({fixed}) => fixed)} statements by --fix, ${sum(({byHand}) => byHand)} as shown, ${people} for people`;
    console.log(
      `${values.from} → ${values.to}: ${faults.length} changes of objects, ${missed} missed or not mended (${mended}); ${differences.length} false alarms`,
    );
    process.exitCode = missed + differences.length > 0 ? 1 : 0;
  } finally {
    await objects.stop();
  }
}

await main();
