// The quota picture's edges: dragged with a pointer or moved with keys, bounded by what the rule allows. The picture moves at once;
// it goes back when the edge is let go, because only the server changes a grant.
export function draw(element, page) {
  element._page = page;
  if (!element._bound) {
    element._bound = true;
    element.addEventListener('pointerdown', e => { const edge = e.target.closest('.xy-ice-edge'); if (edge) drag(element, edge, e); });
    element.addEventListener('keydown', e => { const edge = e.target.closest('.xy-ice-edge'); if (edge) key(element, edge, e); });
    new ResizeObserver(() => loans(element)).observe(element);
  }
  loans(element);
}

const read = edge => ({ now: Number(edge.getAttribute('aria-valuenow')), least: Number(edge.getAttribute('aria-valuemin')), most: Number(edge.getAttribute('aria-valuemax')), step: Number(edge.dataset.step) });
const branch = edge => edge.closest('.xy-ice-branch');
const count = n => n.toLocaleString('en-US');

// Shows how it would look; null = as it is.
function show(edge, value) {
  const one = branch(edge), free = one.parentElement.querySelector(':scope > .xy-ice-free'), { now } = read(edge);
  one.style.setProperty('--weight', value ?? now);
  if (free) {
    free.dataset.weight ??= free.style.getPropertyValue('--weight');
    free.style.setProperty('--weight', Math.max(0, Number(free.dataset.weight) - (value === null ? 0 : value - now)));
  }
  let bubble = one.closest('.xy-ice').querySelector(':scope > .xy-ice-bubble');
  if (value === null) return bubble?.remove();
  if (!bubble) { bubble = Object.assign(document.createElement('div'), { className: 'xy-ice-bubble' }); bubble.setAttribute('role', 'status'); one.closest('.xy-ice').append(bubble); }
  const at = edge.getBoundingClientRect(), top = one.closest('.xy-ice').getBoundingClientRect(), { least, most } = read(edge);
  bubble.textContent = edge.dataset.words.replace('{0}', count(now)).replace('{1}', count(value)).replace('{2}', count(least)).replace('{3}', count(most));
  bubble.style.left = `${at.left - top.left + 8}px`; bubble.style.top = `${at.bottom - top.top + 6}px`;
}

const bounded = ({ now, least, most, step }, value) => {
  const wanted = Math.max(least, Math.min(most, value));
  return wanted === least || wanted === most ? wanted : Math.max(least, Math.min(most, now + Math.round((wanted - now) / step) * step));
};

function drag(element, edge, e) {
  e.preventDefault(); edge.setPointerCapture(e.pointerId); edge.focus();
  const from = e.clientY, all = read(edge), unit = all.now / Math.max(1, branch(edge).getBoundingClientRect().height);
  let value = all.now;
  const move = m => { value = bounded(all, all.now + (m.clientY - from) * unit); show(edge, value); };
  const end = drop => { edge.removeEventListener('pointermove', move); show(edge, null); if (drop && value !== all.now) element._page.invokeMethodAsync('Dropped', branch(edge).dataset.node, value); };
  edge.addEventListener('pointermove', move);
  edge.addEventListener('pointerup', () => end(true), { once: true });
  edge.addEventListener('pointercancel', () => end(false), { once: true });
}

function key(element, edge, e) {
  const all = read(edge), held = Number(edge.dataset.held ?? all.now);
  const by = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[e.key];
  const next = by ? bounded(all, held + by * all.step) : e.key === 'Home' ? all.least : e.key === 'End' ? all.most : null;
  if (next !== null) { e.preventDefault(); edge.dataset.held = next; show(edge, next); }
  else if (e.key === 'Enter' || e.key === 'Escape') {
    e.preventDefault(); delete edge.dataset.held; show(edge, null);
    if (e.key === 'Enter' && held !== all.now) element._page.invokeMethodAsync('Dropped', branch(edge).dataset.node, held);
  }
}

// Loans as curves at the right, from who lends to who borrows, where both stand in the picture.
function loans(element) {
  element.querySelector(':scope > svg')?.remove();
  const all = JSON.parse(element.dataset.loans || '[]'), box = id => element.querySelector(`[data-node="${CSS.escape(id)}"] > .xy-ice-box`), top = element.getBoundingClientRect();
  const ends = all.map(l => ({ ...l, a: box(l.from)?.getBoundingClientRect(), b: box(l.to)?.getBoundingClientRect() })).filter(l => l.a && l.b);
  if (!ends.length) return;
  const ns = 'http://www.w3.org/2000/svg', svg = document.createElementNS(ns, 'svg');
  svg.innerHTML = '<defs><marker id="xy-loan" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>';
  for (const l of ends) {
    const x1 = l.a.right - top.left - 6, y1 = (l.a.top + l.a.bottom) / 2 - top.top, x2 = l.b.right - top.left - 6, y2 = (l.b.top + l.b.bottom) / 2 - top.top, out = Math.max(x1, x2) + 26;
    const path = document.createElementNS(ns, 'path'), title = document.createElementNS(ns, 'title');
    path.setAttribute('d', `M${x1} ${y1} C${out} ${y1} ${out} ${y2} ${x2} ${y2}`); path.setAttribute('marker-end', 'url(#xy-loan)');
    title.textContent = l.title; path.append(title); svg.append(path);
  }
  element.append(svg);
}
