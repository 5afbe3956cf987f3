// Search, folding and keys. The page is complete without this script: links open messages, and everything can be unfolded.
(() => {
  const get = id => document.getElementById(id);
  const bar = get('bar'), box = get('q'), status = get('n');
  const items = [...document.querySelectorAll('.m>details')].map(node => ({node, open: false}));
  const arrows = [...document.querySelectorAll('.ladder a')];
  let hits = [], at = 0;

  function show(hash) {
    const target = get(hash.slice(1));
    if (!target) return;
    for (let node = target.closest('details'); node; node = node.parentElement.closest('details')) {
      node.open = true;
      node.hidden = false;
    }
    target.scrollIntoView({block: 'nearest'});
    target.closest('details,section').scrollIntoView({block: 'start'});
    scrollBy(0, -60);
  }

  // The places of a text in the text nodes of a message.
  function find(node, text) {
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT), found = [];
    while (walker.nextNode()) {
      const words = walker.currentNode.data.toLowerCase();
      for (let place = words.indexOf(text); place >= 0; place = words.indexOf(text, place + text.length)) {
        found.push([walker.currentNode, place]);
      }
    }
    return found;
  }

  function mark(name, places, length) {
    if (!CSS.highlights) return;
    const ranges = places.slice(0, 5000).map(([node, place]) => {
      const range = new Range();
      range.setStart(node, place);
      range.setEnd(node, Math.min(place + length, node.length));
      return range;
    });
    CSS.highlights.set(name, new Highlight(...ranges));
  }

  function search() {
    const text = box.value.toLowerCase(), gone = new Set();
    let shown = 0;
    hits = [];
    for (const item of items) {
      if (text && !item.searched) item.open = item.node.open;
      item.searched = !!text;
      item.found = text ? find(item.node, text) : [];
      item.node.hidden = text && !item.found.length;
      hits.push(...item.found);
      if (item.node.hidden) item.node.querySelectorAll('p[id]').forEach(p => gone.add('#' + p.id));
      else shown++;
    }
    // Hundreds of open messages would help no one: Enter goes from hit to hit.
    items.forEach(item => item.node.open = text && shown < 200 ? item.found.length > 0 : item.open);
    arrows.forEach(arrow => arrow.classList.toggle('dim', gone.has(arrow.getAttribute('href'))));
    at = -1;
    mark('hit', hits, text.length);
    mark('now', [], 0);
    status.textContent = text ? `${shown} of ${items.length} messages, ${hits.length} ${hits.length == 1 ? 'hit' : 'hits'}` : '';
  }

  function step(by) {
    if (!hits.length) return;
    at = (at + by + hits.length) % hits.length;
    mark('now', [hits[at]], box.value.length);
    for (let node = hits[at][0].parentElement.closest('details'); node; node = node.parentElement.closest('details')) node.open = true;
    hits[at][0].parentElement.scrollIntoView({block: 'center'});
    status.textContent = `hit ${at + 1} of ${hits.length}`;
  }

  const fold = open => items.forEach(item => item.node.open = item.open = open);
  box.oninput = search;
  box.onkeydown = event => {
    if (event.key == 'Enter') { event.preventDefault(); step(event.shiftKey ? -1 : 1); }
    if (event.key == 'Escape') { box.value = ''; search(); box.blur(); }
  };
  get('e').onclick = () => fold(true);
  get('c').onclick = () => fold(false);
  document.onkeydown = event => {
    if (event.key != '/' || event.ctrlKey || event.metaKey || event.altKey || event.target == box) return;
    event.preventDefault();
    box.focus();
    box.select();
  };
  document.onclick = event => {
    const link = event.target.closest && event.target.closest('a[href^="#m"]');
    if (link) setTimeout(show, 0, link.getAttribute('href'));
  };
  addEventListener('hashchange', () => show(location.hash));
  let folded = [];
  addEventListener('beforeprint', () => {
    folded = [...document.querySelectorAll('details:not([open])')];
    folded.forEach(node => node.open = true);
  });
  addEventListener('afterprint', () => folded.forEach(node => node.open = false));
  bar.hidden = false;
  if (location.hash) show(location.hash);
})();
