import {mkdtempSync, rmSync, statSync} from 'node:fs';
import {connect, createServer, type Socket} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {createWireClient, isUnanswered, type ClientEvent} from '../../../src/engine/wire/client.ts';
import {lineCutter} from '../../../src/engine/wire/lines.ts';
import {isListening} from '../../../src/engine/wire/probe-socket.ts';
import {clientMessage, PROTOCOL, type ServerMessage} from '../../../src/engine/wire/protocol.ts';
import {startWireServer, type WireServer} from '../../../src/engine/wire/server.ts';
import {eventually} from '../../support/longhaul.ts';

const said = (message: string): ServerMessage => ({type: 'refused', message, remedy: ''});
const asLine = (message: unknown): string => `${JSON.stringify(message)}\n`;
const ATTACH = {type: 'attach', protocol: PROTOCOL, who: 'ana@jump1 (test)', readOnly: false};

describe('who may ask the supervisor for what', () => {
  let folder: string;
  let path: string;
  let server: WireServer;
  let commands: string[];
  const open: Socket[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lh-wire-'));
    path = join(folder, 's');
    commands = [];
    const before = process.umask(0);
    server = await startWireServer(path, {
      hello: () => said('hello'),
      snapshot: () => said('snapshot'),
      command: async (command, who) => {
        commands.push(`${command.type} by ${who}`);
        return {ok: true, message: `did ${command.type}`};
      },
      plan: async () => ({ok: true, actions: [{on: 'replica', text: 'SELECT 1'}]}),
      readLog: async () => null,
    });
    process.umask(before);
  });
  afterEach(async () => {
    for (const socket of open.splice(0)) socket.destroy();
    await server.close();
    rmSync(folder, {recursive: true, force: true});
  });

  /** Says these lines and gives what is heard until so many messages have come or the connection has ended. */
  async function talk(count: number, ...lines: unknown[]): Promise<Record<string, unknown>[]> {
    const socket = connect(path);
    open.push(socket);
    const heard: Record<string, unknown>[] = [];
    const cutter = lineCutter(1_000_000);
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => {
      for (const line of cutter.feed(String(chunk))) if (!line.includes('"beat"')) heard.push(JSON.parse(line));
    });
    socket.on('error', () => undefined);
    for (const line of lines) socket.write(asLine(line));
    await eventually('the answers', async () => (heard.length >= count || socket.closed ? true : null));
    return heard;
  }

  test.each([
    ['reads nothing any more, its terminal held by ^S', [ATTACH]],
    ['never said who it is', []],
  ])('a client that %s keeps the supervisor from no end', async (_, lines) => {
    const socket = connect(path);
    open.push(socket);
    await new Promise<void>((resolve) => socket.once('connect', resolve));
    socket.pause();
    for (const line of lines) socket.write(asLine(line));
    await new Promise((resolve) => setTimeout(resolve, 100));
    server.broadcast(said('x'.repeat(4_000_000)));
    const began = Date.now();
    await server.close();
    expect(Date.now() - began).toBeLessThan(3000);
  });

  test('the socket is its user’s alone whatever the umask', () => {
    expect((statSync(path).mode & 0o777).toString(8)).toBe('600');
  });

  test.each([PROTOCOL - 1, PROTOCOL + 1])(
    'a client of protocol %i that says all else right is refused by number',
    async (protocol) => {
      const command = {type: 'command', id: 1, command: {type: 'hold'}};
      const heard = await talk(3, {...ATTACH, protocol}, command);
      expect(heard[0]).toMatchObject({
        type: 'refused',
        message: `the supervisor speaks protocol ${PROTOCOL}, this client ${protocol}`,
        remedy: expect.stringContaining('use the longhaul that started the supervisor'),
      });
      expect(heard.some(({message}) => message === 'snapshot')).toBe(false);
      expect(commands).toEqual([]);
    },
  );

  test('a read-only client changes nothing and may read; it hears hello, and the state before anything else', async () => {
    const heard = await talk(
      4,
      {...ATTACH, readOnly: true},
      {type: 'command', id: 1, command: {type: 'release', typed: 'acme', endReaders: true, resumeReplay: true}},
      {type: 'read-log', id: 2, unit: '01-a', from: 0},
    );
    expect(heard.map(({message, type}) => message ?? type)).toEqual(['hello', 'snapshot', 'reply', 'log']);
    expect(heard[2]).toMatchObject({id: 1, reply: {ok: false, remedy: 'attach without --read-only'}});
    expect(heard[3]).toMatchObject({id: 2, piece: null});
    expect(commands).toEqual([]);
  });

  test('a client that may write is obeyed, once, under the name that it gave', async () => {
    const heard = await talk(3, ATTACH, {type: 'command', id: 7, command: {type: 'hold'}});
    expect(heard[2]).toMatchObject({type: 'reply', id: 7, reply: {ok: true, message: 'did hold'}});
    expect(commands).toEqual(['hold by ana@jump1 (test)']);
  });

  test('a message with more in it than we know is refused in words, and nothing of it is done', async () => {
    const heard = await talk(3, ATTACH, {type: 'command', id: 1, command: {type: 'hold'}, as: 'root'});
    expect(heard[2]).toMatchObject({type: 'refused', message: expect.stringContaining('was not understood')});
    expect(commands).toEqual([]);
  });

  test('a log is for those who have said who they are', async () => {
    const heard = await talk(1, {type: 'read-log', id: 1, unit: '01-a', from: 0});
    expect(heard).toMatchObject([{type: 'refused', message: 'the first message must be attach'}]);
  });

  test('a client that has not attached hears nothing of the run', async () => {
    const silent = connect(path);
    open.push(silent);
    let heard = '';
    silent.on('data', (chunk) => (heard += String(chunk)));
    await eventually('a connection', async () => (silent.readyState === 'open' ? true : null));
    const other = await talk(2, ATTACH);
    server.broadcast(said('secret'));
    await eventually('the news', async () => (other.length >= 3 ? true : null));
    expect(heard).toBe('');
  });

  test('one that has gone is written to no more, and the others hear on', async () => {
    const one = await talk(2, ATTACH);
    const other = await talk(2, ATTACH);
    open[0]?.destroy();
    await eventually('it gone', async () => (open[0]?.closed === true ? true : null));
    server.broadcast(said('news'));
    await eventually('the news', async () => (other.length === 3 ? true : null));
    expect(one).toHaveLength(2);
  });

  test('somebody listens, or nobody does', async () => {
    expect(await isListening(path)).toBe(true);
    expect(await isListening(join(folder, 'none'))).toBe(false);
  });

  test('an order that nobody heard is told from one that was refused', async () => {
    const nowhere = createWireClient({path: join(folder, 'none'), who: 'ana', readOnly: false, now: Date.now});
    const unheard = await nowhere.send({type: 'hold'});
    nowhere.close();
    expect([unheard.ok, isUnanswered(unheard)]).toEqual([false, true]);
    expect(await nowhere.readLog('01-a', 0)).toBe('no connection');
    const reading = createWireClient({path, who: 'ana', readOnly: true, now: Date.now});
    const refused = await eventually('an answer', async () => {
      const reply = await reading.send({type: 'hold'});
      return isUnanswered(reply) ? null : reply;
    });
    expect(refused.ok).toBe(false);
    reading.close();
  });

  test('what a command would do is told, also to who may only read, and nothing is done', async () => {
    const nowhere = createWireClient({path: join(folder, 'none'), who: 'ana', readOnly: false, now: Date.now});
    expect(await nowhere.plan({type: 'pause-replay'})).toEqual({
      ok: false,
      why: 'there is no connection to the supervisor',
    });
    nowhere.close();
    const reading = createWireClient({path, who: 'ana', readOnly: true, now: Date.now});
    const planned = await eventually('an answer', async () => {
      const answer = await reading.plan({type: 'pause-replay'});
      return answer.ok ? answer : null;
    });
    expect(planned.actions).toEqual([{on: 'replica', text: 'SELECT 1'}]);
    expect(commands).toEqual([]);
    reading.close();
    const stranger = await talk(1, {type: 'plan', id: 1, command: {type: 'pause-replay'}});
    expect(stranger).toMatchObject([{type: 'refused', message: 'the first message must be attach'}]);
  });

  test('what a supervisor refused stays the answer while it cannot be attached to', async () => {
    const refusing = createServer((socket) => {
      open.push(socket);
      socket.end(
        asLine({type: 'refused', message: 'the supervisor speaks protocol 9, this client 2', remedy: 'the other one'}),
      );
    });
    const other = join(folder, 'r');
    await new Promise<void>((resolve) => {
      refusing.listen(other, resolve);
    });
    const heard: ClientEvent[] = [];
    const client = createWireClient({path: other, who: 'ana', readOnly: false, now: Date.now});
    client.on((event) => heard.push(event));
    await eventually('its end', async () => (heard.some(({type}) => type === 'lost') ? true : null));
    expect(await client.send({type: 'hold'})).toMatchObject({ok: false, remedy: 'the other one'});
    client.close();
    refusing.close();
  });
});

