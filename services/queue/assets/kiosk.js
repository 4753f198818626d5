// kiosk.js: the ticket machine. The markup comes from kiosk::Frame, kiosk_keypad and kiosk_result.
//   [data-kiosk] [data-home="/kiosk?lang=pl"]   the frame; data-home is the first screen
//     [data-return="30"]                     optional: returns to the first screen after this many seconds (result)
//     [data-printed="10"]                    optional: the same once [data-print] has sent it to the printer
//     [data-returning="… {n} s"]             text for [data-return-line]; [data-sent-to-printer] is shown once it was sent
//     dialog[data-still-there]               shown after 45 s without a touch; [data-stay] in it keeps the page;
//                                            at 60 s returns to the first screen and discards what was typed
//     [data-low="…"][data-normal="…"]        a button that moves controls down; its label is the next action;
//                                            the choice is kept until the first screen
//     form[data-scan] scanned, typed, service   receives whatever a scanner reads; [data-digits="8"] is a code's length
//     dialog[data-away]                      shown while the server is down: the browser's error page has no way on
//   form[data-keypad] input[data-code-input] [data-length="8"]
//     [data-code-shown]                      shows the code in pairs of digits
//     button[data-digit="0"…"9"], [data-delete], [data-clear]
//     [data-short="text"] on the form and [data-message] in it: shown when digits are missing

import { every, passed } from './clock.js';

const root = document.querySelector('[data-kiosk]');
if (root) {
  const home = new URL(root.dataset.home, location.href);
  const leave = leaving(root, home);
  const go = () => leave(() => {
    sessionStorage.removeItem('low');
    location.replace(home);
  });
  const usual = document.documentElement.lang === (home.searchParams.get('lang') ?? document.documentElement.lang);
  const first = location.pathname === home.pathname && !root.dataset.return && usual;
  const pad = keypad(document.querySelector('form[data-keypad]'));
  idle(root, go, first, pad);
  low(root);
  scanner(root, pad);
  document.addEventListener('contextmenu', (event) => event.preventDefault());
}

// Before the machine goes to another page it checks that the server answers. While it does not, it says so, and starts
// afresh once it does again.
function leaving(root, home) {
  const away = root.querySelector('dialog[data-away]');
  let since = 0;

  async function answers() {
    try {
      await fetch('/healthz', { cache: 'no-store', signal: AbortSignal.timeout(4000) });
      return true;
    } catch {
      return false;
    }
  }

  async function wait() {
    if (away && !away.open) away.showModal();
    while (!(await answers())) await new Promise((next) => setTimeout(next, 3000));
    location.replace(home);
  }

  // Once: a second navigation would cancel the first where the server is slow.
  async function leave(how) {
    if (since && performance.now() - since < 10000) return;
    since = performance.now();
    if (await answers()) how();
    else wait();
  }

  away?.addEventListener('cancel', (event) => event.preventDefault());
  addEventListener('pageshow', () => { since = 0; });
  addEventListener('click', (event) => {
    const link = event.target.closest?.('a[href]');
    if (!link || event.defaultPrevented) return;
    event.preventDefault();
    leave(() => location.assign(link.href));
  });
  addEventListener('submit', (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    leave(() => event.target.submit());
  });
  return leave;
}

function idle(root, go, first, pad) {
  let touched = passed();
  let rest = Number(root.dataset.return || 0);
  const ask = root.querySelector('dialog[data-still-there]');
  const line = root.querySelector('[data-return-line]');
  const touch = () => { touched = passed(); };
  for (const kind of ['pointerdown', 'keydown', 'input']) addEventListener(kind, touch, { passive: true, capture: true });
  ask?.querySelector('[data-stay]')?.addEventListener('click', () => { touch(); ask.close(); });
  root.querySelector('[data-print]')?.addEventListener('click', () => {
    touch();
    rest = Math.min(rest, Number(root.dataset.printed || rest));
    root.querySelector('[data-sent-to-printer]').hidden = false;
  });
  const look = () => {
    const still = (passed() - touched) / 1000;
    if (rest) {
      const left = Math.max(0, Math.ceil(rest - still));
      if (line) line.textContent = root.dataset.returning.replace('{n}', left);
      if (left <= 0) go();
      return;
    }
    if (first && !pad?.value()) return;
    if (still >= 60) go();
    else if (still >= 45 && ask && !ask.open) ask.showModal();
  };
  look();
  every(500, look);
}

function low(root) {
  const button = root.querySelector('[data-low]');
  if (!button) return;
  const set = (on) => {
    root.classList.toggle('low', on);
    button.textContent = on ? button.dataset.normal : button.dataset.low;
  };
  button.hidden = false;
  set(sessionStorage.getItem('low') === '1');
  button.addEventListener('click', () => {
    const on = !root.classList.contains('low');
    sessionStorage.setItem('low', on ? '1' : '0');
    set(on);
  });
}

