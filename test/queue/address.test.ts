import t from 'tap';
import { passwordVariable, queueAddress } from '../../src/queue/address.ts';

const none = {};

t.test('an address is read, and shown without its secrets', async (t) => {
  t.match(queueAddress('redis://localhost', none, false), {
    host: 'localhost',
    port: 6379,
    isEncrypted: false,
  });
  t.match(queueAddress('redis://[::1]:7000', none, false), { host: '::1', port: 7000 });
  const address = queueAddress('rediss://me:s%40cret@queue.example:6380', none, false);
  t.match(address, { isEncrypted: true, username: 'me', password: 's@cret' });
  t.equal(address.shown, 'rediss://queue.example:6380');
});

t.test('the password may stand in the environment', async (t) => {
  t.equal(queueAddress('rediss://queue.example', { [passwordVariable]: 'secret' }, false).password, 'secret');
});

t.test('beyond this machine it takes encryption and a password, or force', async (t) => {
  for (const [url, missing] of [
    ['redis://queue.example', /no encryption .* and no a? ?password/],
    ['redis://me:secret@queue.example', /no encryption \(rediss:/],
    ['rediss://queue.example', new RegExp(passwordVariable)],
    ['redis://127.0.0.1.example', /no encryption/],
  ] as const) {
    t.throws(() => queueAddress(url, none, false), { code: 'ERR_QUEUE_INSECURE', message: missing });
    t.ok(queueAddress(url, none, true));
  }
});

t.test('what is no address is refused, and never repeated: a password may stand in it', async (t) => {
  for (const url of [
    '',
    'localhost',
    'http://a',
    'redis://',
    'redis:/secret',
    'redis://%zz:secret@localhost',
  ])
    try {
      queueAddress(url, none, true);
      t.fail(url);
    } catch (error) {
      t.equal((error as { code: string }).code, 'ERR_QUEUE_URL', url);
      t.notMatch((error as Error).message, /secret/);
    }
});
