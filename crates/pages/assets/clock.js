// clock.js: how much time has passed, sleep included. Imported by other scripts; pages never name it.

const began = { steady: performance.now(), wall: Date.now() };

// Milliseconds since the page's scripts began. The steady clock may stand while a machine sleeps, and the clock on the wall may be
// set back: what has passed is the greater of the two. Neither is compared with the server's.
export function passed() {
  return Math.max(performance.now() - began.steady, Date.now() - began.wall);
}

// Milliseconds that had passed by then since the server's answer came, which is when what the page says was true.
export function sinceAnswer() {
  const answer = performance.getEntriesByType('navigation')[0];
  return answer?.responseStart > 0 ? Math.max(0, began.steady - answer.responseStart) : 0;
}

// Runs `tick` at each interval, and at once when the page is seen again: after sleep, behind another tab, out of the browser's memory.
export function every(ms, tick) {
  const seen = () => { if (!document.hidden) tick(); };
  const timer = setInterval(tick, ms);
  document.addEventListener('visibilitychange', seen);
  addEventListener('pageshow', seen);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', seen);
    removeEventListener('pageshow', seen);
  };
}
