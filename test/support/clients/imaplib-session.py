"""Works through a mailbox with Python's imaplib and prints one line per observation; knows nothing of the proxy."""

import hashlib
import imaplib
import json
import re
import ssl
import sys


def main():
    login = json.load(sys.stdin)
    connection = connect(login)
    connection.login(login["user"], login["password"])
    try:
        work_through_mailbox(connection)
    finally:
        kind, _ = connection.logout()
        say("logout", kind)


def connect(login):
    if login["tls"] == "none":
        return imaplib.IMAP4(login["host"], login["port"], timeout=20)
    context = ssl.create_default_context(cafile=login["caFile"])
    if login["tls"] == "implicit":
        return imaplib.IMAP4_SSL(login["host"], login["port"], ssl_context=context, timeout=20)
    connection = imaplib.IMAP4(login["host"], login["port"], timeout=20)
    connection.starttls(context)
    return connection


def work_through_mailbox(connection):
    say("namespace", connection.namespace())
    say("create", connection.create('"Old mail"'))
    say("subscribe", connection.subscribe('"Old mail"'))
    say("list", sorted_answer(connection.list()))
    say("lsub", sorted_answer(connection.lsub()))
    say("select", connection.select("INBOX"))
    kind, (found,) = connection.uid("SEARCH", None, "ALL")
    say("search", (kind, found))
    for uid in found.split():
        say_message(uid, connection.uid("FETCH", uid, "(FLAGS RFC822.SIZE BODY.PEEK[])"))
    say("header", connection.fetch("1:3", "(BODY.PEEK[HEADER.FIELDS (SUBJECT FROM)] BODY.PEEK[TEXT]<0.20>)"))
    say("store", connection.store("1:2", "+FLAGS", r"(\Deleted $Label1)"))
    say("copy", connection.copy("3:5", '"Old mail"'))
    say("expunge", connection.expunge())
    message = b"Subject: from imaplib\r\n\r\n8-bit \xe9\xff, {3}\r\n"
    say("append", connection.append("INBOX", r"(\Seen)", '"01-Jan-2020 00:00:00 +0000"', message))
    # imaplib sends a search text as a literal when it is told so.
    connection.literal = "Gr\u00fc\u00dfe".encode()
    say("search literal", connection.uid("SEARCH", "CHARSET", "UTF-8", "BODY"))
    say("status", connection.status('"Old mail"', "(MESSAGES UNSEEN RECENT)"))
    say("noop", connection.noop())
    say("failure", connection.rename("nowhere", "somewhere"))
    say("unselect", connection.unselect())
    say("delete", connection.delete('"Old mail"'))


def sorted_answer(answer):
    kind, lines = answer
    return kind, sorted(lines)


def say_message(uid, answer):
    kind, parts = answer
    for part in parts:
        if isinstance(part, tuple):
            digest = hashlib.sha256(part[1]).hexdigest()[:16]
            say(f"message {uid.decode()}", (kind, part[0], len(part[1]), digest))
        else:
            say(f"message {uid.decode()}, rest", (kind, part))


def say(label, answer):
    line = f"{label}: {answer!r}"
    line = re.sub(r"\(\d+\.\d+ \+ [^)]*secs\)", "(time)", line)
    line = re.sub(r"(APPENDUID|COPYUID) \d+", r"\1 n", line)
    print(line)


main()
