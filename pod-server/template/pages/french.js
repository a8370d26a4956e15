/**
 * The account pages in French, for whoever's browser asks for French first. They are pages of Community Solid Server, which
 * has them in English only; each text that it shows, now or later, is looked up here by what it says.
 */
const FRENCH = {
  'Add login': 'Ajouter un accès',
  'Add owner': 'Ajouter un propriétaire',
  'Add the WebID to add to the list of owners': 'Indiquez le WebID à ajouter à la liste des propriétaires',
  'All these WebIDs have full control access over all resources in the pod. If visible, these will be returned as a header to all requests targeting the pod.':
    'Tous ces WebID ont tous les droits sur tout ce que contient le pod. Ceux qui sont visibles sont annoncés dans un en-tête à chaque requête sur le pod.',
  'An application is requesting access': 'Une application demande un accès',
  Authorize: 'Autoriser',
  Back: 'Retour',
  Cancel: 'Annuler',
  'Change password': 'Changer le mot de passe',
  'Choose a login method': 'Choisissez comment vous connecter',
  'Choose a name and which WebID to associate with the token': 'Choisissez un nom, et le WebID de ce jeton',
  'Choose a name for your pod. It will be converted to lower case.':
    'Choisissez un nom pour votre pod. Il sera mis en minuscules.',
  'Choose the WebID to link to this account': 'Choisissez le WebID à lier à ce compte',
  'Choose the credentials you want to use to log in to this server in the future':
    'Choisissez l’adresse e-mail et le mot de passe avec lesquels vous vous connecterez à ce serveur',
  'Choose which WebID will have initial write permissions on the pod.':
    'Choisissez le WebID qui pourra d’abord écrire dans le pod.',
  'Choose your WebID to authorize': 'Choisissez votre WebID pour autoriser',
  Click: 'Cliquez',
  'Confirm login method': 'Continuer',
  'Confirm new password': 'Confirmez le nouveau mot de passe',
  'Confirm password:': 'Confirmez le mot de passe :',
  'Continue authentication': 'Continuer la connexion',
  'Create account': 'Créer un compte',
  'Create client credentials token': 'Créer un jeton pour un programme',
  'Create pod': 'Créer un pod',
  'Create token': 'Créer un jeton',
  'Credential tokens': 'Jetons pour des programmes',
  'Do you trust this application to read and write data on your behalf?':
    'Faites-vous confiance à cette application pour lire et écrire en votre nom ?',
  'Edit account': 'Modifier le compte',
  Email: 'Adresse e-mail',
  'Email:': 'Adresse e-mail :',
  'Email sent': 'E-mail envoyé',
  'Email/password logins': 'Accès par e-mail et mot de passe',
  'Existing WebID:': 'WebID existant :',
  'Forgot password': 'Mot de passe oublié',
  'If you do not receive your email in a couple of minutes, check your spam folder or try sending another email.':
    'Si l’e-mail n’arrive pas dans les minutes qui viennent, regardez dans les indésirables ou envoyez-en un autre.',
  'If your account exists, an email has been sent with a link to reset your password.':
    'Si ce compte existe, un e-mail est parti avec un lien pour changer le mot de passe.',
  'Link WebID': 'Lier un WebID',
  'Link WebID to account': 'Lier le WebID au compte',
  'Link to this storage from my WebID.': 'Indiquer ce pod dans mon WebID.',
  'Log in': 'Se connecter',
  'Log out': 'Se déconnecter',
  'Login methods': 'Manières de se connecter',
  'Make sure to store the secret somewhere as there is no way to retrieve it afterwards!':
    'Gardez ce secret en lieu sûr : il ne sera plus jamais montré.',
  Name: 'Nom',
  'New password': 'Nouveau mot de passe',
  'New password:': 'Nouveau mot de passe :',
  'No WebIDs are assigned to this account. Edit the account to add one.':
    'Ce compte n’a pas de WebID. Modifiez le compte pour en ajouter un.',
  'No login methods are configured on this server': 'Ce serveur n’offre aucune manière de se connecter',
  'Old password:': 'Mot de passe actuel :',
  Owners: 'Propriétaires',
  Password: 'Mot de passe',
  'Password:': 'Mot de passe :',
  'Password confirmation does not match the password!': 'Les deux mots de passe diffèrent.',
  'Password reset': 'Mot de passe changé',
  'Pod settings': 'Réglages du pod',
  Register: 'Créer le compte',
  'Registered Web IDs': 'WebID de ce compte',
  'Remember this client': 'Se souvenir de cette application',
  'Reset password': 'Changer le mot de passe',
  'Reset your password': 'Changez votre mot de passe',
  'Send recovery email': 'Envoyer l’e-mail',
  'Sign up': 'Créer un compte',
  'Stay logged in': 'Rester connecté',
  'The email/password logins used to identify this account.':
    'Les adresses e-mail et mots de passe par lesquels on entre dans ce compte.',
  'The pods created by this account.': 'Les pods créés par ce compte.',
  'The tokens created by this account.': 'Les jetons créés par ce compte.',
  'There are no WebIDs linked to this account.': 'Aucun WebID n’est lié à ce compte.',
  'These are the WebIDs you can authenticate as using this account. These WebIDs also have full control access to the pods registered for this account.':
    'Les WebID sous lesquels ce compte vous connecte. Ils ont tous les droits sur les pods du compte.',
  'This adds a': 'Ceci ajoute un triplet',
  'triple to the WebID document. This triple is the asserts that you own the storage. Without this triple, applications will have to ask you where your storage is located.':
    'au document du WebID : il dit que ce pod est à vous. Sans lui, les applications devront vous demander où il est.',
  'Token identifier:': 'Identifiant du jeton :',
  'Token secret:': 'Secret du jeton :',
  'Use a different account': 'Prendre un autre compte',
  'Use an external WebID.': 'Prendre un WebID d’ailleurs.',
  'Use the WebID in the Pod and register it to your account.': 'Prendre le WebID du pod et le lier à votre compte.',
  Visible: 'Visible',
  'WebID:': 'WebID :',
  'You can store your documents and data there. All WebIDs registered to this account have control access to this pod.':
    'Vous pouvez y ranger vos documents. Tous les WebID de ce compte y ont tous les droits.',
  'You can use this identifier to interact with Solid pods and apps.':
    'Cet identifiant vous sert auprès des pods et des applications Solid.',
  'You will need to manually add the following triple to your existing WebID document':
    'Ajoutez vous-même ce triplet au document de votre WebID',
  'to indicate that you trust this server as a login provider:': 'pour dire que vous vous fiez à ce serveur pour vous connecter :',
  'Your account': 'Votre compte',
  'Your new Pod': 'Votre nouveau pod',
  'Your new Pod is located at': 'Votre nouveau pod est ici :',
  'Your new WebID': 'Votre nouveau WebID',
  'Your new WebID is': 'Votre nouveau WebID est',
  'Your password was successfully reset.': 'Votre mot de passe a été changé.',
  here: 'ici',
  'to reset your password.': 'pour changer votre mot de passe.',
  '(update)': '(modifier)',
  '(delete)': '(supprimer)',
  'Invalid email/password combination.': 'Adresse e-mail ou mot de passe inconnus.',
  'Are you sure you want to delete this login method? This will prevent you from logging in to your account with these credentials.':
    'Supprimer cet accès ? Vous ne pourrez plus entrer dans le compte avec cette adresse et ce mot de passe.',
  'Are you sure you want to delete this token? This will prevent this token from being used in the future.':
    'Supprimer ce jeton ? Les programmes qui s’en servent n’auront plus accès.',
  'Are you sure you want to delete the registration of this WebID? If you do so you will be unable to identify as this WebID using this server, which can potentially cause you to lose access to data restricted to this WebID.':
    'Supprimer ce WebID du compte ? Ce serveur ne pourra plus vous connecter sous ce WebID, et vous pourriez perdre l’accès à ce qui lui est réservé.',
  'Make sure to remove the relevant solid:oidcIssuer triple from the WebID to prevent existing access tokens from still being used.':
    'Retirez aussi le triplet solid:oidcIssuer du WebID, pour que les jetons déjà donnés ne servent plus.',
}

const inFrench = text => {
  const said = text.replaceAll(/\s+/g, ' ').trim()
  const french = FRENCH[said]
  return french === undefined ? text : text.replace(text.trim(), () => french)
}

const translate = node => {
  if (node.nodeType === Node.TEXT_NODE) {
    const french = inFrench(node.data)
    if (french !== node.data && node.parentElement?.closest('script, style') === null) node.data = french
  } else for (const child of node.childNodes) translate(child)
}

if (/^fr\b/i.test(navigator.languages?.[0] ?? navigator.language)) {
  document.documentElement.lang = 'fr'
  const [title] = document.title.split(' – ')
  document.title = document.title.replace(title, () => inFrench(title))
  translate(document.body)
  new MutationObserver(changes => {
    for (const { addedNodes, target } of changes) for (const node of addedNodes.length ? addedNodes : [target]) translate(node)
  }).observe(document.body, { childList: true, characterData: true, subtree: true })
  const [ask, tell] = [window.confirm.bind(window), window.alert.bind(window)]
  window.confirm = message => ask(inFrench(message))
  window.alert = message => tell(inFrench(message))
}
