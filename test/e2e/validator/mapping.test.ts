import { createServer, type IncomingMessage, type Server } from 'http';
import { type AddressInfo } from 'net';
import { Mapping } from '../../../e2e/validator/mapping';

let server: Server;
let asked: string[];
let answers: [number, object][];

beforeEach(async () => {
  asked = [];
  server = createServer(async (request: IncomingMessage, answer) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    asked.push(`${request.method} ${request.url} ${Buffer.concat(chunks)} ${request.headers.authorization}`);
    const [status, body] = answers.shift()!;
    answer.writeHead(status).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

const endpoint = () => ({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, region: 'eu-west-1' });
const PATH = '/2015-03-31/event-source-mappings/';

test('is disabled and enabled, as the account that has it', async () => {
  answers = [
    [200, { EventSourceMappings: [{ UUID: 'id' }] }],
    [202, {}],
    [202, {}],
  ];
  const mapping = await Mapping.in('111111111111', endpoint());
  await mapping.enable(false);
  await mapping.enable(true);
  expect(asked).toEqual([
    expect.stringMatching(`^GET ${PATH}  AWS4-HMAC-SHA256 Credential=111111111111/\\d+/eu-west-1/lambda/`),
    expect.stringContaining(`PUT ${PATH}id {"Enabled":false} `),
    expect.stringContaining(`PUT ${PATH}id {"Enabled":true} `),
  ]);
});

test.each([0, 2])('fails where there are %s', async (count) => {
  answers = [[200, { EventSourceMappings: Array.from({ length: count }, () => ({ UUID: 'id' })) }]];
  await expect(Mapping.in('111111111111', endpoint())).rejects.toThrow(
    `one event source mapping\n  seen:     ${count}`,
  );
});

test('fails where the emulator refuses', async () => {
  answers = [[404, { Message: 'no function' }]];
  await expect(Mapping.in('111111111111', endpoint())).rejects.toThrow('404 {"Message":"no function"}');
});
