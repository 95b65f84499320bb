// What only a browser can do: copy, download, theme, the reader's clock, idle sign-out, charts. No framework, no inline script.
(() => {
  const cookie = (name, value) => { document.cookie = `${name}=${value};path=/;max-age=31536000;samesite=lax${location.protocol === 'https:' ? ';secure' : ''}`; };
  cookie('xy-offset', -new Date().getTimezoneOffset());

  document.addEventListener('click', async e => {
    const copy = e.target.closest?.('[data-copy]');
    if (copy) {
      e.preventDefault(); e.stopPropagation();
      await navigator.clipboard.writeText(copy.dataset.copy).catch(() => fallback(copy.dataset.copy));
      copy.classList.add('done'); setTimeout(() => copy.classList.remove('done'), 1200);
    }
    if (e.target.closest?.('[data-theme-switch]')) {
      cookie('xy-theme', document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark');
      location.reload(); // the page's state is in its address
    }
    for (const pop of document.querySelectorAll('details.xy-pop[open]')) if (!pop.contains(e.target) || e.target.closest('.xy-option') && !e.target.closest('label')) pop.open = false;
  });
  document.addEventListener('keydown', e => {
    if (e.key === 'Escape') for (const pop of document.querySelectorAll('details.xy-pop[open]')) { pop.open = false; pop.querySelector('summary').focus(); }
    if (e.key === '/' && !/^(input|textarea|select)$/i.test(e.target.tagName)) { const search = document.getElementById('search'); if (search) { e.preventDefault(); search.focus(); } }
  });
  // The command palette: a native dialog, so that it opens at once and keeps the keyboard; what is in it comes from the circuit.
  const palette = open => {
    const dialog = document.getElementById('palette'), input = document.getElementById('palette-input');
    if (!dialog || !open) return dialog?.close();
    if (dialog.open) return;
    input.value = ''; input.dispatchEvent(new Event('input', { bubbles: true }));
    dialog.showModal(); input.focus();
  };
  document.addEventListener('keydown', e => {
    if ((e.ctrlKey || e.metaKey) && !e.altKey && !e.shiftKey && e.key.toLowerCase() === 'k' && document.getElementById('palette')) { e.preventDefault(); palette(!document.getElementById('palette').open); }
    if (e.target.id === 'palette-input' && (e.key === 'ArrowDown' || e.key === 'ArrowUp' || e.key === 'Enter')) e.preventDefault();
  }, { capture: true });
  document.addEventListener('click', e => { if (e.target.closest?.('#palette-open')) palette(true); else if (e.target.id === 'palette') palette(false); });

  function fallback(text) { // pages over plain HTTP have no clipboard object
    const area = Object.assign(document.createElement('textarea'), { value: text });
    document.body.append(area); area.select(); document.execCommand('copy'); area.remove();
  }

  // Somebody who is there keeps the session; after the idle time the page signs out by itself.
  const idle = Number(document.body.dataset.idle) * 1000;
  let seen = Date.now(), told = Date.now();
  for (const kind of ['pointerdown', 'keydown', 'wheel']) document.addEventListener(kind, () => { seen = Date.now(); }, { passive: true, capture: true });
  setInterval(() => {
    const leave = document.getElementById('leave');
    if (!leave || !idle) return;
    if (Date.now() - seen > idle) { leave.elements.why.value = 'idle'; leave.submit(); }
    else if (seen > told && Date.now() - told > idle / 6) { told = Date.now(); fetch('/console/session/alive', { method: 'POST' }); }
  }, 5000);

  // After a restart of the server the circuit is gone, but the page's state is in its address: load it again.
  let tries = 0;
  const begin = () => window.Blazor?.addEventListener && document.addEventListener('components-reconnect-state-changed', e => { if (e.detail?.state === 'rejected' || e.detail?.state === 'failed') again(); });
  const again = async () => { try { if ((await fetch('/health/live')).ok) return location.reload(); } catch { /* not yet */ } if (++tries < 120) setTimeout(again, 1500); };
  addEventListener('load', () => { begin(); const modal = () => document.getElementById('components-reconnect-modal'); setInterval(() => { const m = modal(); if (m && /components-reconnect-(failed|rejected)/.test(m.className)) again(); }, 2000); });

  // Passkeys: browsers make and use them only for names, over a connection that nobody else reads.
  const passkeys = isSecureContext && !!window.PublicKeyCredential?.parseRequestOptionsFromJSON && !/^[\d.]+$|^\[/.test(location.hostname);
  const byPasskey = document.getElementById('passkey');
  if (byPasskey && passkeys) {
    byPasskey.hidden = false;
    byPasskey.addEventListener('click', async () => {
      const form = document.getElementById('by-passkey');
      try {
        const { challenge } = await (await fetch(`/xiangyun/v1/passkeys/sign-in?origin=${encodeURIComponent(location.origin)}`)).json();
        const credential = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(challenge.options) });
        form.elements.state.value = challenge.state; form.elements.credential.value = JSON.stringify(credential); form.submit();
      } catch (e) { if (e.name !== 'NotAllowedError' && e.name !== 'AbortError') location.search = '?problem=passkey'; } // its owner changed its mind
    });
  }
  document.getElementById('provider')?.addEventListener('click', e => {
    const entered = e.target.form.elements;
    location.assign(`/console/session/openid?domain=${encodeURIComponent(entered.domain.value)}&back=${encodeURIComponent(entered.back.value)}`);
  });

  const charts = new WeakMap();
  let library;
  const load = () => library ??= new Promise((done, failed) => {
    const script = document.createElement('script');
    script.src = '/_content/Vizor.ECharts/js/vizor-echarts-bundle-min.js'; script.onload = () => done(window.echarts); script.onerror = failed;
    document.head.append(script);
  });
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  // Options come as data; a text "var(--x)" is a colour of tokens.css, "{bytes}" and the like choose a formatter.
  const resolve = at => {
    if (Array.isArray(at)) return at.map(resolve);
    if (at && typeof at === 'object') return Object.fromEntries(Object.entries(at).map(([k, v]) => [k, resolve(v)]));
    if (typeof at === 'string' && at.startsWith('var(')) return colour(at.slice(4, -1));
    return at;
  };
  window.xy = {
    download(name, text) {
      const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' })), download: name });
      link.click(); setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    },
    async chart(element, option, page) {
      const echarts = await load();
      if (!element.isConnected) return;
      let one = charts.get(element);
      if (!one) {
        one = echarts.init(element, null, { renderer: 'canvas' });
        charts.set(element, one);
        new ResizeObserver(() => one.resize()).observe(element);
        one.on('click', e => { const href = e.data?.href; if (href) page ? page.invokeMethodAsync('Open', href) : location.assign(href); });
      }
      // Many names are shown only from near: the picture's own zoom tells.
      const graph = option.series?.[0]?.type === 'graph';
      if (graph && !one.xyNames) {
        one.xyNames = { shown: false };
        one.on('graphRoam', () => { const near = (one.getModel().getSeriesByIndex(0)?.get('zoom') ?? 1) > 3; if (near !== one.xyNames.shown) { one.xyNames.shown = near; one.setOption({ series: [{ label: { show: near } }] }); } });
      }
      // ECharts fills the marks of lines white: in the dark that is what one sees of them.
      if (option.series) option = { ...option, series: [option.series].flat().map(s => s.type === 'line' ? { symbol: 'circle', ...s } : s) };
      one.setOption(resolve({ animationDuration: 300, textStyle: { color: 'var(--quiet)', fontFamily: getComputedStyle(document.body).fontFamily }, tooltip: { backgroundColor: 'var(--raised)', borderColor: 'var(--line)', textStyle: { color: 'var(--text)', fontSize: 12 }, confine: true }, ...option, ...(option.tooltip ? { tooltip: { backgroundColor: 'var(--raised)', borderColor: 'var(--line)', textStyle: { color: 'var(--text)', fontSize: 12 }, confine: true, renderMode: 'richText', ...option.tooltip } } : {}) }), { notMerge: false });
    },
    palette, reveal: id => document.getElementById(id)?.scrollIntoView({ block: 'nearest' }),
    // Presses a button as soon as the page at that address shows it.
    async press(selector, href) {
      for (let tries = 0; tries < 80; tries++) {
        const one = document.querySelector(selector);
        if (one && !one.disabled && (!href || location.pathname + location.search === href)) { one.click(); return; }
        await new Promise(done => setTimeout(done, 60));
      }
    },
    chartOf: element => charts.get(element),
    passkeys: () => passkeys,
    async passkey(options) {
      try { return JSON.stringify(await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })); }
      catch (e) { if (e.name === 'NotAllowedError' || e.name === 'AbortError') return null; if (e.name === 'InvalidStateError') return ''; throw e; }
    },
    unchart(element) { charts.get(element)?.dispose(); charts.delete(element); },
  };
})();
