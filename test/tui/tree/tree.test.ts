import { describe, expect, it } from 'vitest'
import type { Side } from '../../../src/imap/raw-message.ts'
import type { TreeNode } from '../../../src/tui/tree/node.ts'
import { openAll, openAtFirst, rowAbove, treeRows } from '../../../src/tui/tree/rows.ts'
import { makeTree, type Tree } from '../../../src/tui/tree/tree.ts'
import { DEPTH, NODES } from '../../../src/tui/tree/walk.ts'
import { specimenOf } from '../support/specimen.ts'

const treeOf = (text: string, side: Side = 'server'): Tree => makeTree(specimenOf(text, side))

/** Each node on a line: its label, what it says, and its octets. */
function outline({ root }: Tree): string {
  return treeRows(root, openAll(root))
    .map((row) =>
      row.kind === 'fault'
        ? `${'  '.repeat(row.depth)}!${row.fault.at} ${row.fault.rule}`
        : `${'  '.repeat(row.depth)}${row.node.label || '-'} ${row.node.kind} ${row.node.text} ${row.node.from}-${row.node.to}`,
    )
    .join('\n')
}

describe('the tree of a command', () => {
  it('names the arguments by their places', () => {
    expect(outline(treeOf('A17 UID FETCH 1:* (FLAGS ENVELOPE)\r\n', 'client'))).toMatchInlineSnapshot(`
      "UID FETCH message  0-36
        tag atom A17 0-3
        command atom UID 4-7
        command atom FETCH 8-13
        messages atom 1:* 14-17
        items list  18-34
          - atom FLAGS 19-24
          - atom ENVELOPE 25-33"
    `)
  })

  it('pairs what stands in turns', () => {
    const shown = outline(treeOf('a ID ("name" "x" "version" NIL)\r\n', 'client'))
    expect(shown).toContain('name string "x" 6-16')
    expect(shown).toContain('version atom NIL 17-30')
  })

  it('holds literals with their announcement', () => {
    expect(outline(treeOf('a LOGIN {3}\r\nann "x y"\r\n', 'client'))).toMatchInlineSnapshot(`
      "LOGIN message  0-24
        tag atom a 0-1
        command atom LOGIN 2-7
        user literal {3} ann 8-16
        password string "x y" 17-22"
    `)
  })
})

describe('the tree of a response', () => {
  it('makes one node of each item of a FETCH', () => {
    expect(
      outline(treeOf('* 9 FETCH (UID 77 FLAGS (\\Seen) BODY[HEADER.FIELDS (DATE FROM)] {5}\r\nhello)\r\n')),
    ).toMatchInlineSnapshot(`
      "* 9 FETCH message  0-77
        untagged atom * 0-1
        message number atom 9 2-3
        response atom FETCH 4-9
        items list  10-75
          UID atom 77 11-17
          FLAGS list  18-31
            - atom \\Seen 25-30
          BODY[HEADER.FIELDS (DATE FROM)] literal {5} hello 32-74"
    `)
  })

  it('names the fields of an envelope and of a body structure', () => {
    const envelope = '(NIL "Hi" ((NIL NIL "ann" "example.org")) NIL NIL NIL NIL NIL NIL "<1@x>")'
    const structure =
      '(("TEXT" "PLAIN" NIL NIL NIL "7BIT" 12 1)("IMAGE" "PNG" NIL NIL NIL "BASE64" 99) "MIXED")'
    expect(outline(treeOf(`* 9 FETCH (ENVELOPE ${envelope} BODYSTRUCTURE ${structure})\r\n`)))
      .toMatchInlineSnapshot(`
      "* 9 FETCH message  0-201
        untagged atom * 0-1
        message number atom 9 2-3
        response atom FETCH 4-9
        items list  10-199
          ENVELOPE list Hi 11-94
            date atom NIL 21-24
            subject string "Hi" 25-29
            from list ann@example.org 30-61
              address list ann@example.org 31-60
                name atom NIL 32-35
                route atom NIL 36-39
                mailbox string "ann" 40-45
                host string "example.org" 46-59
            sender atom NIL 62-65
            reply-to atom NIL 66-69
            to atom NIL 70-73
            cc atom NIL 74-77
            bcc atom NIL 78-81
            in-reply-to atom NIL 82-85
            message-id string "<1@x>" 86-93
          BODYSTRUCTURE list mixed(2) 95-198
            1 list text/plain 110-150
              type string "TEXT" 111-117
              subtype string "PLAIN" 118-125
              parameters atom NIL 126-129
              id atom NIL 130-133
              description atom NIL 134-137
              encoding string "7BIT" 138-144
              octets atom 12 145-147
              lines atom 1 148-149
            2 list image/png 150-189
              type string "IMAGE" 151-158
              subtype string "PNG" 159-164
              parameters atom NIL 165-168
              id atom NIL 169-172
              description atom NIL 173-176
              encoding string "BASE64" 177-185
              octets atom 99 186-188
            subtype string "MIXED" 190-197"
    `)
  })

  it('keeps code and text of a status apart', () => {
    expect(outline(treeOf('A1 OK [UIDNEXT 12] (done) [really]\r\n'))).toMatchInlineSnapshot(`
      "A1 OK message  0-36
        tag atom A1 0-2
        status atom OK 3-5
        code code UIDNEXT 6-18
          - atom UIDNEXT 7-14
          - atom 12 15-17
        text text (done) [really] 19-34"
    `)
    expect(outline(treeOf('+ go ahead\r\n'))).toMatchInlineSnapshot(`
      "+ message  0-12
        go on atom + 0-1
        text text go ahead 2-10"
    `)
  })

  it('shows what is wrong at its octet', () => {
    const rows = outline(treeOf('* 9 FETCH (UID  77)\r\n'))
    expect(rows).toContain('extra-space')
  })
})

