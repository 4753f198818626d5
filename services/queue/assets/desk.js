// desk.js: the clerk's desk. The markup comes from desk::desk.
//   [data-desk] [data-api="/api/v1/desk"] [data-state] [data-zone] [data-clerk] [data-counter] and texts data-text-*
//     form[data-act="call-next"][data-in="free"] button[data-keys="N"]   one per action: the states it is possible in, its
//        key; of those with [data-next] only the possible one is shown; without this script each form posts on its own
//     form[data-act][data-body-from]   sends its own fields as the body (transfer, call, verify)
//     details[data-transfer] summary[data-keys="T"], [data-transfer-service] [data-transfer-counter] [data-transfer-said]
//        [data-transfer-cancel]        asks for the target before anything is sent
//     [data-bar] stands before the root; [data-number] [data-about] [data-since] [data-then] [data-state-word] [data-said]
//     template[data-state-word-of="free"], template[data-done="park"]: names of states, sentences on what was done
//     [data-list="waiting|absent|parked"], [data-part="absent|parked"] [data-count]; template[data-queue-row] holds .number,
//        .about, .wait and form[data-act="call"]; [data-waiting-count] [data-waiting-none] [data-rest] [data-search] [data-found]
//     dialog[data-keys-help] [data-keys-switch], [data-keys-open]
//     optional section[data-verify][data-no-name][data-children]: [data-verify-name], [data-verify-children],
//        [data-verify-done], [data-verify-open] forms
// The API: GET → {counter, state, current:{ticket,token,service,attempt,booked?,since?,since_min?,verify?}|null, absent:[…],
// waiting:[…], waiting_total, others:[…]}; an item of a list is {ticket, token, service_name, booked?, attempt?, waited_min?,
// late?, parked?}. POST <api>/<act> → the same, or 204.
// One order at a time: it is shown as being sent until the server has answered, repeated with the same Idempotency-Key
// while the connection is down, and any other order meanwhile is refused with a message. Redrawing keeps the elements,
// so that nothing under a finger or with the focus disappears.

import { passed } from './clock.js';
import { clockTime, fill } from './stream.js';

const root = document.querySelector('[data-desk]');
const at = (name) => root.querySelector(`[data-${name}]`);
const text = (name, values = {}) => fill(root.dataset[`text${name}`], values);
const worded = (kind, name, values = {}) => fill(root.querySelector(`template[data-${kind}="${name}"]`)?.content.textContent ?? '', values);
const forms = [...root.querySelectorAll('.desk-now form[data-act]')];
const panel = at('transfer');
const dialog = at('keys-help');
let now = { state: root.dataset.state, current: null, waiting: [], absent: [] };
let pending = null;
let fresh = Date.now();
let failures = 0;
let version = 0;
let held = false;

// ---- What is shown ----

function draw(desk) {
  now = desk;
  fresh = Date.now();
  root.dataset.state = desk.state;
  const who = desk.current;
  put(at('number'), who ? who.ticket : text('Empty'));
  at('number').classList.toggle('empty', !who);
  put(at('about'), who ? about(who) : '');
  put(at('since'), who?.since ? text('Since', { time: who.since, n: who.since_min ?? 0 }) : '');
  // The end of a visit calls the first absent visitor: the clerk is told beforehand.
  const again = desk.state === 'serving' ? (desk.absent ?? []).find((item) => !item.parked) : undefined;
  put(at('then'), again ? text('Then', { ticket: again.ticket }) : '');
  put(at('state-word'), worded('state-word-of', desk.state));
  compare(who);
  if (!held) lists();
  possible();
}

