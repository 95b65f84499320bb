namespace Xiangyun.Compute.Consoles;

/// <summary>The serial console's page: a terminal just large enough to log in and repair something, without a library.</summary>
internal static class SerialPage
{
    public const string Html = """
        <!doctype html><html lang="zh"><head><meta charset="utf-8"><title>云主机串口控制台 · Serial console</title>
        <style>html,body{margin:0;height:100%;background:#101828;color:#e4e7ec}pre{margin:0;padding:8px;min-height:100%;box-sizing:border-box;font:13px monospace;white-space:pre-wrap;outline:none}</style></head>
        <body><pre id="text" tabindex="0"></pre>
        <script type="module">
        const text = document.getElementById('text'), decoder = new TextDecoder(), encoder = new TextEncoder();
        const url = new URL('/' + new URLSearchParams(location.search).get('path'), location.href); url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
        const socket = new WebSocket(url, ['binary']);
        socket.binaryType = 'arraybuffer';
        socket.onmessage = e => {
          const plain = decoder.decode(e.data, { stream: true }).replace(/\x1b\[[0-9;?]*[a-zA-Z]/g, '').replace(/\r/g, '');
          for (const c of plain) text.textContent = c === '\b' ? text.textContent.slice(0, -1) : text.textContent + c;
          scrollTo(0, document.body.scrollHeight);
        };
        socket.onclose = () => { text.textContent += '\n[连接已关闭 · closed, ask for a new console URL]'; };
        text.onkeydown = e => {
          const special = { Enter: '\r', Backspace: '\x7f', Tab: '\t', Escape: '\x1b', ArrowUp: '\x1b[A', ArrowDown: '\x1b[B', ArrowRight: '\x1b[C', ArrowLeft: '\x1b[D' };
          let send = special[e.key] ?? (e.key.length === 1 ? e.key : null);
          if (e.ctrlKey && /^[a-z]$/i.test(e.key)) send = String.fromCharCode(e.key.toLowerCase().charCodeAt(0) - 96);
          if (send !== null) { socket.send(encoder.encode(send)); e.preventDefault(); }
        };
        text.focus();
        </script></body></html>
        """;
}
