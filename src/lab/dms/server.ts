import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import {OPERATIONS} from './api/api.ts';
import {ApiError, parseObject} from './api/requests.ts';
import {makeStandIn, type StandIn, type StandInOptions} from './stand-in.ts';

const PREFIX = 'AmazonDMSv20160101.';

/**
 * A stand-in for AWS DMS, for rehearsals: speaks its API as the SDK calls it, reads the slots and applies to the target. It is a fixture: what it does not
 * prove of the real one is in docs/cdc.md. Listens on this machine alone, and asks nobody who they are.
 */
export async function serveStandIn(port: number, options: StandInOptions): Promise<Server> {
  const standIn = makeStandIn(options);
  const server = createServer((request, response) => {
    void handle(standIn, request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}

async function handle(standIn: StandIn, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const body = await readBody(request);
    const name = String(request.headers['x-amz-target'] ?? '').replace(PREFIX, '');
    const operation = OPERATIONS[name];
    if (operation === undefined) throw new ApiError('UnknownOperationException', `${name} is not known here`);
    answer(response, 200, await operation(standIn, parseObject(body)));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof ApiError) answer(response, 400, {__type: error.type, message});
    else answer(response, 500, {__type: 'InternalFailure', message});
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) if (Buffer.isBuffer(piece)) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, {'content-type': 'application/x-amz-json-1.1'});
  response.end(JSON.stringify(body));
}
