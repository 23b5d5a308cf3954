/**
 * Jobs are signed, so that a worker that others have taken over cannot give the other workers work.
 * The key follows from the run and its password: a run that goes on after a crash signs with the same one. It protects where
 * workers log in with a password of their own and may not write the run's card; everybody with the run's password can sign.
 */
import { createPrivateKey, createPublicKey, type KeyObject, scryptSync, sign, verify } from 'node:crypto';

/** Of an Ed25519 private key, before its 32 bytes: PKCS #8 as RFC 8410 has it. */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Slow on purpose, because the public key would let a weak password be guessed at leisure. */
export const signingKey = (study: string, password: string): KeyObject =>
  createPrivateKey({
    key: Buffer.concat([pkcs8, scryptSync(password, `coresweep ${study}`, 32, { N: 2 ** 14 })]),
    ...{ format: 'der', type: 'pkcs8' },
  });

export const publicKeyOf = (key: KeyObject): string =>
  createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');

export const signatureOf = (text: string, key: KeyObject): string =>
  sign(null, Buffer.from(text), key).toString('base64');

/** Undefined where the text is not a key. Callers keep the key: reading it takes as long as checking a signature. */
export function readPublicKey(text: string): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

/** Whether the text was signed by the key; also false where the signature is malformed. */
export function isSigned(text: string, signature: string, key: KeyObject): boolean {
  try {
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}