const ok = (command: unknown): boolean => clientMessage.safeParse({type: 'command', id: 1, command}).success;

describe('what a client may say', () => {
  test.each<[string, unknown, boolean]>([
    ['a word for a step', {type: 'confirm-step', step: 'create-slots', typed: 'acme'}, true],
    ['a word for no step', {type: 'confirm-step', step: 'create-all', typed: 'acme'}, false],
    ['a release without the name', {type: 'release', endReaders: true, resumeReplay: true}, false],
    ['a release that does not say whom it ends', {type: 'release', typed: 'acme', resumeReplay: true}, false],
    ['a unit of no name', {type: 'cancel-unit', unit: ''}, false],
    ['a command with more in it', {type: 'hold', units: 'all'}, false],
  ])('%s', (_, command, fits) => {
    expect(ok(command)).toBe(fits);
  });
});

test('lines are whole however they come in pieces, and one that never ends is an error', () => {
  const cutter = lineCutter(10);
  expect(cutter.feed('{"a')).toEqual([]);
  expect(cutter.feed('":1}\n\n{}\n{')).toEqual(['{"a":1}', '{}']);
  expect(cutter.feed('}\n')).toEqual(['{}']);
  expect(() => cutter.feed('x'.repeat(11))).toThrow('without an end');
});
