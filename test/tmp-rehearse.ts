import {serverBin} from './pairs/npm-servers.ts';
import {rehearse} from './pairs/rehearse.ts';
const [from = '13', to = '15'] = process.argv.slice(2);
const sourceBin = from.includes('/') ? from : await serverBin(from);
console.log(await rehearse({sourceBin, targetBin: await serverBin(to), hostile: true, method: 'copy'}));
