// desk.js: the clerk's desk. The markup comes from screens::desk.
//   [data-desk] [data-api="/api/v1/desk"] [data-state] [data-zone] and texts data-text-*: sending, lost {time}, retrying {act},
//               busy {act}, unsure {act}, none, booked {time}, calls {n}, waits {n}, empty, call-this {ticket}
//     form[data-act="call-next"][data-in="free"] button[data-keys="N"]   one per action: the states it is possible in,
//        its key; its primary states in [data-primary-in]; template-free, posts by itself without this script
//     form[data-act][data-body-from]   sends its own fields as the body (transfer)
//     [data-bar] stands before the root; [data-number] [data-about] [data-state-word] [data-said] [data-keys-help] [data-search]
//     template[data-state-word-of="free"]   [data-waiting] [data-absent] lists; template[data-queue-row] holds .number, .about, button
//     [data-waiting-count]   optional section[data-verify][data-no-name][data-children]: [data-verify-name], [data-verify-children],
//        [data-verify-done], [data-verify-open] forms
// The API: GET → {counter, state, current:{ticket,token,service,attempt,booked?,since?}|null, absent:[…], waiting:[…]};
// an item of a list is {ticket, token?, service, booked?, attempt?, waited_min?, late?}. POST <api>/<act> → the same, or 204.
// One order at a time: it is shown as being sent until the server has answered, it is repeated with the same
// Idempotency-Key while the line is down, and every other order meanwhile is refused in words.

import { passed } from './clock.js';
import { clockTime, fill } from './stream.js';

const root = document.querySelector('[data-desk]');
const at = (name) => root.querySelector(`[data-${name}]`);
const text = (name, values = {}) => fill(root.dataset[`text${name}`], values);
const forms = [...root.querySelectorAll('form[data-act]')];
let state = root.dataset.state;
let pending = null;
let fresh = Date.now();
let failures = 0;
let version = 0;

function draw(desk) {
  state = desk.state;
  fresh = Date.now();
  root.dataset.state = state;
  const now = desk.current;
  at('number').textContent = now ? now.ticket : text('Empty');
  at('number').classList.toggle('empty', !now);
  at('about').textContent = now ? about(now) : '';
  at('state-word').textContent = root.querySelector(`template[data-state-word-of="${state}"]`)?.innerHTML ?? '';
  compare(now);
  list(at('waiting'), desk.waiting ?? []);
  list(at('absent'), desk.absent ?? []);
  at('waiting-count').textContent = (desk.waiting ?? []).length;
  possible();
}

function about(item) {
  const parts = [item.service_name ?? item.service];
  if (item.booked) parts.push(text('Booked', { time: item.booked }));
  if (item.attempt > 1) parts.push(text('Calls', { n: item.attempt }));
  if (item.waited_min !== undefined) parts.push(text('Waits', { n: item.waited_min }));
  return parts.join(' · ');
}

// [data-verify="needed|done"] shows whom the clerk expects; it is there only where the office asks for it.
function compare(now) {
  const section = at('verify');
  if (!section) return;
  const state = now?.verify ?? '';
  if (section.dataset.ticket !== (now?.token ?? '')) section.querySelector('[name=code]').value = '';
  section.dataset.ticket = now?.token ?? '';
  section.dataset.verify = state;
  section.hidden = state === '';
  section.querySelector('[data-verify-name]').textContent = now?.name ?? section.dataset.noName;
  section.querySelector('[data-verify-children]').textContent = now?.children ? fill(section.dataset.children, { names: now.children }) : '';
  section.querySelector('[data-verify-done]').hidden = state !== 'done';
  for (const part of section.querySelectorAll('[data-verify-open]')) part.hidden = state !== 'needed';
}

function list(into, items) {
  const template = at('queue-row');
  const wanted = (at('search').value || '').toUpperCase().replace(/\s/g, '');
  into.replaceChildren(...items.map((item) => {
    const row = template.content.firstElementChild.cloneNode(true);
    row.querySelector('.number').textContent = item.ticket;
    const line = row.querySelector('.about');
    line.textContent = about(item);
    line.classList.toggle('late', Boolean(item.late));
    row.classList.toggle('match', wanted !== '' && item.ticket.includes(wanted));
    const button = row.querySelector('button');
    button.setAttribute('aria-label', text('CallThis', { ticket: item.ticket }));
    button.disabled = state !== 'free';
    button.addEventListener('click', () => send('call', { ticket: item.ticket }, button));
    return row;
  }));
}

