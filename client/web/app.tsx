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

const Welcome = lazy(() => import('./pages/welcome.tsx'))
const Create = lazy(() => import('./pages/create.tsx'))
const SignIn = lazy(() => import('./pages/sign-in.tsx'))
const SignedIn = lazy(() => import('./pages/signed-in.tsx'))
const CreateVault = lazy(() => import('./pages/create-vault.tsx'))
const Unlock = lazy(() => import('./pages/unlock.tsx'))
const Elsewhere = lazy(() => import('./pages/elsewhere.tsx'))
const Kit = lazy(() => import('./pages/kit.tsx'))
const TestKit = lazy(() => import('./pages/test-kit.tsx'))
const Home = lazy(() => import('./pages/home.tsx'))
const VaultPage = lazy(() => import('./pages/vault.tsx'))
const Item = lazy(() => import('./pages/item.tsx'))
const Add = lazy(() => import('./pages/add.tsx'))
const Circles = lazy(() => import('./pages/circles.tsx'))
const Circle = lazy(() => import('./pages/circle.tsx'))
const Join = lazy(() => import('./pages/join.tsx'))
const Share = lazy(() => import('./pages/share.tsx'))
const Sharing = lazy(() => import('./pages/sharing.tsx'))
const Shared = lazy(() => import('./pages/shared.tsx'))
const SharedItem = lazy(() => import('./pages/shared-item.tsx'))
const Settings = lazy(() => import('./pages/settings.tsx'))
const Missing = lazy(() => import('./pages/missing.tsx'))

function Opened() {
  return (
    <Switch>
      <Route path="/" component={Home} />
      <Route path="/vault" component={VaultPage} />
      <Route path="/item/:id" component={Item} />
      <Route path="/add" component={Add} />
      <Route path="/circles" component={Circles} />
      <Route path="/circle" component={Circle} />
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
