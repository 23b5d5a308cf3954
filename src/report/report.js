// The report's only script: light or dark, and what a figure says where it is pointed at. All is readable without it.

const page = document.documentElement;
const button = document.querySelector('button');

if (button !== null) {
  const isDark = () =>
    page.dataset.theme === undefined
      ? matchMedia('(prefers-color-scheme: dark)').matches
      : page.dataset.theme === 'dark';
  const say = () => {
    button.textContent = isDark() ? 'Light colours' : 'Dark colours';
  };
  button.hidden = false;
  button.addEventListener('click', () => {
    page.dataset.theme = isDark() ? 'light' : 'dark';
    say();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', say);
  say();
}

/** Pixels of a drawing within which a point is meant. */
const reach = 40;

for (const { drawing, points, texts } of JSON.parse(document.getElementById('tips')?.textContent ?? '[]')) {
  const place = document.getElementById(drawing);
  const svg = place?.querySelector('svg');
  if (svg) listen(place, svg, points, texts);
}

function listen(place, svg, points, texts) {
  const dot = child(place, 'dot');
  const tip = child(place, 'tip');
  const hide = () => {
    dot.hidden = true;
    tip.hidden = true;
  };
  place.addEventListener('pointerleave', hide);
  place.addEventListener('pointermove', (event) => {
    const box = svg.getBoundingClientRect();
    const scale = box.width / svg.viewBox.baseVal.width;
    const at = nearest(points, (event.clientX - box.left) / scale, (event.clientY - box.top) / scale);
    if (at === undefined) return hide();
    const [x, y] = points[at];
    tip.textContent = texts[at];
    dot.hidden = false;
    tip.hidden = false;
    dot.style.left = `${x * scale}px`;
    dot.style.top = `${y * scale}px`;
    // On whichever side there is room.
    const isLeft = x * scale > box.width - tip.offsetWidth - 20;
    tip.style.left = `${x * scale + (isLeft ? -tip.offsetWidth - 14 : 14)}px`;
    tip.style.top = `${Math.max(0, y * scale - tip.offsetHeight - 10)}px`;
  });
}

function child(place, name) {
  const element = document.createElement('div');
  element.className = name;
  element.hidden = true;
  // A screen reader has the figure's description and table instead.
  element.setAttribute('aria-hidden', 'true');
  place.append(element);
  return element;
}

function nearest(points, x, y) {
  let found;
  let least = reach ** 2;
  for (const [i, [px, py]] of points.entries()) {
    const distance = (px - x) ** 2 + (py - y) ** 2;
    if (distance < least) {
      least = distance;
      found = i;
    }
  }
  return found;
}
