const jobUsage = [
	['notify test [ID]', 'try the ways to tell people; `notify overdue` tells of missing backups'],
	['jobs', 'running, unfinished and past operations'],
	['attach ID', 'follow one to its end; ends with its exit status'],
	['cancel ID', 'ask one to cancel: it is taken back, or finished after its commit point'],
	['recover [--op ID]', 'take up what a crash left: forward or back; --auto: at boot'],
	['audit [verify|log]', 'who changed what; is it whole; as a maintenance log in Markdown'],
] as const;

const recordUsage = [
	[
		'incident start TITLE [--severity minor|major|critical] [--symptom TEXT]',
		'remember an incident from now on: alerts, evidence, operations, notes',
	],
	['incident [list]', 'open ones first; ID below is one of these, its end, or `open`'],
	['incident show ID', 'its clocks and everything that happened'],
	['incident note ID TEXT', 'write something down'],
	['incident ack ID', 'take it on: the clock of the response stops'],
	['incident severity ID minor|major|critical', 'escalate it: 4 h, 1 h, 15 min to respond'],
	['incident phase ID PHASE', 'identify, locate, resolve or summarise'],
	[
		'incident rollback ID STEP started|done',
		'budgets of decide, code, database, config, redeploy and verify',
	],
	[
		'incident close ID --cause TEXT --done TEXT [--follow-up TEXT …]',
		'end it; it then has a row in the maintenance log (audit log)',
	],
	['incident report ID [--html] [--output FILE]', 'the report in four phases, without secrets'],
	['incident pack ID [--output FILE]', 'everything as a tar with the hash of each file'],
	[
		'report performance|monitoring|capacity [--days 30] [--html] [--output FILE]',
		'a period from what was recorded; `status` records one reading in ten minutes',
	],
] as const;

/** Lines of a list of commands. */
function list(lines: readonly (readonly [form: string, text: string])[]): string {
	return lines
		.map(([form, text]) =>
			form.length < 18 ? `  ${form.padEnd(18)}${text}` : `  ${form}\n${' '.repeat(20)}${text}`,
		)
		.join('\n');
}

/** What `opsconsole --help` prints, with the commands that change something. */
export function usageWith(changes: readonly (readonly [form: string, text: string])[]): string {
	return `${head}${list([...changes, ...jobUsage])}${records}${list(recordUsage)}${tail}`;
}

const head = `Usage: opsconsole [command] [options]

Watches the containers, host, PostgreSQL, Redis, errors and backups of this server.
Without a command it opens the console; without a terminal it prints the status once.

Commands:
  status            one complete reading of everything; exit status 0 ok, 1 warning,
                    2 critical, 3 unknown
  init              write a commented opsconsole.yaml from what runs here (no secrets)
  doctor            check every right and connection it needs, and name what is missing
                    with the command that grants it
  backups           every backup: age, size, how far it is proven, newest first
  postgres pitr [--to-time TIME] [--server NAME]
                    whether a restore to a point in time is possible, and its way;
                    exit status 0 ready, 1 not ready
  runbook import HANDBOOK.md [--output FILE]
                    make a draft checklist from a handbook in Markdown, with every
                    dangerous command marked; nothing of it is executed

Operations (every one is planned, shown, confirmed, and goes on without this terminal):
`;

const records = `

Incidents and reports (nothing of it changes a server):
`;

const tail = `

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
      --json              every answer as JSON
      --dry-run           only show what an operation would do, and what confirms it
  -y, --yes               confirm a safe or disruptive operation
      --confirm TEXT      confirm a destructive one with the text that --dry-run shows
  -o, --output FILE       where init (./opsconsole.yaml), a report or runbook import writes
      --html              a report as one HTML file
      --force             init and runbook import may replace an existing file
  -h, --help              this text
  -V, --version           the version

Exit status of operations: 0 done and verified, 1 failed and taken back, 3 refused,
4 failed and a person must act, 5 done with warnings, 10 backup missing,
11 verification failed, 75 somebody else is at it, 130 cancelled.

Exit status: 0 ok, 1 warning, 2 critical, 3 unknown (status); 64 wrong usage or
configuration, 69 something that is needed is missing, 70 the program failed,
73 a file cannot be written.

Configuration: ./opsconsole.yaml, then the user's and /etc's; see docs/settings.md.
Keys: press ? in the console; docs/keys.md.
`;
