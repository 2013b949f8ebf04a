// Before the first paint: the colours that were chosen, else the system's.
(() => {
  let chosen = null;
  try {
    chosen = window.localStorage.getItem('wharf-colors');
  } catch {
    // Storage may be forbidden; then the system decides.
  }
  const isDark =
    chosen === 'dark' ||
    (chosen !== 'light' && window.matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', isDark ? 'dark' : 'light');
})();
