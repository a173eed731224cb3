import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { createServer as createHttpServer } from 'http';
import { createServer, type AddressInfo, type Server } from 'net';
import { tmpdir } from 'os';
import { join } from 'path';
import { choosePort, Emulator, environment } from '../../e2e/emulator';

const own = process.env;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'emulator-'));
  process.env = { ...own };
  delete process.env.E2E_PORT;
});

afterEach(() => {
  process.env = own;
  rmSync(directory, { recursive: true, force: true });
});

const listen = (server: Server, port = 0) =>
  new Promise<number>((resolve) =>
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  );
const close = (server: Server) => new Promise((resolve) => server.close(resolve));

describe('the port', () => {
  test('is a free one, and stays free until the emulator takes it', async () => {
    const port = await choosePort();
    const server = createServer();
    expect(await listen(server, port)).toBe(port);
    await close(server);
  });

  test('is the one of E2E_PORT', async () => {
    const port = await choosePort();
    process.env.E2E_PORT = String(port);
    expect(await choosePort()).toBe(port);
  });

  test('fails where E2E_PORT is taken', async () => {
    const server = createServer();
    const port = await listen(server);
    process.env.E2E_PORT = String(port);
    try {
      await expect(choosePort()).rejects.toThrow(
        `expected: port ${port} of 127.0.0.1 to be free\n  seen:     another process listens there\n  remedy:   end that process, or choose another port with E2E_PORT`,
      );
    } finally {
      await close(server);
    }
  });

  test.each(['80', '1023', '65536', '4566.5', '-1', 'http', '45 66'])(
    'fails where E2E_PORT is "%s"',
    async (wanted) => {
      process.env.E2E_PORT = wanted;
      await expect(choosePort()).rejects.toThrow(
        `expected: E2E_PORT to be a port from 1024 to 65535\n  seen:     "${wanted}"`,
      );
    },
  );
});

describe('the environment', () => {
  test('has nothing of the user but the path', () => {
    process.env = {
      PATH: '/bin',
      HOME: '/home/me',
      AWS_PROFILE: 'mine',
      HTTPS_PROXY: 'proxy',
      GATEWAY_LISTEN: '0.0.0.0',
    };
    const { PATH, ...others } = environment(4566, directory);
    expect(PATH).toBe('/bin');
    expect(Object.keys(others)).not.toEqual(expect.arrayContaining(['AWS_PROFILE', 'HTTPS_PROXY']));
    expect(Object.values(others).filter((value) => /home\/me|mine|proxy|0\.0\.0\.0/.test(value!))).toEqual([]);
  });

  test('lets it listen on the loopback interface alone, which takes this server', () => {
    expect(environment(4567, directory)).toMatchObject({
      GATEWAY_SERVER: 'hypercorn',
      GATEWAY_LISTEN: '127.0.0.1:4567',
      LOCALEMU_HOST: '127.0.0.1:4567',
      DNS_ADDRESS: '0',
    });
  });

  test('has it refuse what it does not know, not make it up', () => {
    expect(environment(4567, directory).CFN_IGNORE_UNSUPPORTED_RESOURCE_TYPES).toBe('0');
  });

  test('has it write into the directory of the run alone', () => {
    const { HOME, TMPDIR, LOCALEMU_VOLUME_DIR, FILESYSTEM_ROOT } = environment(4567, directory);
    for (const place of [HOME, TMPDIR, LOCALEMU_VOLUME_DIR, FILESYSTEM_ROOT]) {
      expect(place).toMatch(new RegExp(`^${directory}/`));
    }
  });
});

test('fails where the emulator does not start, with what it said last', async () => {
  // This Node.js knows no modules of Python, and ends.
  const start = Emulator.start(process.execPath, directory);
  await expect(start).rejects.toThrow(/^expected: LocalEmu to start on 127\.0\.0\.1:\d+\n {2}seen: {5}it ended with 9/);
  await expect(start).rejects.toThrow('bad option: -m');
});

/** A program in the place of Python. */
function pythonThat(program: string): string {
  const path = join(directory, 'python');
  writeFileSync(path, `#!/usr/bin/env node\n${program}`);
  chmodSync(path, 0o755);
  return path;
}
const answering = `require('http').createServer((_, answer) => answer.end('{}')).listen(
  ...process.env.GATEWAY_LISTEN.split(':').reverse());`;

test('another process that answers does not stand for an emulator that ended', async () => {
  const another = createHttpServer((_, answer) => answer.end('{}'));
  const port = await listen(another);
  try {
    const start = Emulator.start(pythonThat('setTimeout(() => process.exit(7), 700);'), directory, port);
    await expect(start).rejects.toThrow('it ended with 7');
  } finally {
    another.closeAllConnections();
    await close(another);
  }
});

test('nor for one that is not ready yet', async () => {
  const port = await choosePort();
  const python = pythonThat(`${answering} setTimeout(() => console.log('\\nReady.'), 1500);`);
  const before = Date.now();
  const emulator = await Emulator.start(python, directory, port);
  try {
    expect(Date.now() - before).toBeGreaterThan(1400);
    expect(emulator.isRunning).toBe(true);
    process.kill(emulator.pid!, 'SIGKILL');
    await expect(emulator.death).rejects.toThrow('the emulator ended');
    expect([emulator.isRunning, emulator.end]).toEqual([false, 'it ended with SIGKILL']);
    expect(emulator.lastWords()).toContain('Ready.');
  } finally {
    await emulator.stop();
  }
});
