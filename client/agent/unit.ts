/** A systemd unit for an agent of this user: it starts with the machine, and again after whatever ended it, but that its keys open nothing or it was removed: exit code 7 (client/cli/exit-codes.ts). */

/** `command`: program and arguments, absolute. */
export const systemdUnit = (command: readonly string[], profile: string): string => `[Unit]
Description=Alvéole agent
After=network-online.target
Wants=network-online.target

[Service]
ExecStart=${command.map(word).join(' ')}
Restart=on-failure
RestartSec=30
RestartPreventExitStatus=7
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

/** Of a command line, where `$` begins a variable too (systemd.service(5), "Command lines"). */
const word = (text: string): string => quoted(text).replaceAll('$', '$$$$')

/** Quotes, backslashes and specifiers are systemd's own (systemd.syntax(7), systemd.unit(5)). */
const quoted = (text: string): string =>
  /^[\w@:,./=+-]+$/.test(text)
    ? text
    : `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%')}"`