// The code field: what its keys do, and the operations it offers to others.
function keypad(form) {
  if (!form) return null;
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
  form.addEventListener('submit', (event) => {
    if (input.value.length === length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (message) { message.textContent = form.dataset.short; message.hidden = false; }
  }, true);
  draw();
  return { form, change, value: () => input.value, whole: () => input.value.length === length };
}

// A scanner is a fast keyboard that ends with Enter or Tab; some end with nothing. What it types is kept apart from
// what was touched before, and goes to the server whole, in two readings: the characters produced by the host's layout,
// and the physical keys on the layout that readers emulate. Slow digits come from a person's own keyboard.
function scanner(root, pad) {
  const FRESH_MS = 1500;
  const FAST_MS = 60;
  const SILENT_MS = 300;
  const form = root.querySelector('form[data-scan]');
  const digits = Number(root.dataset.digits);
  let burst = null;
  let sent = false;
  let silence = 0;

  function send() {
    const { text, keys } = burst;
    burst = null;
    sent = true;
    form.elements.scanned.value = text;
    form.elements.typed.value = keys;
    form.elements.service.value = new URLSearchParams(location.search).get('service') ?? '';
    form.requestSubmit();
  }

  // Fewer digits than a code are typed by a person; everything else was scanned.
  const typed = () => /^\d*$/.test(burst.text) && burst.text.length < digits;

  function end(event) {
    clearTimeout(silence);
    if (burst && !typed()) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return send();
    }
    burst = null;
    // A complete code is sent, whatever was touched last.
    if (event.key === 'Enter' && pad?.whole()) {
      event.preventDefault();
      event.stopImmediatePropagation();
      sent = true;
      pad.form.requestSubmit();
    }
    return undefined;
  }

  function take(event, char, key) {
    const now = performance.now();
    if (!burst || now - burst.last > FRESH_MS) burst = { text: '', keys: '', before: pad?.value() ?? '', began: now, last: now };
    burst.text += char;
    burst.keys += key;
    burst.last = now;
    if (pad) pad.change(/^\d*$/.test(burst.text) && burst.text.length <= digits ? burst.before + burst.text : burst.before);
    // A scanner that sends no ending is recognised by a pause.
    clearTimeout(silence);
    silence = setTimeout(() => {
      if (!burst || burst.text.length < digits) return;
      if ((burst.last - burst.began) / (burst.text.length - 1) <= FAST_MS) send();
    }, SILENT_MS);
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  addEventListener('keydown', (event) => {
    if (sent) {
      // The rest of a scan still arriving, such as LF after CR.
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    if (event.isComposing) return;
    if (event.key === 'Enter' || event.code === 'NumpadEnter' || (event.key === 'Tab' && burst)) return void end(event);
    // CR LF as control characters.
    if (event.ctrlKey && ['m', 'j'].includes(event.key.toLowerCase()) && burst) return void end(event);
    if (event.ctrlKey || event.metaKey || (event.altKey && !event.getModifierState('AltGraph'))) return;
    if (event.key === 'Backspace' && pad) {
      burst = null;
      pad.change(pad.value().slice(0, -1));
      event.preventDefault();
      return;
    }
    const key = usKey(event);
    const char = /^Numpad\d$/.test(event.code) ? key : event.key;
    if (char.length !== 1 || (char === ' ' && !burst)) return;
    take(event, char, key || char);
  }, true);
  // If the answer never comes, the next scan counts as a new attempt.
  addEventListener('pageshow', () => { sent = false; });
  form.addEventListener('submit', () => setTimeout(() => { sent = false; }, 15000));
  pad?.form.addEventListener('submit', () => setTimeout(() => { sent = false; }, 15000));
}

// The characters of the keys on a US keyboard, which readers emulate unless configured otherwise.
const US = {
  Minus: '-_', Equal: '=+', BracketLeft: '[{', BracketRight: ']}', Backslash: '\\|', Semicolon: ';:', Quote: '\'"',
  Backquote: '`~', Comma: ',<', Period: '.>', Slash: '/?', Space: '  ', NumpadDivide: '//', NumpadMultiply: '**',
  NumpadSubtract: '--', NumpadAdd: '++', NumpadDecimal: '..',
};
const US_DIGITS = ')!@#$%^&*(';

function usKey({ code, shiftKey }) {
  const plain = /^(?:Digit|Numpad)(\d)$/.exec(code);
  if (plain) return shiftKey && code.startsWith('Digit') ? US_DIGITS[Number(plain[1])] : plain[1];
  const letter = /^Key([A-Z])$/.exec(code);
  if (letter) return shiftKey ? letter[1] : letter[1].toLowerCase();
  return US[code]?.[shiftKey ? 1 : 0] ?? '';
}
