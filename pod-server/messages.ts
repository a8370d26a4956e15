/** What `alveole-pod` says, in both languages; French when the locale of the terminal is. */
import { isCode } from '../crypto/errors.ts'

const HELP_EN = `alveole-pod --port N --data DIR [--base-url URL] [--seed FILE] [--host H] [--config FILE]

Runs the pod server: accounts and pods, kept in one folder.

  --port N        port to listen on; 0 takes a free one
  --data DIR      folder where everything is kept; made when absent
  --base-url URL  address that browsers use, when a proxy stands before (http://localhost:N/ otherwise)
  --seed FILE     accounts to make at start: a JSON list of {"email", "password", "name"}
  --host H        address to listen on (127.0.0.1 otherwise: this machine only)
  --config FILE   settings, a JSON object: port, data, baseUrl, host, seed, tls {cert, key}, proxy, quota, maxBody, rate,
                  requestLog, history; sizes in bytes, rate in requests a minute, 0 for no limit
  --help          this text

alveole-pod backup --data DIR --to DIR       copies the folder, with the hash of every file
alveole-pod restore --from DIR --data DIR    copies it back into an empty folder, if every byte is what it was

Prints "ready URL" once it answers. Ctrl-C stops it.`

const HELP_FR = `alveole-pod --port N --data DOSSIER [--base-url URL] [--seed FICHIER] [--host H] [--config FICHIER]

Lance le serveur de pods : les comptes et les pods, gardés dans un dossier.

  --port N         port d'écoute ; 0 en prend un libre
  --data DOSSIER   dossier où tout est gardé ; créé s'il manque
  --base-url URL   adresse vue par les navigateurs, derrière un serveur mandataire (sinon http://localhost:N/)
  --seed FICHIER   comptes à créer au démarrage : une liste JSON de {"email", "password", "name"}
  --host H         adresse d'écoute (sinon 127.0.0.1 : cette machine seulement)
  --config FICHIER réglages, un objet JSON : port, data, baseUrl, host, seed, tls {cert, key}, proxy, quota, maxBody, rate,
                   requestLog, history ; tailles en octets, rate en requêtes par minute, 0 pour aucune limite
  --help           ce texte

alveole-pod backup --data DOSSIER --to DOSSIER       copie le dossier, avec l'empreinte de chaque fichier
alveole-pod restore --from DOSSIER --data DOSSIER    le recopie dans un dossier vide, si chaque octet est intact

Affiche « ready URL » dès qu'il répond. Ctrl-C l'arrête.`

const en = {
  help: HELP_EN,
  missing: (option: string) => `--${option} is missing; see --help`,
  invalid: (option: string) => `--${option} has a value that cannot be used; see --help`,
  unknown: (what: string) => `${what} is not an option; see --help`,
  port: (port: string) => `port ${port} is taken`,
  folder: (folder: string) => `cannot write in ${folder}`,
  address: (address: string) => `cannot listen on ${address}`,
  seed: (where: string, reason: string) => `${where}: ${reason}`,
  reasons: {
    unreadable: 'cannot be read',
    'not-json': 'is not JSON',
    'not-a-list': 'is not a list',
    entry: 'lacks a valid "email", "password" or "name"',
    'duplicate-email': 'an e-mail appears twice',
    'duplicate-name': 'two names make the same pod',
    'pod-exists': 'a pod of that name belongs to somebody else',
    'unknown-setting': 'is not a setting',
    'not-settings': 'is not a JSON object',
    setting: 'has a value that cannot be used',
    'backup-exists': 'is there already',
    'backup-source': 'is no folder that can be read',
    'backup-altered': 'is not what was backed up',
    'backup-target': 'is not empty',
  },
  unexpected: (message: string) => `could not start: ${message}`,
}

const fr: typeof en = {
  help: HELP_FR,
  missing: option => `il manque --${option} ; voir --help`,
  invalid: option => `la valeur de --${option} est inutilisable ; voir --help`,
  unknown: what => `${what} n'est pas une option ; voir --help`,
  port: port => `le port ${port} est déjà pris`,
  folder: folder => `impossible d'écrire dans ${folder}`,
  address: address => `impossible d'écouter sur ${address}`,
  seed: (where, reason) => `${where} : ${reason}`,
  reasons: {
    unreadable: 'illisible',
    'not-json': "n'est pas du JSON",
    'not-a-list': "n'est pas une liste",
    entry: 'il y manque « email », « password » ou « name », ou leur valeur est inutilisable',
    'duplicate-email': 'une adresse y figure deux fois',
    'duplicate-name': 'deux noms donnent le même pod',
    'pod-exists': "un pod de ce nom appartient à quelqu'un d'autre",
    'unknown-setting': "n'est pas un réglage",
    'not-settings': "n'est pas un objet JSON",
    setting: 'a une valeur inutilisable',
    'backup-exists': 'existe déjà',
    'backup-source': "n'est pas un dossier lisible",
    'backup-altered': "n'est pas ce qui a été sauvegardé",
    'backup-target': "n'est pas vide",
  },
  unexpected: message => `démarrage impossible : ${message}`,
}

export type Messages = typeof en
export type SeedProblem = keyof Messages['reasons']

/** POSIX order: LC_ALL wins over LANG. */
export const messagesFor = ({ LC_ALL, LANG }: NodeJS.ProcessEnv): Messages =>
  (LC_ALL || LANG || '').toLowerCase().startsWith('fr') ? fr : en

/** One line for any failure to start. */
export const explain = (error: unknown, say: Messages): string => {
  if (isCode(error, 'taken')) return say.port(String(error.detail['port']))
  if (isCode(error, 'full')) return say.folder(String(error.detail['folder']))
  if (isCode(error, 'offline')) return say.address(String(error.detail['address']))
  if (isCode(error, 'bad-file'))
    return say.seed(String(error.detail['where']), say.reasons[error.detail['reason'] as SeedProblem])
  return say.unexpected((error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '')
}
