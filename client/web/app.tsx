/** Which page is shown: first by how far the session is, then by the address. Each page is loaded when first needed. */
import { lazy, Suspense, useEffect, useState } from 'react'
import { Route, Switch, useLocation } from 'wouter'
import { Boundary } from './components/boundary.tsx'
import { Shell } from './components/shell.tsx'
import { Wait } from './components/wait.tsx'
import { config, loadConfig } from './hooks/config.ts'
import { keepInvitation } from './hooks/invitation.ts'
import { freshKit } from './hooks/kit.ts'
import { useText } from './hooks/text.ts'
import { useSession } from './hooks/vault.ts'
import { startWorker } from './hooks/worker.ts'

const loads: (() => Promise<unknown>)[] = []
const page: typeof lazy = load => {
  loads.push(load)
  return lazy(load)
}

/** Once the vault is open, all of them: without a network none would come any more. One that does not come is asked for when needed. */
function loadPages(): void {
  for (const load of loads) load().catch(() => undefined)
}

const Welcome = page(() => import('./pages/welcome.tsx'))
const Create = page(() => import('./pages/create.tsx'))
const SignIn = page(() => import('./pages/sign-in.tsx'))
const SignedIn = page(() => import('./pages/signed-in.tsx'))
const CreateVault = page(() => import('./pages/create-vault.tsx'))
const Unlock = page(() => import('./pages/unlock.tsx'))
const Elsewhere = page(() => import('./pages/elsewhere.tsx'))
const Kit = page(() => import('./pages/kit.tsx'))
const TestKit = page(() => import('./pages/test-kit.tsx'))
const Home = page(() => import('./pages/home.tsx'))
const VaultPage = page(() => import('./pages/vault.tsx'))
const Item = page(() => import('./pages/item.tsx'))
const Add = page(() => import('./pages/add.tsx'))
const Circles = page(() => import('./pages/circles.tsx'))
const Circle = page(() => import('./pages/circle.tsx'))
const Person = page(() => import('./pages/person.tsx'))
const Ask = page(() => import('./pages/ask.tsx'))
const Receipt = page(() => import('./pages/receipt.tsx'))
const Join = page(() => import('./pages/join.tsx'))
const Share = page(() => import('./pages/share.tsx'))
const Sharing = page(() => import('./pages/sharing.tsx'))
const Shared = page(() => import('./pages/shared.tsx'))
const SharedItem = page(() => import('./pages/shared-item.tsx'))
const Settings = page(() => import('./pages/settings.tsx'))
const Missing = page(() => import('./pages/missing.tsx'))

function Opened() {
  useEffect(loadPages, [])
  return (
    <Switch>
      <Route path="/" component={Home} />
      <Route path="/vault" component={VaultPage} />
      <Route path="/item/:id" component={Item} />
      <Route path="/add" component={Add} />
      <Route path="/circles" component={Circles} />
      <Route path="/circle" component={Circle} />
      <Route path="/person" component={Person} />
      <Route path="/ask" component={Ask} />
      <Route path="/receipt" component={Receipt} />
      <Route path="/join" component={Join} />
      <Route path="/share" component={Share} />
      <Route path="/sharing" component={Sharing} />
      <Route path="/shared" component={Shared} />
      <Route path="/shared-item" component={SharedItem} />
      <Route path="/settings" component={Settings} />
      <Route path="/kit" component={TestKit} />
      <Route component={Missing} />
    </Switch>
  )
}

function SignedOut() {
  return (
    <Switch>
      <Route path="/create" component={Create} />
      <Route path="/sign-in" component={SignIn} />
      <Route path="/signed-in" component={SignedIn} />
      <Route component={Welcome} />
    </Switch>
  )
}

/** Addresses that make no sense once signed in lead home, or to the invitation that was waiting. */
const BEFORE = /^\/(create|sign-in|signed-in)$/

function Gate() {
  const { t } = useText()
  const session = useSession()
  const kit = freshKit.use()
  const [path, go] = useLocation()
  const { step } = session
  useEffect(() => {
    if (path === '/join' && location.hash) keepInvitation(location.href)
    if (step === 'open' && BEFORE.test(path)) go('/', { replace: true })
  }, [step, path, go])
  if (step === 'starting') return <Wait>{t.app.loading}</Wait>
  if (step === 'elsewhere') return <Elsewhere />
  if (step === 'signed-out') return <SignedOut />
  if (step === 'no-vault') return <CreateVault />
  if (step === 'locked') return <Unlock who={session.who} />
  if (kit) return <Kit words={kit} owner={session.who.name} />
  return <Opened />
}

export function App() {
  const { t } = useText()
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    loadConfig()
      .then(loaded => {
        config.set(loaded)
        return startWorker(loaded.pod)
      })
      .catch(() => setFailed(true))
  }, [])
  return (
    <Shell>
      <Boundary>
        <Suspense fallback={<Wait>{t.app.loading}</Wait>}>
          {failed ? <p role="alert">{t.app.configMissing}</p> : <Gate />}
        </Suspense>
      </Boundary>
    </Shell>
  )
}
