// The big screen: shows what the stream says, with the moment it is of; what is no longer new turns grey. Nothing is counted or guessed here.
(() => {
  const wall = document.getElementById('wall'), language = wall.dataset.language, scenes = [...document.querySelectorAll('.scene')];
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 }), short = new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 }), count = { format: v => (Math.abs(v) < 1e6 ? whole : short).format(v) }, fine = new Intl.NumberFormat(language, { maximumFractionDigits: 1, minimumFractionDigits: 1 });
  const time = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false }), day = new Intl.DateTimeFormat(language, { dateStyle: 'long' });
  const charts = {}, all = [...document.querySelectorAll('[data-of]')];
  let newest, skew = 0, shown = 0, held = false, got = 0;

  const chart = id => charts[id] ??= echarts.init(document.getElementById(id), null, { renderer: 'canvas' });
  const axis = { axisLabel: { color: '#a9c4f5', fontSize: Math.round(innerHeight / 60) }, axisLine: { lineStyle: { color: '#2a4a8a' } }, splitLine: { lineStyle: { color: '#16305f' } }, axisTick: { show: false } };
  const bars = (id, all) => { const shares = all.slice(0, 12); chart(id).setOption({
    animation: false, grid: { left: 8, right: 60, top: 8, bottom: 8, containLabel: true }, xAxis: { type: 'value', ...axis }, yAxis: { type: 'category', inverse: true, data: shares.map(s => s.name), ...axis, axisLabel: { ...axis.axisLabel, interval: 0 } },
    series: [{ type: 'bar', data: shares.map(s => s.value), itemStyle: { color: '#4f8dff', borderRadius: 4 }, label: { show: true, position: 'right', color: '#e8f0ff', fontSize: Math.round(innerHeight / 60) } }],
  }); };
  const heat = v => `hsl(${Math.round(215 - 2.1 * Math.min(100, v))} 75% ${30 + Math.min(100, v) * .25}%)`;

  function draw() { // only the scene that is seen
    if (!newest) return;
    const f = newest.figures;
    const line = (id, column, most, colour) => chart(id).setOption({ animation: false, grid: { left: 8, right: 16, top: 16, bottom: 8, containLabel: true }, xAxis: { type: 'time', ...axis, splitLine: { show: false } }, yAxis: { type: 'value', min: 0, max: most, ...axis }, series: [{ type: 'line', showSymbol: newest.curve.length < 3, data: newest.curve.map(p => [p[0], p[column]]), lineStyle: { width: 3, color: colour }, areaStyle: { color: colour + '33' } }] });
    if (shown === 0) {
      line('curve', 1, 100, '#4cd263');
      document.getElementById('events').replaceChildren(...newest.events.map(e => {
        const row = document.createElement('li'), at = document.createElement('time'), who = document.createElement('b'), what = document.createElement('code');
        at.textContent = time.format(e.at); who.textContent = e.bureau; what.textContent = e.what; row.append(at, who, what); return row;
      }));
    } else if (shown === 1) {
      bars('shares', f['servers.vcpus']?.shares ?? []);
      document.getElementById('heat').replaceChildren(...(f['hosts.cpu_percent']?.each ?? []).map(v => { const one = document.createElement('i'); one.style.background = heat(v); one.title = fine.format(v) + ' %'; return one; }));
    } else if (shown === 2) bars('exposed', f['floating_ips']?.shares ?? []);
    else if (shown === 3) bars('alarming', f['alarms']?.shares ?? []);
    else {
      line('way', 1, 100, '#4cd263');
      line('inuse', 2, null, '#4f8dff');
    }
    Object.values(charts).forEach(c => c.resize());
  }

  function show(next) {
    newest = next; skew = next.now - Date.now(); got++;
    for (const tile of document.querySelectorAll('.tile')) {
      const figure = next.figures[tile.dataset.key];
      tile.querySelector('strong').textContent = figure ? (figure.unit.startsWith('%') ? fine : count).format(figure.value) : '—';
      if (figure) tile.href = '/console' + figure.evidence; else tile.removeAttribute('href');
    }
    draw(); age();
  }

  function age() {
    const now = Date.now() + skew;
    document.getElementById('clock').textContent = `${day.format(now)} ${time.format(now)}`;
    for (const said of all) {
      const figure = newest?.figures[said.dataset.of], old = !figure || now - figure.as_of > 3000 * figure.period_s;
      said.textContent = figure ? `${wall.dataset.asof} ${time.format(figure.as_of)}${old ? ' · ' + wall.dataset.stale : ''}` : wall.dataset.stale;
      said.parentElement.classList.toggle('old', old);
    }
  }

  function turn(to) {
    shown = (to + scenes.length) % scenes.length;
    scenes.forEach((s, n) => { s.hidden = n !== shown; });
    document.getElementById('scene-name').textContent = scenes[shown].dataset.scene;
    draw();
  }

  const trouble = words => { const note = document.getElementById('trouble'); note.hidden = !words; note.textContent = words ?? ''; };

  async function listen() {
    const token = decodeURIComponent(location.hash.slice(1));
    for (let wait = 1000; ; wait = Math.min(wait * 2, 15000)) {
      try {
        const answer = await fetch('/xiangyun/v1/screen/stream', { headers: { 'X-Screen-Token': token }, cache: 'no-store' });
        if (answer.status === 401 || answer.status === 403) trouble(wall.dataset.denied);
        else if (answer.ok) {
          trouble(); wait = 500;
          const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
          for (let rest = ''; ;) {
            const { done, value } = await reader.read();
            if (done) break;
            const events = (rest + value).split('\n\n');
            rest = events.pop();
            for (const event of events) { const data = event.split('\n').find(l => l.startsWith('data: ')); if (data) show(JSON.parse(data.slice(6))); }
          }
        } else trouble(wall.dataset.lost);
      } catch { trouble(wall.dataset.lost); }
      await new Promise(go => setTimeout(go, wait));
    }
  }

  addEventListener('keydown', e => {
    if (e.key === ' ') { held = !held; e.preventDefault(); }
    if (e.key === 'ArrowRight') turn(shown + 1);
    if (e.key === 'ArrowLeft') turn(shown - 1);
    if (e.key === 'f' || e.key === 'F') document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
  });
  addEventListener('resize', () => Object.values(charts).forEach(c => c.resize()));
  addEventListener('hashchange', () => location.reload());
  setInterval(age, 1000);
  setInterval(() => { if (!held) turn(shown + 1); }, 30000);
  window.xyWall = { show, turn, get newest() { return newest; }, get got() { return got; } };
  turn(0); age(); listen();
})();
