// demo.js: the demo's banner, written by page.rs: [data-demo] button[data-advance="PT15M"] moves the office's clock.

for (const button of document.querySelectorAll('[data-demo] [data-advance]')) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    button.disabled = true;
    const body = JSON.stringify({ advance: button.dataset.advance });
    await fetch('/dev/clock', { method: 'POST', headers: { 'content-type': 'application/json' }, body }).catch(() => {});
    location.reload();
  });
}
