// A stand-in for the program `aws`, as far as the scripts of cdc.dms.mode: files call it: `aws dms OPERATION …`, by AWS's own SDK. LONGHAUL_AWS names the real one instead.
import {readFileSync} from 'node:fs';
import {setTimeout as wait} from 'node:timers/promises';
import {parseArgs} from 'node:util';
import {DatabaseMigrationService} from '@aws-sdk/client-database-migration-service';

const [service, ...words] = process.argv.slice(2);
if (service !== 'dms') throw new Error(`aws ${service ?? ''}: only dms is known here`);

const OPTIONS = [
  'region',
  'endpoint-url',
  'cli-input-json',
  'query',
  'output',
  'replication-instance-arn',
  'replication-task-arn',
  'endpoint-arn',
  'source-endpoint-arn',
  'target-endpoint-arn',
  'start-replication-task-type',
] as const;
const {values: given, positionals} = parseArgs({
  args: words,
  allowPositionals: true,
  options: {
    ...Object.fromEntries(OPTIONS.map((name) => [name, {type: 'string'} as const])),
    filters: {type: 'string'},
  },
});
const values: Readonly<Record<string, unknown>> = given;
const of = (name: string): string | undefined => {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
};

const client = new DatabaseMigrationService({
  region: of('region') ?? '',
  endpoint: of('endpoint-url') ?? '',
  credentials: {accessKeyId: 'lab', secretAccessKey: 'lab'},
});

/** `replication-task-arn` → `ReplicationTaskArn`. */
function pascal(word: string): string {
  return word.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function request(): object {
  const json = of('cli-input-json');
  const read: unknown =
    json === undefined ? {} : JSON.parse(json.startsWith('file://') ? readFileSync(json.slice(7), 'utf8') : json);
  const [, name, value] = /^Name=([^,]+),Values=(.*)$/.exec(of('filters') ?? '') ?? [];
  const own = OPTIONS.slice(OPTIONS.indexOf('output') + 1).flatMap((option) => {
    const word = of(option);
    return word === undefined ? [] : [[pascal(option), word] as const];
  });
  return {
    ...(typeof read === 'object' ? read : {}),
    ...Object.fromEntries(own),
    ...(name === undefined ? {} : {Filters: [{Name: name, Values: [value]}]}),
  };
}

/** `ReplicationTasks[0].ReplicationTaskArn`. */
function queried(answer: unknown, query: string): unknown {
  return query
    .split(/[.[\]]+/)
    .filter((part) => part !== '')
    .reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], answer);
}

async function call(operation: string, input: object): Promise<unknown> {
  const method: unknown = client[(operation[0]?.toLowerCase() + operation.slice(1)) as keyof typeof client];
  if (typeof method !== 'function') throw new Error(`aws dms: no operation ${operation}`);
  return Reflect.apply(method, client, [input]);
}

const STATUS: Readonly<Record<string, string>> = {
  'replication-task-ready': 'ready',
  'replication-task-stopped': 'stopped',
  'replication-task-deleted': 'ResourceNotFoundFault',
};

async function waitFor(what: string): Promise<void> {
  for (;;) {
    const status = await call('DescribeReplicationTasks', request()).then(
      (answer) => queried(answer, 'ReplicationTasks[0].Status'),
      (error: unknown) => (error instanceof Error ? error.name : ''),
    );
    if (status === STATUS[what]) return;
    await wait(100);
  }
}

const [command = '', what = ''] = positionals;
if (command === 'wait') await waitFor(what);
else {
  const answer = await call(pascal(command), request());
  const query = of('query');
  console.log(query === undefined ? JSON.stringify(answer) : String(queried(answer, query)));
}
