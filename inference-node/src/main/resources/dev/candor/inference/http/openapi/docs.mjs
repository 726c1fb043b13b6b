const field = document.querySelector('nav input');
const entries = [...document.querySelectorAll('nav a[href^="#"]')];

field.addEventListener('input', () => {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const entry of entries) {
    const section = document.getElementById(entry.hash.slice(1));
    const text = `${entry.textContent} ${section?.querySelector('p')?.textContent ?? ''}`.toLowerCase();
    const shown = words.every((word) => text.includes(word));
    entry.hidden = !shown;
    if (section?.tagName === 'SECTION') section.hidden = !shown;
  }
});