function put(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

function about(item) {
  const parts = [item.service_name ?? item.service];
  if (item.booked) parts.push(text('Booked', { time: item.booked }));
  if (item.attempt > 1) parts.push(text('Calls', { n: item.attempt }));
  return parts.join(' · ');
}

// [data-verify="needed|done"] shows whom the clerk expects; present only if the office requires it.
function compare(who) {
  const section = at('verify');
  if (!section) return;
  const state = who?.verify ?? '';
  if (section.dataset.ticket !== (who?.token ?? '')) section.querySelector('[name=code]').value = '';
  section.dataset.ticket = who?.token ?? '';
  section.dataset.verify = state;
  section.hidden = state === '';
  put(section.querySelector('[data-verify-name]'), who?.name ?? section.dataset.noName);
  put(section.querySelector('[data-verify-children]'), who?.children ? fill(section.dataset.children, { names: who.children }) : '');
  section.querySelector('[data-verify-done]').hidden = state !== 'done';
  for (const part of section.querySelectorAll('[data-verify-open]')) part.hidden = state !== 'needed';
}

function lists() {
  const waiting = now.waiting ?? [];
  const total = now.waiting_total ?? waiting.length;
  put(at('waiting-count'), String(total));
  at('waiting-none').hidden = total > 0;
  at('rest').hidden = total <= waiting.length;
  put(at('rest'), text('Rest', { n: total - waiting.length }));
  list(root.querySelector('[data-list="waiting"]'), waiting);
  for (const name of ['absent', 'parked']) {
    const items = (now.absent ?? []).filter((item) => Boolean(item.parked) === (name === 'parked'));
    const part = root.querySelector(`[data-part="${name}"]`);
    list(part.querySelector('ul'), items);
    part.hidden = items.length === 0;
    put(part.querySelector('[data-count]'), String(items.length));
  }
  search();
}

// Rows are keyed by ticket: a row that stays keeps its element, its place on the screen and its focus.
function list(into, items) {
  const rows = new Map([...into.children].map((row) => [row.dataset.ticket ?? row.querySelector('.number').textContent, row]));
  const focused = into.contains(document.activeElement) ? document.activeElement.closest('li') : null;
  const next = focused?.nextElementSibling ?? focused?.previousElementSibling;
  const wanted = items.map((item) => rows.get(item.ticket) ?? fresher());
  for (const row of [...into.children]) if (!wanted.includes(row)) row.remove();
  wanted.forEach((row, place) => {
    const item = items[place];
    if (into.children[place] !== row) into.insertBefore(row, into.children[place] ?? null);
    row.dataset.ticket = item.ticket;
    put(row.querySelector('.number'), item.ticket);
    put(row.querySelector('.about'), about(item));
    const wait = row.querySelector('.wait');
    put(wait, item.waited_min === undefined ? '' : text('Waits', { n: item.waited_min }));
    wait.classList.toggle('late', Boolean(item.late));
    callable(row.querySelector('form'), item.ticket, item.token);
  });
  // If the focused row is gone, the focus stays within the list.
  if (focused && !focused.isConnected) (next?.isConnected ? next.querySelector('button') : at('side')).focus();
}

function fresher() {
  return at('queue-row').content.firstElementChild.cloneNode(true);
}

function callable(form, ticket, token) {
  form.elements.ticket.value = token ?? ticket;
  const button = form.querySelector('button');
  const label = text('CallThis', { ticket });
  if (button.dataset.label !== label) {
    button.dataset.label = label;
    button.setAttribute('aria-label', label);
  }
}

const typed = () => at('search').value.toUpperCase().replace(/\s/g, '');

// Marks a typed number in the lists; a number that is not listed can be called all the same.
function search() {
  const wanted = typed();
  let seen = wanted === '';
  for (const row of root.querySelectorAll('.desk-side [data-list] li')) {
    const match = wanted !== '' && row.dataset.ticket?.includes(wanted);
    row.classList.toggle('match', Boolean(match));
    seen ||= Boolean(match);
  }
  const found = at('found');
  found.hidden = seen || !/^\p{L}{0,4}\d+$/u.test(wanted);
  const row = found.querySelector('li') ?? found.querySelector('ul').appendChild(fresher());
  put(row.querySelector('.number'), wanted);
  put(row.querySelector('.about'), text('Elsewhere', { ticket: wanted }));
  callable(row.querySelector('form'), wanted);
}

// Enter calls the only row that ends with the typed text, or the number that is not listed.
function callFound() {
  const rows = [...root.querySelectorAll('.desk-side .match')].filter((row) => row.dataset.ticket.endsWith(typed()));
  const row = rows.find((it) => it.dataset.ticket === typed()) ?? (rows.length === 1 ? rows[0] : null);
  const form = (row ?? (at('found').hidden ? null : at('found')))?.querySelector('form');
  if (!form) return;
  form.requestSubmit(form.querySelector('button'));
  at('search').value = '';
  at('search').blur();
  search();
}

// A button that cannot be used now keeps the focus: it is announced as disabled, and does nothing.
function possible() {
  const wait = now.current?.verify === 'needed';
  let moved = false;
  for (const form of root.querySelectorAll('form[data-act]')) {
    const here = form.dataset.in.split(' ').includes(now.state);
    if (form.hasAttribute('data-next')) {
      // If the step was pressed by keyboard, the focus moves to the next step, which takes its place.
      const was = !here && form.contains(document.activeElement);
      form.classList.toggle('primary', here);
      moved ||= was;
    }
    const off = !here || (wait && form.hasAttribute('data-next') && ['start', 'finish'].includes(form.dataset.act));
    rest(form.querySelector('button[type=submit]'), off);
  }
  if (moved) root.querySelector('form.primary button')?.focus();
  const here = ['called', 'serving'].includes(now.state);
  rest(panel.querySelector('summary'), !here);
  if (!here && panel.open) panel.open = false;
  const counters = at('transfer-counter');
  const others = now.others;
  if (others && document.activeElement !== counters) {
    const known = [...counters.options].slice(1).map((option) => option.value);
    if (known.join() !== others.join()) {
      const chosen = counters.value;
      counters.replaceChildren(counters.options[0], ...others.map((number) => new Option(number, number)));
      counters.value = others.includes(chosen) ? chosen : '';
    }
  }
}

function rest(button, off) {
  button.disabled = false;
  if (off) button.setAttribute('aria-disabled', 'true');
  else button.removeAttribute('aria-disabled');
}

const resting = (button) => button.getAttribute('aria-disabled') === 'true';

let undoLine = 0;
function say(words, bad = false, undo = false) {
  clearTimeout(undoLine);
  const hint = undo ? ` ${keysOn() ? text('UndoKey') : text('UndoHint')}` : '';
  at('said').textContent = words + hint;
  at('said').classList.toggle('bad', bad);
  // What was done long ago can no longer be taken back.
  if (undo) undoLine = setTimeout(() => { if (at('said').textContent === words + hint) at('said').textContent = words; }, 60000);
}

function bar(words) {
  const strip = document.querySelector('[data-bar]');
  put(strip, words);
  strip.hidden = words === '';
}

// One line on the result of an order: "A003 → Dowody, stanowisko 4."
function done(act, body, before, after) {
  const ticket = before.current?.ticket ?? '';
  const called = after.current?.ticket;
  const simple = ['recall', 'no-show', 'start', 'finish', 'park'].includes(act);
  if (act === 'call-next' || act === 'call') {
    return say(worded('done', 'call', { ticket: called ?? '', counter: after.counter }), false, true);
  }
  if (act === 'transfer') {
    const service = [...at('transfer-service').options].find((option) => option.value === body.service)?.text;
    const counter = body.counter ? text('Counter', { n: body.counter }) : '';
    return say(worded('done', 'transfer', { ticket, where: [service, counter].filter(Boolean).join(', ') }), false, true);
  }
  if (act === 'undo') return say(worded('done', 'undo', { ticket: ticket || after.current?.ticket || '' }));
  if (!simple) return say('');
  // The end of a visit calls the absent visitor next; undo takes back that call first.
  const again = act === 'finish' && called ? ` ${worded('done', 'again', { ticket: called })}` : '';
  return say(worded('done', act, { ticket }) + again, false, act !== 'recall');
}

// ---- Orders ----

async function send(act, body, button) {
  const label = button.dataset.label ?? button.textContent;
  if (pending) return say(text('Busy', { act: label }), true);
  pending = { act, label };
  version += 1;
  button.classList.add('pending');
  say(`${label}: ${text('Sending')}`);
  try {
    const before = now;
    const answer = await post(act, body, label);
    if (!answer) return say(text('Unsure', { act: label }), true);
    if (answer.status === 204) say(text('None'));
    else if (answer.ok) {
      const after = await answer.json();
      draw(after);
      done(act, body, before, after);
      if (act === 'transfer') closePanel();
    } else {
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

// Repeats for up to half a minute while the connection is down. Time spent asleep counts too: a press from back then is
// not an order for now. The key makes the repeats one order.
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
    // Signed out or revoked: reloading the page leads to the sign-in.
    if (answer.status === 403) { location.reload(); return; }
    if (!answer.ok) throw new Error(String(answer.status));
    const desk = await answer.json();
    // An answer requested before an order is older than the order's own answer.
    if (asked !== version) return;
    failures = 0;
    bar('');
    draw(desk);
  } catch {
    failures += 1;
    if (failures > 1 && asked === version) bar(text('Lost', { time: clockTime(fresh, root.dataset.zone) }));
  }
}

root.addEventListener('submit', (event) => {
  const form = event.target.closest('form[data-act]');
  if (!form) return;
  event.preventDefault();
  const button = event.submitter ?? form.querySelector('button');
  if (resting(button)) return refuse(form, button);
  const fields = [...new FormData(form)].filter(([, value]) => value !== '');
  const body = form.hasAttribute('data-body-from') ? Object.fromEntries(fields) : {};
  if (form.dataset.act === 'transfer') {
    const said = at('transfer-said');
    put(said, body.service || body.counter ? '' : said.dataset.choose);
    if (!body.service && !body.counter) return at('transfer-service').focus();
  }
  send(form.dataset.act, body, button);
});

function refuse(form, button) {
  const compares = now.current?.verify === 'needed' && form?.dataset.in.split(' ').includes(now.state);
  say(compares ? text('Compare') : text('Impossible', { act: button.dataset.label }), true);
  if (compares) at('verify').querySelector('[name=code]').focus();
}

// The second click of a double click is not the next order, though the next step appears in the same place.
root.addEventListener('click', (event) => {
  if (event.detail > 1 && event.target.closest('.act, .queue button')) event.preventDefault();
}, true);

// A mouse click leaves the keyboard to the desk's shortcuts; focus moved to a button by keyboard stays there. Nothing
// moves under a pressed finger.
root.addEventListener('pointerdown', () => { held = true; });
for (const end of ['pointerup', 'pointercancel', 'blur']) addEventListener(end, () => setTimeout(() => { held = false; }, 0));
root.addEventListener('mousedown', (event) => {
  const button = event.target.closest('button, summary');
  if (!button || button.closest('dialog') || panel.contains(button) && button.tagName === 'BUTTON') return;
  event.preventDefault();
  if (document.activeElement !== document.body) document.activeElement.blur();
});

// ---- Where to transfer ----

function openPanel() {
  panel.querySelector('form').reset();
  put(at('transfer-said'), '');
  panel.open = true;
  at('transfer-service').focus();
}

function closePanel() {
  const inside = panel.contains(document.activeElement);
  panel.open = false;
  if (inside) document.activeElement.blur();
}

panel.querySelector('summary').addEventListener('click', (event) => {
  event.preventDefault();
  const summary = panel.querySelector('summary');
  if (panel.open) closePanel();
  else if (resting(summary)) refuse(null, summary);
  else openPanel();
});
at('transfer-cancel').hidden = false;
at('transfer-cancel').addEventListener('click', closePanel);
panel.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') { event.preventDefault(); closePanel(); }
  // A select keeps Enter for itself; here it confirms the choice.
  if (event.key === 'Enter' && event.target.tagName === 'SELECT') {
    event.preventDefault();
    panel.querySelector('form').requestSubmit(panel.querySelector('[type=submit]'));
  }
});