function possible() {
  for (const form of forms) {
    form.querySelector('button').disabled = !form.dataset.in.split(' ').includes(state);
    form.classList.toggle('primary', (form.dataset.primaryIn ?? '').split(' ').includes(state));
  }
  for (const button of root.querySelectorAll('.queue button')) button.disabled = state !== 'free';
}

function say(words, bad = false) {
  at('said').textContent = words;
  at('said').classList.toggle('bad', bad);
}

function bar(words) {
  const strip = document.querySelector('[data-bar]');
  strip.textContent = words;
  strip.hidden = words === '';
}

async function send(act, body, button) {
  const label = button.dataset.label ?? button.getAttribute('aria-label') ?? button.textContent;
  if (pending) return say(text('Busy', { act: label }), true);
  pending = { act, label };
  version += 1;
  button.classList.add('pending');
  say(`${label}: ${text('Sending')}`);
  try {
    const answer = await post(act, body, label);
    if (!answer) return say(text('Unsure', { act: label }), true);
    if (answer.status === 204) say(text('None'));
    else if (answer.ok) { draw(await answer.json()); say(''); }
    else {
      const problem = await answer.json().catch(() => ({}));
      say([problem.title, problem.detail].filter(Boolean).join('. ') || text('Unsure', { act: label }), true);
    }
  } finally {
    pending = null;
    version += 1;
    button.classList.remove('pending');
    bar('');
    refresh();
  }
}

// Repeats while the line is down, for half a minute, also where the machine sleeps meanwhile: a press of then is not an order of
// now. The key makes the repeats one order.
async function post(act, body, label) {
  const key = [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('');
  const headers = { 'content-type': 'application/json', 'idempotency-key': key };
  for (const end = passed() + 30000; passed() < end;) {
    try {
      const signal = AbortSignal.timeout(8000);
      const answer = await fetch(`${root.dataset.api}/${act}`, { method: 'POST', headers, body: JSON.stringify(body), signal });
      if (answer.status !== 502 && answer.status !== 503 && answer.status !== 504) return answer;
    } catch { /* down: said below */ }
    bar(text('Retrying', { act: label }));
    await new Promise((go) => setTimeout(go, 1500));
  }
  return null;
}

async function refresh() {
  if (pending) return;
  const asked = version;
  try {
    const answer = await fetch(root.dataset.api, { cache: 'no-store', signal: AbortSignal.timeout(5000) });
    // Signed out or taken back: the page itself leads to the sign-in.
    if (answer.status === 403) { location.reload(); return; }
    if (!answer.ok) throw new Error(String(answer.status));
    const desk = await answer.json();
    // An answer that was under way while an order was given is older than the order's.
    if (asked !== version) return;
    failures = 0;
    bar('');
    draw(desk);
  } catch {
    failures += 1;
    if (failures > 1 && asked === version) bar(text('Lost', { time: clockTime(fresh, root.dataset.zone) }));
  }
}

for (const form of forms) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const fields = [...new FormData(form)].filter(([, value]) => value !== '');
    send(form.dataset.act, form.hasAttribute('data-body-from') ? Object.fromEntries(fields) : {}, form.querySelector('button'));
  });
}

function press(form) {
  const button = form?.querySelector('button');
  if (!button) return;
  if (pending) say(text('Busy', { act: button.dataset.label }), true);
  else if (!button.disabled) form.requestSubmit();
}

addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (event.target.matches('input, select, textarea')) {
    if (event.key === 'Escape') event.target.blur();
    return;
  }
  if (event.key === ' ' || event.key === 'Spacebar') {
    event.preventDefault();
    return press(root.querySelector('form.primary'));
  }
  if (event.key === '?') { at('keys-help').hidden = !at('keys-help').hidden; return; }
  if (event.key === '/') { event.preventDefault(); at('search').focus(); return; }
  const key = event.key.toUpperCase();
  press(forms.find((form) => form.querySelector('button').dataset.keys === key));
});

at('search').addEventListener('input', refresh);
possible();
refresh();
setInterval(refresh, Number(root.dataset.every || 2000));
