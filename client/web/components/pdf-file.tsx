/** A PDF out of the vault, page by page. Small ones open by themselves; a large one is fetched when asked for. */
import { useRef, useState } from 'react'
import type { BlobRef } from '../../core/types.ts'
import { Button } from './button.tsx'
import { Wait } from './wait.tsx'
import { usePage, usePdf, type LoadBlob } from '../hooks/pdf.ts'
import { useText } from '../hooks/text.ts'
import type { OpenPdf } from '../preview/pdf.ts'
import styles from './record.module.css'
import ui from './ui.module.css'

/** Bytes. */
const SMALL = 8 * 1024 * 1024

interface Props {
  blob: BlobRef
  label: string
  load: LoadBlob
}

const Unshowable = () => <p className={ui['quiet']}>{useText().t.item.unshowable}</p>

function Pages({ pdf, label }: { pdf: OpenPdf; label: string }) {
  const { t } = useText()
  const [page, setPage] = useState(1)
  const canvas = useRef<HTMLCanvasElement>(null)
  const drawn = usePage(pdf, page, canvas)
  return (
    <div role="group" aria-label={t.item.pages}>
      <canvas
        ref={canvas}
        role="img"
        aria-label={t.item.page(page, pdf.pages, label)}
        aria-busy={drawn === null}
        data-page={drawn ? page : undefined}
        hidden={drawn === false}
        className={styles['page']}
      />
      {drawn === false && <Unshowable />}
      {pdf.pages > 1 && (
        <div className={styles['turn']}>
          <Button onPress={() => setPage(page - 1)} disabled={page === 1}>
            {t.item.previousPage}
          </Button>
          <span role="status">{t.item.pageOf(page, pdf.pages)}</span>
          <Button onPress={() => setPage(page + 1)} disabled={page === pdf.pages}>
            {t.item.nextPage}
          </Button>
        </div>
      )}
    </div>
  )
}

function Opened({ blob, label, load }: Props) {
  const { t } = useText()
  const pdf = usePdf(blob, load)
  if (pdf === null) return <Wait>{t.item.preparing}</Wait>
  return pdf ? <Pages pdf={pdf} label={label} /> : <Unshowable />
}

export function PdfFile(props: Props) {
  const { t } = useText()
  const [open, setOpen] = useState(props.blob.size <= SMALL)
  if (open) return <Opened {...props} />
  return (
    <div>
      <Button onPress={() => setOpen(true)}>{t.item.showPages}</Button>
    </div>
  )
}
