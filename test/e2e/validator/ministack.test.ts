import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { createServer, type AddressInfo } from 'net';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { choosePort, Emulator } from '../../../e2e/emulator';
import { pythonWith } from '../../../e2e/python';
import { MINISTACK } from '../../../e2e/validator/ministack';

const own = process.env;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ministack-'));
  process.env = { ...own };
  delete process.env.E2E_PORT;
});

afterEach(() => {
  process.env = own;
  rmSync(directory, { recursive: true, force: true });
});

describe('the environment', () => {
  test('has nothing of the user but the path', () => {
    process.env = { PATH: '/bin', HOME: '/home/me', AWS_PROFILE: 'mine', HTTPS_PROXY: 'proxy', BIND_HOST: '0.0.0.0' };
    const seen = MINISTACK.environment(4570, directory);
    expect(Object.keys(seen)).not.toEqual(expect.arrayContaining(['AWS_PROFILE', 'HTTPS_PROXY']));
    expect(Object.values(seen).filter((value) => /home\/me|mine|proxy|0\.0\.0\.0/.test(value!))).toEqual([]);
  });

  test('lets it listen on the loopback interface alone, and on one port', () => {
    expect(MINISTACK.environment(4570, directory)).toMatchObject({
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: '4570',
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
    });
  });

  test('has functions run on the Node.js of this process', () => {
    const [first] = MINISTACK.environment(4570, directory).PATH!.split(':');
    expect(first).toBe(dirname(process.execPath));
  });

  test('has it write into the directory of the run alone', () => {
    const { HOME, TMPDIR, STATE_DIR } = MINISTACK.environment(4570, directory);
    for (const place of [HOME, TMPDIR, STATE_DIR]) expect(place).toMatch(new RegExp(`^${directory}/`));
  });
});

test('fails where no Python fits, and installs nothing', async () => {
  process.env.XDG_CACHE_HOME = directory;
  process.env.E2E_PYTHON = '/nowhere/python';
  const said: string[] = [];
  await expect(pythonWith(MINISTACK, (line) => said.push(line))).rejects.toThrow(
    'expected: a Python 3.13 or 3.12 or 3.11, with which MiniStack starts\n' +
      '  seen:     E2E_PYTHON=/nowhere/python is none\n' +
      '  remedy:   install Python 3.13 ("pyenv install 3.13" for example), or name it with E2E_PYTHON',
  );
  expect(said).toEqual([]);
});

test('fails where it does not start, with what it said last and what to do', async () => {
  // This Node.js knows no modules of Python, and ends.
  const start = Emulator.start(process.execPath, directory, undefined, MINISTACK);
  await expect(start).rejects.toThrow(
    /^expected: MiniStack to start on 127\.0\.0\.1:\d+\n {2}seen: {5}it ended with 9[^]*bad option: -m[^]*remedy: .*cdk-event-backbone\/ministack-\*/,
  );
});

test('fails where its port is taken', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  process.env.E2E_PORT = String(port);
  try {
    await expect(choosePort()).rejects.toThrow(
      `expected: port ${port} of 127.0.0.1 to be free\n  seen:     another process listens there\n  remedy:   end that process`,
    );
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A program in the place of Python, which answers at once, and says later that it listens. */
function pythonThatSays(line: string): string {
  const path = join(directory, 'python');
  writeFileSync(
    path,
    `#!/usr/bin/env node
    const { BIND_HOST, GATEWAY_PORT } = process.env;
    require('http').createServer((_, answer) => answer.end('{}')).listen(GATEWAY_PORT, BIND_HOST);
    setTimeout(() => console.error(${JSON.stringify(line)}), 800);`,
  );
  chmodSync(path, 0o755);
  return path;
}

test('is ready when it says that it listens', async () => {
  const before = Date.now();
  const python = pythonThatSays('[INFO] Running on http://127.0.0.1:4570 (CTRL + C to quit)');
  const emulator = await Emulator.start(python, directory, undefined, MINISTACK);
  try {
    expect(Date.now() - before).toBeGreaterThan(700);
    expect(emulator.isRunning).toBe(true);
  } finally {
    await emulator.stop();
  }
});
