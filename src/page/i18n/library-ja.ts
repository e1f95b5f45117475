/** Japanese texts about revisions, their differences, and what is being processed. Same keys as `library-en.ts`. */
import type { libraryEn } from './library-en.ts'

export const libraryJa: typeof libraryEn = {
  revisions: {
    heading: '版',
    hint: '質問には有効な版だけが使われます。以前の版は、その時点を指定した質問にだけ使われます。',
    validities: {
      draft: '下書き',
      scheduled: '発効予定',
      effective: '有効',
      superseded: '旧版',
      withdrawn: '廃止',
    },
    label: '版',
    validity: '効力',
    from: '発効日時',
    until: '終了日時',
    inForce: '有効な版',
    noneInForce: 'なし',
    short: (label) => `${label} 版`,
    ofPages: '表示する版',
    add: '新しい版',
    addTitle: (name) => `${name} の新しい版`,
    file: 'ファイル',
    labelHint: '空欄の場合は番号が付きます。',
    fromHint: '空欄の場合は読み取りが終わりしだい有効になります。先の日付を選ぶと予約されます。',
    draft: '下書きにする（有効にするまで回答に使われません）',
    upload: '版をアップロード',
    enforce: '今すぐ有効にする',
    enforceNamed: (label) => `${label} 版を今すぐ有効にする`,
    enforceText: (label) => `今後の質問には ${label} 版だけが使われます。`,
    rollBack: 'この版に戻す',
    rollBackNamed: (label) => `${label} 版に戻す`,
    rollBackText: (label) => `今後は ${label} 版が再び使われ、現在の版は使われなくなります。削除される版はありません。`,
    withdraw: '廃止する',
    withdrawNamed: (label) => `${label} 版を廃止する`,
    withdrawText: (label) => `今後この文書は回答に使われません。${label} 版は保管され、いつでも有効に戻せます。`,
    sure: 'はい、実行します',
  },
  difference: {
    heading: '変更点',
    older: '変更前の版',
    newer: '変更後の版',
    all: '変更のないページも表示',
    none: '2 つの版の本文は同じです。',
    unchanged: (count) => `${count} ページは変更ありません。`,
    page: (from, to) =>
      from === null
        ? `${to} ページ`
        : to === null || from === to
          ? `${from} ページ`
          : `${from} ページ（現在 ${to} ページ）`,
    changes: { same: '変更なし', changed: '変更', added: '追加', removed: '削除' },
    added: '追加:',
    removed: '削除:',
  },
  related: {
    inside: 'この中に含まれるファイル',
    insideOf: (entry) => `別のファイルの中にあった文書です（${entry}）。`,
    showOuter: '元のファイルを表示',
    nearDuplicate: (percent) => `内容の ${percent} が同じ文書:`,
    nearDuplicateAsk: '片方はもう片方の版ですか？ その場合は版としてアップロードすると、一方だけが回答に使われます。',
  },
  jobs: {
    heading: '処理状況',
    documentsTab: 'すべての文書',
    pause: 'すべて一時停止',
    resume: '再開する',
    paused: '処理を一時停止しています',
    pausedText: 'アップロードは受け付けますが、再開するまで読み取りません。質問にはこれまでどおり回答します。',
    underWay: '処理中',
    troubled: '問題があったもの',
    finished: '最近完了したもの',
    none: '処理中の文書はありません。',
  },
}
