/** A systemd unit for an agent of this user: it starts with the machine, and again after whatever ended it. */

/** `command`: program and arguments, absolute. */
export const systemdUnit = (command: readonly string[], profile: string): string => `[Unit]
Description=Alvéole agent
After=network-online.target
Wants=network-online.target

[Service]
ExecStart=${command.map(quoted).join(' ')}
Restart=on-failure
RestartSec=30
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=strict
ReadWritePaths=${quoted(profile)}
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
LockPersonality=yes
UMask=0077

[Install]
WantedBy=default.target
`

/** systemd.service(5), "Command lines": quotes, backslashes, specifiers and variables are its own. */
const quoted = (word: string): string =>
  /^[\w@:,./=+-]+$/.test(word)
    ? word
    : `"${word.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`
