"""Asks with Python's imaplib for mailboxes in all the ways that it has; prints what it is told, knows nothing of policies."""

import imaplib
import json
import sys


def main():
    login = json.load(sys.stdin)
    c = imaplib.IMAP4(login["host"], login["port"], timeout=20)
    c.login(login["user"], login["password"])
    say(c.namespace)
    for pattern in ("*", "%", "S*", "Work*"):
        say(c.list, '""', pattern)
        say(c.lsub, '""', pattern)
    c.select("INBOX")
    for name in login["hidden"]:
        say(c.select, name)
        say(c.select, "INBOX")
        say(c.status, name, "(MESSAGES UIDNEXT)")
        say(c.copy, "1", name)
        say(c.append, name, None, None, b"Subject: x\r\n\r\nx\r\n")
        say(c.subscribe, name)
        say(c.rename, name, "Elsewhere")
        say(c.delete, name)
    say(c.list)
    c.logout()


def say(command, *arguments):
    try:
        result = command(*arguments)
    except imaplib.IMAP4.error as error:
        result = f"error {error}"
    print(command.__name__, result)


main()
