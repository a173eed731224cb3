import { environmentOf, leaveSettingsBehind } from '../../e2e/accounts';

const endpoint = { url: 'http://127.0.0.1:4566', region: 'eu-west-1' };
const own = process.env;

afterEach(() => {
  process.env = own;
});

test.each([
  'AWS_PROFILE',
  'AWS_SESSION_TOKEN',
  'AWS_ENDPOINT_URL_EVENTS',
  'CDK_DEFAULT_ACCOUNT',
  'CDK_CONTEXT_JSON',
  'E2E_PORT',
  'HTTPS_PROXY',
  'http_proxy',
  'NO_PROXY',
])('%s of the user stays out', (name) => {
  process.env = { ...own, [name]: 'mine' };
  expect(environmentOf('222222222222', endpoint)).not.toHaveProperty(name);
});

test('what is no setting of AWS stays', () => {
  process.env = { PATH: '/bin', HOME: '/home/me' };
  expect(environmentOf('222222222222', endpoint)).toMatchObject({ PATH: '/bin', HOME: '/home/me' });
});

test('the emulator and an account of it take the place of what the user has', () => {
  process.env = { AWS_ACCESS_KEY_ID: 'AKIAMINE', AWS_REGION: 'us-east-1', AWS_CONFIG_FILE: '/home/me/.aws/config' };
  expect(environmentOf('222222222222', endpoint)).toMatchObject({
    AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
    AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:4566',
    AWS_ACCESS_KEY_ID: '222222222222',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'eu-west-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  });
});

test('clients of this process do not see what the user has', () => {
  process.env = { PATH: '/bin', AWS_USE_FIPS_ENDPOINT: 'true', AWS_PROFILE: 'mine', https_proxy: 'proxy' };
  leaveSettingsBehind('111111111111', endpoint);
  expect(process.env).toEqual(environmentOf('111111111111', endpoint));
  expect(Object.keys(process.env)).toContain('PATH');
  expect(Object.keys(process.env)).not.toContain('AWS_USE_FIPS_ENDPOINT');
});
