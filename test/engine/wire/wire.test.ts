import {mkdtempSync, rmSync, statSync} from 'node:fs';
import {connect, createServer, type Socket} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {Command} from '../../../src/domain/run/command.ts';
import {createWireClient, type ClientEvent} from '../../../src/engine/wire/client.ts';
import {PROTOCOL, type ServerMessage} from '../../../src/engine/wire/protocol.ts';
import {startWireServer, type WireServer} from '../../../src/engine/wire/server.ts';
import {eventually} from '../../support/longhaul.ts';

const said = (message: string): ServerMessage => ({type: 'refused', message, remedy: ''});
const ATTACH = {type: 'attach', protocol: PROTOCOL, who: 'ana@jump1 (test)', readOnly: false};

const asLine = (message: unknown): string => `${JSON.stringify(message)}\n`;
const closed = async (socket: Socket) => eventually('the end of it', async () => (socket.closed ? true : null));

describe('the supervisor’s socket', () => {
  let folder: string;
  let path: string;
  let server: WireServer;
  let commands: {command: Command; who: string}[];
  const open: Socket[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lh-wire-'));
    path = join(folder, 's');
    commands = [];
    server = await startWireServer(path, {
      hello: () => said('hello'),
      snapshot: () => said('snapshot'),
      command: async (command, who) => {
        commands.push({command, who});
        return {ok: true, message: `did ${command.type}`};
      },
      plan: async () => ({ok: true, actions: [{on: 'replica', text: 'SELECT 1'}]}),
      readLog: async () => null,
    });
  });
  afterEach(async () => {
    for (const socket of open.splice(0)) socket.destroy();
    await server.close();
    rmSync(folder, {recursive: true, force: true});
  });

  /** A client that says these lines, and what it hears until nothing comes any more or the connection ends. */
  async function talk(...lines: readonly string[]): Promise<{heard: Record<string, unknown>[]; socket: Socket}> {
    const socket = connect(path);
    open.push(socket);
    const heard: Record<string, unknown>[] = [];
    let rest = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => {
      const parts = (rest + String(chunk)).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts.filter((line) => !line.includes('"beat"'))) heard.push(JSON.parse(part));
    });
    socket.on('error', () => undefined);
    for (const line of lines) socket.write(line);
    await eventually('an answer', async () => (heard.length > 0 || socket.closed ? true : null));
    return {heard, socket};
  }
  test('is this user’s alone', () => {
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test.each([
    ['no JSON', 'GET / HTTP/1.1\n', /JSON/],
    ['no message of ours', asLine({type: 'sudo'}), /not understood/],
    [
      'a command before attach',
      asLine({type: 'command', id: 1, command: {type: 'hold'}}),
      /first message must be attach/,
    ],
    [
      'another version',
      asLine({...ATTACH, protocol: 99, more: true}),
      new RegExp(`speaks protocol ${PROTOCOL}, this client 99`),
    ],
    ['a key too many', asLine({...ATTACH, shell: 'rm'}), /not understood/],
    ['a line without an end', 'x'.repeat(5 * 1024 * 1024), /without an end/],
  ])('%s is refused in words, and the connection ends', async (_, text, words) => {
    const {heard, socket} = await talk(text);
    expect(heard[0]).toMatchObject({type: 'refused', message: expect.stringMatching(words)});
    await closed(socket);
    expect(commands).toEqual([]);
  });

  test('a command that is none is refused, and nothing of it runs', async () => {
    const {heard, socket} = await talk(
      asLine(ATTACH),
      asLine({type: 'command', id: 1, command: {type: 'shutdown', lanes: 'yes'}}),
    );
    await closed(socket);
    expect(heard.at(-1)).toMatchObject({type: 'refused', message: expect.stringContaining('not understood')});
    expect(commands).toEqual([]);
  });

  test('who asks stands beside what is asked; a read-only client asks for nothing', async () => {
    const writing = createWireClient({path, who: 'ana@jump1 (test)', readOnly: false, now: Date.now});
    const reading = createWireClient({path, who: 'bob@jump1 (test)', readOnly: true, now: Date.now});
    const attached = async (client: typeof writing) => {
      const answered = eventually('a connection', async () => {
        const reply = await client.send({type: 'hold'});
        return reply.ok || !reply.message.includes('no connection') ? reply : null;
      });
      return answered;
    };
    expect(await attached(writing)).toMatchObject({ok: true, message: 'did hold'});
    expect(await attached(reading)).toMatchObject({ok: false, message: 'this client is attached read-only'});
    expect(commands).toEqual([{command: {type: 'hold'}, who: 'ana@jump1 (test)'}]);
    writing.close();
    reading.close();
  });

  test('a client that does not read is cut off, and the others hear everything in sequence', async () => {
    const slow = connect(path);
    open.push(slow);
    slow.on('error', () => undefined);
    slow.write(asLine(ATTACH));
    slow.pause();
    const {heard} = await talk(asLine({...ATTACH, readOnly: true}));
    const block = 'x'.repeat(1024 * 1024);
    for (let n = 0; n < 40; n += 1) {
      server.broadcast(said(`${n} ${block}`));
      await eventually(`message ${n}`, async () => (heard.length >= n + 3 ? true : null));
    }
    expect(heard.slice(2).map(({message}) => Number.parseInt(String(message), 10))).toEqual([...Array(40).keys()]);
    slow.resume();
    await closed(slow);
  });

  test('a supervisor that lives says so, and one that hangs is told from it within seconds', async () => {
    const heard: ClientEvent[] = [];
    let now = 1_000_000;
    const client = createWireClient({path, who: 'ana', readOnly: true, now: () => now});
    client.on((event) => heard.push(event));
    await eventually('a beat', async () => (heard.some(({type}) => type === 'beat') ? true : null));
    expect(heard.some(({type}) => type === 'lost')).toBe(false);
    // One that accepts connections, has said hello and says nothing any more.
    const hanging = createServer((socket) => {
      open.push(socket);
      socket.write(asLine({type: 'hello', protocol: PROTOCOL, pid: 1, facts: {}}));
    });
    const silent = join(folder, 'h');
    await new Promise<void>((resolve) => {
      hanging.listen(silent, resolve);
    });
    const deaf: ClientEvent[] = [];
    const other = createWireClient({path: silent, who: 'ana', readOnly: true, now: () => now});
    other.on((event) => deaf.push(event));
    await eventually('hello', async () => (deaf.length > 1 ? true : null));
    now += 60_000;
    const lost = await eventually('silence', async () => deaf.find(({type}) => type === 'lost') ?? null, 15_000);
    expect(lost).toMatchObject({at: new Date(1_000_000).toISOString(), why: 'the supervisor does not answer'});
    expect(await other.send({type: 'hold'})).toMatchObject({ok: false, message: 'the supervisor does not answer'});
    other.close();
    client.close();
    hanging.close();
  }, 20_000);

  test('a client hears that a supervisor which talks nonsense is lost, and lives on', async () => {
    const nonsense = join(folder, 'n');
    const other = createServer((socket) => {
      open.push(socket);
      socket.write('}{\n');
    });
    await new Promise<void>((resolve) => {
      other.listen(nonsense, resolve);
    });
    const heard: ClientEvent[] = [];
    const client = createWireClient({path: nonsense, who: 'ana', readOnly: true, now: Date.now});
    client.on((event) => heard.push(event));
    const lost = await eventually('a lost connection', async () => heard.find(({type}) => type === 'lost') ?? null);
    expect(lost).toMatchObject({why: expect.stringContaining('cannot be read')});
    client.close();
    other.close();
  });
});
