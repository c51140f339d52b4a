"""Tries with Python's imaplib what a policy may refuse, one line of JSON per step; knows nothing of policies."""

import hashlib
import imaplib
import json
import sys

DRAFT = b"Subject: a draft\r\n\r\nnot sent yet\r\n"


def main():
    login = json.load(sys.stdin)
    c = imaplib.IMAP4(login["host"], login["port"], timeout=20)
    c.login(login["user"], login["password"])
    say("list", lambda: listed(c))
    say("open", lambda: opened(c))
    say("read", lambda: read(c))
    say("flag", lambda: told(c.store("1", "+FLAGS", r"(\Flagged)")))
    say("mark deleted", lambda: told(c.store("2", "+FLAGS", r"(\Deleted)")))
    say("expunge", lambda: told(c.expunge()))
    say("copy", lambda: told(c.copy("1", "Work")))
    say("move", lambda: told(c.uid("MOVE", "3", "Work")))
    say("append", lambda: told(c.append("INBOX", None, None, DRAFT)))
    say("draft", lambda: told(c.append("Drafts", r"(\Draft \Seen)", None, DRAFT)))
    say("create", lambda: told(c.create("New")))
    say("subscribe", lambda: told(c.subscribe("Work")))
    say("delete", lambda: told(c.delete("Work")))
    say("close", lambda: told(c.close()))
    c.logout()


def listed(c):
    kind, lines = c.list()
    names = sorted(line.decode().split('" ')[-1].strip('"') for line in lines if line)
    return " ".join(names) if kind == "OK" else told((kind, lines))


def opened(c):
    try:
        kind, data = c.select("INBOX")
        return f"{data[0].decode()} messages" if kind == "OK" else told((kind, data))
    except imaplib.IMAP4.readonly:
        # It takes this for an error until it is told to expect it, and then goes on.
        c.select("INBOX", readonly=True)
        return "read-only"


def read(c):
    kind, parts = c.uid("FETCH", "1:6", "(FLAGS BODY[])")
    if kind != "OK":
        return told((kind, parts))
    bodies = [part[1] for part in parts if isinstance(part, tuple)]
    seen = sum(rb"\Seen" in (part[0] if isinstance(part, tuple) else part) for part in parts if part)
    digest = hashlib.sha256(b"".join(bodies)).hexdigest()[:16]
    return f"{len(bodies)} messages, {digest}, {seen} seen"


def told(answer):
    kind, data = answer
    text = (data[0] or b"").decode(errors="replace") if data and isinstance(data[0], bytes) else ""
    return "OK" if kind == "OK" else f"{kind} {text}"


def say(step, attempt):
    try:
        result = attempt()
    except imaplib.IMAP4.error as error:
        result = f"error {error}"
    print(json.dumps([step, result]), flush=True)


main()
