/** Line drawings for places and for the lock; always beside words, so hidden from screen readers. */

const paths = {
  home: 'M4 11 12 4l8 7v9h-5v-6H9v6H4z',
  vault: 'M12 3 20 7.500v9L12 21l-8-4.500v-9zM12 9.500a2 2 0 0 0-1 3.700V16h2v-2.800a2 2 0 0 0-1-3.700z',
  add: 'M12 5v14M5 12h14',
  circles:
    'M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2.500 20c0-3.600 2.900-6 6.500-6s6.500 2.400 6.500 6M16 4.500a3.500 3.500 0 0 1 0 6M18 14.500c2.200.8 3.500 2.800 3.500 5.500',
  sharing: 'M8 14.500a4 4 0 1 0 0-5 4 4 0 0 0 0 5zM11 12h10v3.500M17.500 12v3',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 4.500v5M9 14.500v5',
  lock: 'M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3',
  paper: 'M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6',
  photo: 'M4 5h16v14H4zM4 16l4.500-5 4 4 2.500-2.500 5 5M15.500 9.500h.01',
  heart:
    'M12 20C6 16 3.500 12.800 3.500 9.300A4.300 4.300 0 0 1 12 8a4.300 4.300 0 0 1 8.500 1.300C20.500 12.800 18 16 12 20z',
  drop: 'M12 3.500c3.500 4.300 5.500 7 5.500 10a5.500 5.500 0 0 1-11 0c0-3 2-5.700 5.500-10z',
  pill: 'M7.500 20A4.200 4.200 0 0 1 4 12.500L12.500 4a4.200 4.200 0 0 1 7.500 3.500c0 1-.5 2-1.200 2.700l-8.500 8.500A4.200 4.200 0 0 1 7.500 20zM8.200 8.300l7.500 7.500',
  shield: 'M12 3l7.500 2.500V11c0 5-3 8.300-7.500 10-4.500-1.700-7.500-5-7.500-10V5.500zM8.500 11.500 11 14l4.500-5',
  tree: 'M12 8.500a2.700 2.700 0 1 0 0-5.500 2.700 2.700 0 0 0 0 5.500zM6 21a2.700 2.700 0 1 0 0-5.500A2.700 2.700 0 0 0 6 21zM18 21a2.700 2.700 0 1 0 0-5.500 2.700 2.700 0 0 0 0 5.500zM12 8.500V12M6 15.500V12h12v3.500',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 3.500-6.500 8-6.500s8 2.500 8 6.500',
} as const

export type IconName = keyof typeof paths

export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      viewBox="0 0 24 24"
      width="24"
      height="24"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={paths[name]} />
    </svg>
  )
}

export function Logo() {
  return (
    <svg viewBox="0 0 48 48" width="36" height="36" aria-hidden="true">
      <path fill="#f2b134" d="M24 2 43 13v22L24 46 5 35V13z" />
      <path fill="#7a4206" d="M24 14a6 6 0 0 0-3 11.200V33h6v-7.800A6 6 0 0 0 24 14z" />
    </svg>
  )
}
