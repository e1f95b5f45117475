import { describe, expect, it } from 'vitest'
import { parsePrompt, readPrompt } from '../../src/answer/prompt-template.ts'

const text = '---\nid: greet\nversion: 3\nvariables: [name]\n---\n# system\nBe kind.\n# user\nHello {{name}}.\n'

describe('parsePrompt', () => {
  it('renders one message for each section', () => {
    const prompt = parsePrompt(text)
    expect(prompt).toMatchObject({ id: 'greet', version: 3 })
    expect(prompt.render({ name: 'Mei' })).toEqual([
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'Hello Mei.' },
    ])
  })

  it('leaves placeholders inside a value as they are', () => {
    expect(parsePrompt(text).render({ name: '{{name}} $& $1' })[1]?.content).toBe('Hello {{name}} $& $1.')
  })

  it('refuses a prompt whose declared and used variables differ', () => {
    expect(() => parsePrompt(text.replace('[name]', '[name, other]'))).toThrow('other')
    expect(() => parsePrompt(text.replace('[name]', '[]'))).toThrow('name')
  })

  it.each(['answer', 'standalone-question'])('accepts the prompt %s of the project', async (id) => {
    expect((await readPrompt(id)).id).toBe(id)
  })
})
