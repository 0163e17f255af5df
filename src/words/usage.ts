/** What `opsconsole --help` prints. */
export const usage = `Usage: opsconsole [command] [options]

Watches the containers, host, PostgreSQL, Redis, errors and backups of this server.
Without a command it opens the console; without a terminal it prints the status once.

Commands:
  status            one complete reading of everything; exit status 0 ok, 1 warning,
                    2 critical, 3 unknown
  init              write a commented opsconsole.yaml from what runs here (no secrets)
  doctor            check every right and connection it needs, and name what is missing
                    with the command that grants it

Options:
  -c, --config FILE       this configuration file and no other
      --system ID         a shipped profile: football-prediction, learning-platform,
                          stock-analysis, app-example, fund-calc
      --environment KIND  production, staging, test or development
  -p, --project NAME      only this Compose project (may be given several times)
  -H, --host ADDRESS      the Docker engine; else DOCKER_HOST, the current context, the socket
      --lang en|zh        language of the screen; else from LANG
      --refresh DURATION  interval of the fast figures, for example 1s (2s)
      --ascii             draw with ASCII characters only
      --read-only         never offer anything that changes a server
      --json              status and doctor as JSON
  -o, --output FILE       where init writes (./opsconsole.yaml)
      --force             init may replace an existing file
  -h, --help              this text
  -V, --version           the version

Exit status: 0 ok, 1 warning, 2 critical, 3 unknown (status); 64 wrong usage or
configuration, 69 something that is needed is missing, 70 the program failed,
73 a file cannot be written.

Configuration: ./opsconsole.yaml, then the user's and /etc's; see docs/settings.md.
Keys: press ? in the console; docs/keys.md.
`;
