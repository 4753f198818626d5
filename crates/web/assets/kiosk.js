// kiosk.js: the ticket machine. The markup comes from kiosk::kiosk_frame, kiosk_keypad and kiosk_result.
//   [data-kiosk] [data-home="/kiosk"]        the frame; data-home is the first screen
//     [data-return="10"]                     optional: so many seconds later the first screen comes back (result)
//     [data-returning="… {n} s"]             optional text for [data-return-line]
//     dialog[data-still-there]               asked after 45 s without a touch; [data-stay] in it stays;
//                                            at 60 s the first screen comes back and what was typed is gone
//     [data-low]                             a button that moves controls down; remembered until the first screen
//   form[data-keypad] input[data-code-input] [data-length="6"]
//     [data-code-shown]                      where the code stands in pairs
//     button[data-digit="0"…"9"], [data-delete], [data-clear]
//     [data-short="text"] on the form and [data-message] in it: said when digits are missing

import { every, passed } from './clock.js';

const root = document.querySelector('[data-kiosk]');
if (root) {
  const home = root.dataset.home;
  const go = () => { sessionStorage.removeItem('low'); location.replace(home); };
  const first = location.pathname === new URL(home, location.href).pathname && !root.dataset.return;
  idle(root, go, first);
  low(root);
  document.querySelectorAll('form[data-keypad]').forEach(keypad);
  document.addEventListener('contextmenu', (event) => event.preventDefault());
}

function idle(root, go, first) {
  let touched = passed();
  const opened = touched;
  const ask = root.querySelector('dialog[data-still-there]');
  const rest = Number(root.dataset.return || 0);
  const line = root.querySelector('[data-return-line]');
  const touch = () => { touched = passed(); };
  for (const kind of ['pointerdown', 'keydown', 'input']) addEventListener(kind, touch, { passive: true });
  ask?.querySelector('[data-stay]')?.addEventListener('click', () => { touch(); ask.close(); });
  // Another language than the office's is a visitor's choice, which the next one is not to find.
  const speaks = new URL(root.dataset.home, location.href).searchParams.get('lang') ?? document.documentElement.lang;
  const dirty = () => !first || document.documentElement.lang !== speaks || [...document.querySelectorAll('input[data-code-input]')].some((i) => i.value);
  every(500, () => {
    const now = passed();
    if (rest) {
      const left = Math.ceil(rest - (now - Math.max(opened, touched)) / 1000);
      if (line) line.textContent = root.dataset.returning.replace('{n}', Math.max(0, left));
      if (left <= 0) go();
      return;
    }
    const still = (now - touched) / 1000;
    if (!dirty()) return;
    if (still >= 60) go();
    else if (still >= 45 && ask && !ask.open) ask.showModal();
  });
}

function low(root) {
  const button = root.querySelector('[data-low]');
  const set = (on) => {
    root.classList.toggle('low', on);
    button?.setAttribute('aria-pressed', String(on));
  };
  set(sessionStorage.getItem('low') === '1');
  button?.addEventListener('click', () => {
    const on = !root.classList.contains('low');
    sessionStorage.setItem('low', on ? '1' : '0');
    set(on);
  });
}

function keypad(form) {
  const input = form.querySelector('input[data-code-input]');
  const shown = form.querySelector('[data-code-shown]');
  const message = form.querySelector('[data-message]');
  const length = Number(input.dataset.length);
  input.type = 'hidden';
  const draw = () => {
    const pairs = [];
    for (let at = 0; at < length; at += 2) {
      const pair = document.createElement('span');
      for (let i = at; i < Math.min(at + 2, length); i += 1) {
        const place = document.createElement('i');
        place.textContent = input.value[i] ?? '\u00a0';
        if (i === input.value.length) place.className = 'next';
        pair.append(place);
      }
      pairs.push(pair);
    }
    shown.replaceChildren(...pairs);
  };
  const change = (value) => {
    input.value = value.replace(/\D/g, '').slice(0, length);
    if (message) message.hidden = true;
    draw();
  };
  form.addEventListener('click', (event) => {
    const key = event.target.closest('button');
    if (!key) return;
    if (key.dataset.digit !== undefined) change(input.value + key.dataset.digit);
    if (key.hasAttribute('data-delete')) change(input.value.slice(0, -1));
    if (key.hasAttribute('data-clear')) change('');
  });
  // A scanner of codes types like a keyboard.
  addEventListener('keydown', (event) => {
    if (/^\d$/.test(event.key)) change(input.value + event.key);
    if (event.key === 'Backspace') change(input.value.slice(0, -1));
    if (event.key === 'Enter' && event.target.tagName !== 'BUTTON') form.requestSubmit();
  });
  form.addEventListener('submit', (event) => {
    if (input.value.length === length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (message) { message.textContent = form.dataset.short; message.hidden = false; }
  }, true);
  draw();
}