describe('any message', () => {
  it('has every octet of a node within its parent', () => {
    for (const text of odd) {
      const { root } = treeOf(text)
      const check = (node: TreeNode): void => {
        let before = node.from
        for (const child of node.children) {
          expect(child.from).toBeGreaterThanOrEqual(before)
          expect(child.to).toBeLessThanOrEqual(node.to)
          before = child.to
          check(child)
        }
      }
      check(root)
    }
  })

  it('has a bounded number of nodes and levels, in linear time', () => {
    const wide = treeOf(`* SEARCH ${'1 '.repeat(400_000)}\r\n`)
    expect(wide.root.children.length).toBeLessThanOrEqual(NODES + 2)
    expect(wide.root.children.at(-1)?.kind).toBe('rest')
    const deep = treeOf(`* X ${'('.repeat(300_000)}\r\n`)
    expect(
      Math.max(...treeRows(deep.root, openAll(deep.root)).map(({ depth }) => depth)),
    ).toBeLessThanOrEqual(DEPTH + 1)
    expect(treeOf(`* X "${'x'.repeat(3_000_000)}"\r\n`).root.children[2]?.text.length).toBeLessThan(300)
    for (const piece of ['a[', '"a', '(a)', '[', ')', '\\"', '{', '"a"b'])
      treeOf(`* X ${piece.repeat(60_000)}\r\n`)
  })

  it('says nothing of hidden octets', () => {
    const specimen = specimenOf('a LOGIN ann xyzzy\r\n', 'client', [{ from: 12, to: 17 }])
    const shown = outline(makeTree(specimen))
    expect(shown).not.toContain('xyzzy')
    expect(shown).toContain('‹redacted 5›')
  })
})

describe('the rows', () => {
  it('follow what is open', () => {
    const { root } = treeOf('* 9 FETCH (UID 77 FLAGS (\\Seen))\r\n')
    const open = openAtFirst(root)
    expect(treeRows(root, open).length).toBeGreaterThan(5)
    expect(treeRows(root, new Set()).length).toBe(1)
  })

  it('know the row above', () => {
    const { root } = treeOf('* 9 FETCH (UID 77 FLAGS (\\Seen))\r\n')
    const rows = treeRows(root, openAll(root))
    expect(rowAbove(rows, rows.length - 1)).toBeLessThan(rows.length - 1)
    expect(rowAbove(rows, 0)).toBe(0)
  })
})

const odd = [
  '* 9 FETCH (UID 77\r\n',
  '* 9 FETCH UID 77)))\r\n',
  '\r\n',
  '* OK [UIDNEXT\r\n',
  '* X "open\r\n',
  '* X "a "b" c" (d\r\n',
  '* 1 FETCH (BODY[ {3}\r\nabc)\r\n',
]
