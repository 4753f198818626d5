// challenge-worker.js: solves one ALTCHA v2 challenge (PBKDF2/SHA-256) off the main thread. Receives the address of a
// challenge, answers {payload, until} or {error}; `until` is in seconds since 1970.

const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');

async function solve({ parameters, signature }) {
  if (parameters.algorithm !== 'PBKDF2/SHA-256') throw new Error(`unknown algorithm ${parameters.algorithm}`);
  const start = performance.now();
  const nonce = bytes(parameters.nonce);
  const password = new Uint8Array(nonce.length + 4);
  password.set(nonce);
  const counterAt = new DataView(password.buffer);
  const kdf = { name: 'PBKDF2', hash: 'SHA-256', salt: bytes(parameters.salt), iterations: parameters.cost };
  for (let counter = 0; counter <= 0xffffffff; counter++) {
    counterAt.setUint32(nonce.length, counter);
    const key = await crypto.subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits']);
    const derivedKey = hex(await crypto.subtle.deriveBits(kdf, key, parameters.keyLength * 8));
    if (derivedKey.startsWith(parameters.keyPrefix)) {
      const time = Math.round(performance.now() - start);
      return { challenge: { parameters, signature }, solution: { counter, derivedKey, time } };
    }
  }
  throw new Error('no counter fits');
}

self.addEventListener('message', async ({ data: address }) => {
  try {
    const answer = await fetch(address, { headers: { accept: 'application/json' } });
    if (!answer.ok) throw new Error(`challenge: ${answer.status}`);
    const challenge = await answer.json();
    const payload = btoa(JSON.stringify(await solve(challenge)));
    self.postMessage({ payload, until: challenge.parameters.expiresAt });
  } catch (error) {
    self.postMessage({ error: String(error) });
  }
});
