"""Plays a file of `openstack` commands with Debian's own client, all in one process because starting it costs seconds.

    # a comment
    $id = project create -f value -c id one     keeps what the command printed as $id
    project show -f value -c name $id           must succeed
    > one                                       and what the command before printed must contain this
    ! project show nobody                       must fail; > then looks at the error
    ~ server show -f value -c status $id        again and again, until what it prints contains the next >

$dir is a scratch directory with the files that the commands want, $image the guest image's file.
"""
import contextlib
import io
import os
import shlex
import sys
import tempfile
import time

from openstackclient import shell


def run(words):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        client = shell.OpenStackShell()
        client.stdout, client.stderr = out, err
        try:
            code = client.run(words)
        except SystemExit as end:
            code = end.code
    return code, out.getvalue().strip(), err.getvalue().strip()


def fill(text, names):
    for name in sorted(names, key=len, reverse=True):
        text = text.replace("$" + name, names[name])
    return text


def play(path):
    names = {"dir": tempfile.mkdtemp(), "image": os.environ["XY_IMAGE"]}
    lines = [line.strip() for line in open(path, encoding="utf-8")]
    said, at = "", 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if not line or line.startswith("#"):
            continue
        if line.startswith(">"):
            wanted = fill(line[1:].strip(), names)
            assert wanted in said, f"line {at}: '{wanted}' is not in: {said}"
            continue
        refused = line.startswith("!")
        again = line.startswith("~")
        name = ""
        if refused or again:
            line = line[1:].strip()
        elif line.startswith("$"):
            name, line = (part.strip() for part in line[1:].split("=", 1))
        words = shlex.split(fill(line, names))
        limit = time.monotonic() + 90
        while True:
            code, out, err = run(words)
            said = f"{out}\n{err}" if refused else out
            if not again or (at < len(lines) and fill(lines[at][1:].strip(), names) in said) or time.monotonic() > limit:
                break
            time.sleep(0.5)
        assert bool(code) == refused, f"line {at}: openstack {' '.join(words)} ended with {code}: {out}\n{err}"
        if name:
            names[name] = out


play(sys.argv[1])
