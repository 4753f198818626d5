// Proves that the harness sees what it must see: each page here is served with one planted fault.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { open, startDemo } from './lib.mjs';

const PAGES = {
  '/good': ['<!doctype html><title>good</title><link rel=icon href="data:,"><p>good'],
  '/console': ['<link rel=icon href="data:,"><script>console.error("planted")</script>'],
  '/script': ['<link rel=icon href="data:,"><script>throw new Error("planted")</script>'],
  '/csp': ['<link rel=icon href="data:,"><p style="color:red">x', "default-src 'self'; img-src data:"],
  '/missing': ['<link rel=icon href="data:,"><img src="/nothing.png">'],
  '/outside': ['<link rel=icon href="data:,"><img src="http://127.0.0.1:9/x.png">'],
  '/noscript': ['<link rel=icon href="data:,"><p id=p>off</p><script>document.getElementById("p").textContent="on"</script>'],
};

let server;
let house;

before(async () => {
  server = createServer((request, response) => {
    const [body, policy] = PAGES[request.url] ?? [];
    const headers = { 'Content-Type': 'text/html; charset=utf-8', 'X-Seen-From': request.headers['x-forwarded-for'] ?? '' };
    if (policy) headers['Content-Security-Policy'] = policy;
    response.writeHead(body ? 200 : 404, headers).end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  house = await open({ demo: { base: `http://127.0.0.1:${server.address().port}` } });
});

after(async () => {
  await house?.close();
  server?.close();
});

async function faultsOf(path, options) {
  const page = await house.newPage(options);
  await page.goto(`${house.base}${path}`, { waitUntil: 'networkidle' });
  await page.context().close();
  return [...new Set(house.faults.splice(0).map((fault) => fault.kind))].sort();
}

test('a page without faults passes, with scripts and without', async () => {
  assert.deepEqual(await faultsOf('/good'), []);
  assert.deepEqual(await faultsOf('/good', { js: false }), []);
});

test('each planted fault is seen', async () => {
  assert.deepEqual(await faultsOf('/console'), ['console']);
  assert.deepEqual(await faultsOf('/script'), ['script']);
  assert.deepEqual(await faultsOf('/csp'), ['csp']);
  assert.deepEqual(await faultsOf('/csp', { js: false }), ['csp']);
  assert.deepEqual(await faultsOf('/missing'), ['console']);
  assert.ok((await faultsOf('/outside')).includes('outside'));
});

test('a fault makes check throw once, and an expected one does not', async () => {
  assert.deepEqual(await faultsOf('/missing', { expected: [/status of 404/] }), []);
  const page = await house.newPage();
  await page.goto(`${house.base}/console`, { waitUntil: 'networkidle' });
  assert.throws(() => house.check(), /console on .*planted/s);
  house.check();
});

test('scripts can be switched off and a person has an address', async () => {
  const page = await house.newPage({ js: false, from: '203.0.113.7' });
  const answer = await page.goto(`${house.base}/noscript`);
  assert.equal(await page.textContent('#p'), 'off');
  assert.equal(answer.headers()['x-seen-from'], '203.0.113.7');
});

test('the demo is found by its first address, stopped by its pid, and its data removed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'okienko-harness-'));
  const program = join(folder, 'program.mjs');
  await writeFile(
    program,
    `#!/usr/bin/env node
import { createServer } from 'node:http';
let asked = 0;
const server = createServer((q, a) => a.writeHead(q.url === '/readyz' && ++asked > 2 ? 200 : 503).end());
server.listen(0, '127.0.0.1', () => console.log('listening on http://127.0.0.1:' + server.address().port + '/ …'));
`,
  );
  await chmod(program, 0o755);
  const demo = await startDemo({ program });
  assert.match(demo.base, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.ok(existsSync(demo.data));
  await demo.stop();
  assert.ok(!existsSync(demo.data));
  assert.throws(() => process.kill(demo.pid, 0));
  await rm(folder, { recursive: true });
});

test('a program that ends at once is an error that shows what it said', async () => {
  await assert.rejects(startDemo({ program: '/bin/sh', args: [] }), /the demo ended with \d+/);
  await assert.rejects(startDemo({ program: '/nowhere/okienko' }), /cannot start/);
});
