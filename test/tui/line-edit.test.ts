import { describe, expect, it } from 'vitest'
import { editLine, emptyLine, lineOf, LONGEST_LINE, type EditedLine } from '../../src/tui/line-edit.ts'

function after(keys: readonly string[], start: EditedLine = emptyLine): EditedLine {
  return keys.reduce((line, key) => editLine(line, key) ?? line, start)
}

describe('a line', () => {
  it('takes characters where the cursor stands', () => {
    expect(after(['a', 'c', 'left', 'b'])).toEqual({ text: 'abc', cursor: 2 })
  })

  it('moves and erases by whole characters, also outside the basic plane', () => {
    expect(after(['a', '😀', 'left', 'left', 'right', 'delete'])).toEqual({ text: 'a', cursor: 1 })
    expect(after(['😀', 'backspace'])).toEqual(emptyLine)
  })

  it('knows its ends, and erases a word or all before the cursor', () => {
    const line = lineOf('~c FETCH now')
    expect(after(['home', 'x'], line).text).toBe('x~c FETCH now')
    expect(after(['C-w'], line)).toEqual({ text: '~c FETCH ', cursor: 9 })
    expect(after(['left', 'left', 'left', 'C-u'], line)).toEqual({ text: 'now', cursor: 0 })
  })

  it('leaves other keys to others, and has an end', () => {
    expect(editLine(emptyLine, 'pageup')).toBeUndefined()
    expect(after(['x'], lineOf('y'.repeat(LONGEST_LINE))).text).toHaveLength(LONGEST_LINE)
  })
})
