import t from 'tap';
import { isSigned, publicKeyOf, readPublicKey, signatureOf, signingKey } from '../../src/queue/signature.ts';

const study = '0123456789abcdef';

t.test('a run signs with the same key after a crash, and another password or run with another', async (t) => {
  const key = publicKeyOf(signingKey(study, 'secret'));
  t.equal(publicKeyOf(signingKey(study, 'secret')), key);
  t.not(publicKeyOf(signingKey(study, 'other')), key);
  t.not(publicKeyOf(signingKey('fedcba9876543210', 'secret')), key);
  t.notMatch(key, /secret/);
});

t.test('what was signed by another, changed, or is no signature at all is refused', async (t) => {
  const key = signingKey(study, 'secret');
  const signature = signatureOf('text', key);
  const publicKey = readPublicKey(publicKeyOf(key));
  if (publicKey === undefined) throw new Error('The key cannot be read.');
  t.ok(isSigned('text', signature, publicKey));
  t.notOk(isSigned('other', signature, publicKey));
  t.notOk(isSigned('text', signatureOf('text', signingKey(study, '')), publicKey));
  for (const garbage of ['', 'AAAA', signature.slice(4)]) {
    t.notOk(isSigned('text', garbage, publicKey));
    t.equal(readPublicKey(garbage), undefined);
  }
});