// ---- Keys ----

const KEPT = `desk-keys-off/${root.dataset.clerk}`;

function keysOn() {
  try { return localStorage.getItem(KEPT) !== '1'; } catch { return true; }
}

function showKeys() {
  const on = keysOn();
  root.dataset.shortcuts = on ? 'on' : 'off';
  at('keys-switch').checked = on;
}

at('keys-open').hidden = false;
at('keys-open').addEventListener('click', () => dialog.showModal());
at('keys-switch').addEventListener('change', (event) => {
  try {
    if (event.target.checked) localStorage.removeItem(KEPT);
    else localStorage.setItem(KEPT, '1');
  } catch { /* a browser that keeps nothing: the keys stay on */ }
  showKeys();
});

const keyed = (key) => root.querySelector(`.desk-now [data-keys="${CSS.escape(key)}"]`);

function press(key) {
  if (key === 'T') {
    const summary = panel.querySelector('summary');
    if (pending) return say(text('Busy', { act: summary.dataset.label }), true);
    return resting(summary) ? refuse(null, summary) : openPanel();
  }
  const form = key === ' ' ? forms.find((it) => it.classList.contains('primary'))
    : forms.find((it) => it.querySelector('[data-keys]')?.dataset.keys === key && !(it.closest('[hidden]')));
  const button = form?.querySelector('button[type=submit]');
  if (!button) return;
  if (pending) say(text('Busy', { act: button.dataset.label }), true);
  else form.requestSubmit(button);
}

