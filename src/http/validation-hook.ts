/**
 * Turns what zod found wrong with a request into one `invalid_request` that names each field and its limit in plain words.
 * In: the validation result of a route. Out: nothing where it is valid, else an exception for `problem.ts`.
 * Invariant: the value that was sent is never repeated.
 */
import type { z } from '@hono/zod-openapi'
import { KuraError } from '../core/errors.ts'

type Issue = z.core.$ZodIssue

const units: Readonly<Record<string, string>> = { string: 'characters', array: 'items', object: 'fields' }

const describeBound = (issue: Issue & { code: 'too_big' | 'too_small' }): string => {
  const bound = issue.code === 'too_big' ? `at most ${issue.maximum}` : `at least ${issue.minimum}`
  const unit = units[issue.origin]
  return unit ? `must have ${bound} ${unit}` : `must be ${bound}`
}

const describeIssue = (issue: Issue): string => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined') ? 'is required' : `must be of type ${issue.expected}`
    case 'too_big':
    case 'too_small':
      return describeBound(issue)
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}`
    case 'unrecognized_keys':
      return 'is not a field of this request'
    case 'invalid_format':
      return `must be a valid ${issue.format}`
    case 'invalid_union':
      return issue.message === 'Invalid input' ? 'is not valid' : issue.message
    case 'custom':
      return issue.message
    default:
      return 'is not valid'
  }
}

interface FieldError {
  readonly field: string
  readonly message: string
}

const fieldErrorsOf = (issue: Issue, fallback: string): FieldError[] => {
  const place = issue.path.map(String).join('.')
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, 5).map((key) => ({
      field: (place ? `${place}.${key}` : key).slice(0, 100),
      message: describeIssue(issue),
    }))
  }
  return [{ field: place || fallback, message: describeIssue(issue) }]
}

const fallbackNames: Readonly<Record<string, string>> = { json: 'body', query: 'query', param: 'path', form: 'body' }

/** @throws invalid_request whose details list the fields */
export const throwInvalidRequest = (error: { readonly issues: readonly Issue[] }, target: string): never => {
  const errors = error.issues
    .slice(0, 5)
    .flatMap((issue) => fieldErrorsOf(issue, fallbackNames[target] ?? target))
    .slice(0, 5)
  const detail = errors.map(({ field, message }) => `${field}: ${message}`).join('; ')
  throw new KuraError('invalid_request', `${detail}.`, { details: { errors } })
}

/** The `defaultHook` of the app. */
export const validationHook = (
  result: { target: string } & ({ success: true } | { success: false; error: { issues: readonly Issue[] } }),
): void => {
  if (!result.success) throwInvalidRequest(result.error, result.target)
}
