/** A page that fails leaves the rest standing, and says so. */
import { Component, type ReactNode } from 'react'
import { Button } from './button.tsx'
import { Empty } from './page.tsx'
import { useText } from '../hooks/text.ts'

function Failed() {
  const { t } = useText()
  return (
    <Empty>
      <p role="alert">{t.app.failed}</p>
      <Button look="primary" onPress={() => location.reload()}>
        {t.app.retry}
      </Button>
    </Empty>
  )
}

export class Boundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true }
  }

  override render(): ReactNode {
    return this.state.failed ? <Failed /> : this.props.children
  }
}
