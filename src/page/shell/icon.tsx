/** The few line icons of the page. They only repeat what the text beside them or the label around them says. */
const shapes = {
  send: 'M4 12h14M12 6l6 6-6 6',
  stop: 'M7 7h10v10H7z',
  close: 'M6 6l12 12M18 6 6 18',
  up: 'M7 11v9H4v-9zM7 11l4-8c2 0 3 1.200 2.600 3L13 9.500h5.500c1.200 0 2 1 1.700 2.200l-1.600 6.600c-.2 1-1 1.700-2 1.700H7',
  down: 'M17 13V4h3v9zM17 13l-4 8c-2 0-3-1.200-2.600-3l.6-3.500H5.500c-1.200 0-2-1-1.700-2.200l1.600-6.600c.2-1 1-1.700 2-1.700H17',
  previous: 'M15 5l-7 7 7 7',
  next: 'M9 5l7 7-7 7',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  external: 'M13 5h6v6M19 5l-9 9M10 6H5v13h13v-5',
  upload: 'M12 16V4M7 9l5-5 5 5M4 16v4h16v-4',
  page: 'M6 3h8l4 4v14H6zM14 3v4h4',
  remove: 'M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13',
  retry: 'M19 12a7 7 0 1 1-2.500-5.400M17 3v4h-4',
  fit: 'M4 5v14M20 5v14M8 12h8M10.500 9.500 8 12l2.500 2.500M13.500 9.500 16 12l-2.500 2.500',
} as const

export type IconName = keyof typeof shapes

export const Icon = ({ name }: { readonly name: IconName }) => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d={shapes[name]} />
  </svg>
)