// A click into the list is not meant to scroll it by keyboard: the keys stay with the desk.
at('side').addEventListener('focus', () => { if (!at('side').matches(':focus-visible')) at('side').blur(); });

addEventListener('keydown', (event) => {
  const altGraph = event.getModifierState?.('AltGraph');
  if (event.ctrlKey || event.altKey || event.metaKey || altGraph || event.repeat || event.isComposing) return;
  // Keys pressed on a button, field or list belong to that element.
  const on = event.target.closest?.('button, a, input, select, textarea, summary, dialog, [contenteditable], [tabindex="0"]');
  if (on) {
    if (panel.contains(on) || on.closest('dialog')) return;
    if (event.key === 'Escape') on.blur();
    // A key that would have worked elsewhere explains why it did nothing here.
    else if (keysOn() && !on.matches('input, select, textarea') && keyed(event.key.toUpperCase())) say(text('KeysElsewhere'), true);
    return;
  }
  if (!keysOn() || dialog.open) return;
  const key = event.key === 'Spacebar' ? ' ' : event.key;
  if (key === '?') { event.preventDefault(); dialog.showModal(); return; }
  if (key === '/') { event.preventDefault(); at('search').select(); return; }
  if (key === ' ') event.preventDefault();
  if (key.length === 1) press(key.toUpperCase());
});

at('search').addEventListener('input', () => {
  search();
  const row = at('found').hidden ? root.querySelector('.desk-side .match') : at('found');
  row?.scrollIntoView({ block: 'center' });
});
at('search').addEventListener('keydown', (event) => { if (event.key === 'Enter') callFound(); });
showKeys();
possible();
refresh();
setInterval(refresh, Number(root.dataset.every || 2000));
