/** Starts the page: the worker, then React. */
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import './components/tokens.css'

const root = document.getElementById('root')
if (!root) throw new Error('No #root in the page')
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
