// What is wrong with how a page looks, a line each; an empty text if nothing is.
const wrong = [];
const width = document.documentElement.clientWidth;
const name = e => e.tagName.toLowerCase() + (e.className && e.className.baseVal === undefined ? '.' + e.className : '')
  + ' "' + (e.textContent || '').trim().slice(0, 40) + '"';
document.querySelectorAll('details').forEach(d => { d.open = true; });
const shown = [...document.body.querySelectorAll('*')].filter(e => e.checkVisibility() && !e.closest('.sheet')
  && !e.closest('defs') && e.tagName !== 'title');

// Nothing leaves the page, and what scrolls says so.
if (document.documentElement.scrollWidth > width) {
  wrong.push(`the page is ${document.documentElement.scrollWidth} pixels wide in a window of ${width}`);
}
for (const e of shown) {
  const box = e.getBoundingClientRect();
  if (!e.closest('.scroll') && !e.closest('use') && box.width > 0 && (box.right > width + 1 || box.left < -1)) {
    wrong.push(`${name(e)} reaches from ${box.left} to ${box.right} in a window of ${width}`);
  }
  if (e instanceof HTMLElement && getComputedStyle(e).overflowX === 'visible' && getComputedStyle(e).display !== 'inline'
      && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0 && !e.closest('.scroll')
      && !e.matches('.track')) { // a mark at its end reaches over it by half
    wrong.push(`${name(e)} holds ${e.scrollWidth} pixels in ${e.clientWidth}`);
  }
}

// On a screen nobody looks for columns beyond the edge of a card; on a phone a table may scroll, and one of many
// classes against each other anywhere.
for (const e of shown.filter(s => s.classList.contains('scroll') && !s.querySelector('.confusion'))) {
  if (width >= 700 && e.scrollWidth > e.clientWidth + 1) {
    wrong.push(`${name(e)} has to scroll: ${e.scrollWidth} pixels in ${e.clientWidth}`);
  }
}

// Letters can be read.
const luminance = c => {
  const [r, g, b] = c.map(v => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
const rgba = text => {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = text;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data];
};
const ground = e => {
  const layers = [];
  for (let at = e; at; at = at.parentElement) {
    const c = rgba(getComputedStyle(at).backgroundColor);
    layers.unshift(c);
    if (c[3] === 255) { break; }
  }
  return layers.reduce((under, c) => c.slice(0, 3).map((v, i) => v * c[3] / 255 + under[i] * (1 - c[3] / 255)),
    [255, 255, 255]);
};
for (const e of shown) {
  const text = [...e.childNodes].filter(n => n.nodeType === 3 && n.textContent.trim()).length > 0;
  if (!text || e.tagName === 'STYLE') { continue; }
  const svg = e.ownerSVGElement;
  const size = parseFloat(getComputedStyle(e).fontSize) * (svg ? svg.getScreenCTM().a : 1);
  if (size < 11) {
    wrong.push(`${name(e)} has letters of ${size.toFixed(1)} pixels`);
  }
  const ink = rgba(svg ? getComputedStyle(e).fill : getComputedStyle(e).color);
  const [a, b] = [luminance(ink), luminance(ground(svg ? svg.parentElement : e))].sort((x, y) => y - x);
  if ((a + 0.05) / (b + 0.05) < 4.5) {
    wrong.push(`${name(e)} stands out by ${((a + 0.05) / (b + 0.05)).toFixed(2)} alone`);
  }
}

// Labels of a chart lie inside it and not on one another.
const apart = (texts, frame, of) => {
  const boxes = texts.map(t => [t, t.getBoundingClientRect()]);
  boxes.forEach(([t, b], i) => {
    if (frame && (b.left < frame.left - 1 || b.right > frame.right + 1 || b.top < frame.top - 1
        || b.bottom > frame.bottom + 1)) {
      wrong.push(`${of}: the label ${name(t)} leaves the chart`);
    }
    for (const [u, c] of boxes.slice(i + 1)) {
      if (Math.min(b.right, c.right) - Math.max(b.left, c.left) > 0.5
          && Math.min(b.bottom, c.bottom) - Math.max(b.top, c.top) > 2) {
        wrong.push(`${of}: ${name(t)} lies on ${name(u)}`);
      }
    }
  });
};
for (const svg of shown.filter(e => e.tagName === 'svg')) {
  apart([...svg.querySelectorAll('text')], svg.getBoundingClientRect(), svg.getAttribute('aria-label'));
}
document.querySelectorAll('.scale').forEach(s => apart([...s.children], null, 'a scale'));
document.querySelectorAll('.rows').forEach(r =>
  apart([...r.querySelectorAll('.name, .number, .scale > span')], null, 'rows'));

// A chart is there once, and no place of a grid is empty.
for (const card of document.querySelectorAll('.card')) {
  const [all, seen] = ['narrow', 'wide', 'full'].reduce(([n, v], size) => {
    const drawn = [...card.querySelectorAll(':scope > svg.' + size)];
    return [n + drawn.length, v + drawn.filter(s => s.getBoundingClientRect().height > 100).length];
  }, [0, 0]);
  if (all !== 3 * seen) {
    wrong.push(`${name(card)}: of ${all} drawings ${seen} are seen`);
  }
}
for (const grid of shown.filter(e => e.classList.contains('grid'))) {
  const frame = grid.getBoundingClientRect();
  const rows = new Map();
  for (const card of grid.children) {
    const b = card.getBoundingClientRect();
    const row = rows.get(Math.round(b.top)) || { left: b.left, right: b.right };
    rows.set(Math.round(b.top), { left: Math.min(row.left, b.left), right: Math.max(row.right, b.right) });
  }
  rows.forEach(r => {
    if (r.left > frame.left + 1 || r.right < frame.right - 1) {
      wrong.push(`a row of cards fills ${r.left} to ${r.right} of ${frame.left} to ${frame.right}`);
    }
  });
}
for (const image of document.images) {
  if (!image.complete || image.naturalWidth === 0) { wrong.push('a picture is not shown: ' + image.alt); }
}
return wrong.join('\n');
