// hold.js: counts down the time left of a held hour. The markup comes from components::hold_line.
//   [data-hold="<seconds left>"] [data-line="… {time}"] [data-over="text when it is over"]
//     [data-hold-line]                 where the line is shown
//     [data-hold-live]                 role=status, spoken once a minute
//     template[data-hold-minute="n"]   what is spoken at n minutes
//     form[data-hold-extend]           optional; shown from two minutes on
// Counts the server's seconds from its answer on, including sleep: a wrong clock on the phone does not matter.

import { every, passed, sinceAnswer } from './clock.js';

for (const root of document.querySelectorAll('[data-hold]')) {
  const end = Number(root.dataset.hold) * 1000 - sinceAnswer();
  const line = root.querySelector('[data-hold-line]');
  const live = root.querySelector('[data-hold-live]');
  const extend = root.querySelector('[data-hold-extend]');
  let spoken = null;
  let stop = () => {};
  const tick = () => {
    const left = Math.max(0, Math.ceil((end - passed()) / 1000));
    const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
    if (left === 0) {
      line.textContent = live.textContent = root.dataset.over;
      root.classList.add('over');
      if (extend) extend.hidden = true;
      stop();
      return;
    }
    line.textContent = root.dataset.line.replace('{time}', time);
    root.classList.toggle('soon', left <= 120);
    if (extend) extend.hidden = left > 120;
    const minutes = Math.ceil(left / 60);
    // Also announces the minute in which the device wakes from sleep, though its first second was missed.
    if ((left % 60 === 0 || (spoken !== null && minutes < spoken)) && spoken !== minutes) {
      spoken = minutes;
      live.textContent = root.querySelector(`[data-hold-minute="${minutes}"]`)?.innerHTML ?? '';
    }
  };
  stop = every(1000, tick);
  tick();
}
