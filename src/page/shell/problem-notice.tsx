/** A failure for people: what happened and what to do in their language, and the code and request id for whoever helps them. */
import type { ComponentChildren } from 'preact'
import type { Problem } from '../api/request.ts'
import { useTexts } from '../i18n/language-context.tsx'

interface ProblemNoticeProps {
  readonly problem: Pick<Problem, 'code'> & Partial<Problem>
  readonly children?: ComponentChildren
}

export const ProblemNotice = ({ problem, children }: ProblemNoticeProps) => {
  const texts = useTexts()
  const known = texts.errors[problem.code]
  const title = known?.[0] ?? (problem.title || texts.problem.unknown)
  const remedy = known?.[1] ?? (problem.remedy || texts.problem.unknownRemedy)
  return (
    <div class="notice notice-problem" role="alert">
      <p class="notice-title">{title}</p>
      <p>{remedy}</p>
      {problem.detail !== undefined && problem.detail !== '' && (
        <p class="notice-detail" lang="en">
          {problem.detail}
        </p>
      )}
      <p class="notice-codes">
        {texts.problem.code}: <code>{problem.code}</code>
        {problem.requestId !== undefined && problem.requestId !== '' && (
          <>
            {' · '}
            {texts.problem.request}: <code>{problem.requestId}</code>
          </>
        )}
      </p>
      {children}
    </div>
  )
}
