import * as v from 'valibot';
import {
	address,
	choice,
	cron,
	duration,
	flag,
	integer,
	matching,
	name,
	secretText,
	size,
	text,
} from './scalars.ts';
import {absolutePath, enabled, from, may, port, project, service, tls} from './schema-parts.ts';

/** A service that is expected to run. */
export const serviceSchema = v.strictObject({
	name: name('Compose service, container, systemd unit or Kubernetes workload.'),
	title: may(text('Name on the screen.')),
	port: may(integer('port', [1, 65_535], 'The port it listens on.')),
	critical: may(flag('Whether its absence is critical (true unless set).')),
	runtime: may(
		choice('What runs it (compose unless set).', ['compose', 'systemd', 'kubernetes', 'process']),
	),
	enabled,
	from,
});

/** A PostgreSQL server. */
export const postgresSchema = v.strictObject({
	id: name('Name of this server on the screen; unique.'),
	service,
	project,
	host: may(text('Host name, address, or folder of a Unix socket (starts with /).')),
	port,
	database: may(text('Database to connect to (postgres unless set).')),
	user: may(text('Role to connect as (postgres unless set).')),
	password: may(secretText('Its password, as a reference.')),
	password_file: may(text('File with nothing but the password, mode 0600; wins over password.')),
	tls,
	ca_file: may(absolutePath('Certificate authority for tls: verify.')),
	enabled,
});

/** A Redis or Valkey server. */
export const redisSchema = v.strictObject({
	id: name('Name of this server on the screen; unique.'),
	service,
	project,
	host: may(text('Host name, address, or path of a Unix socket (starts with /).')),
	port,
	user: may(text('ACL user.')),
	password: may(secretText('Its password, as a reference.')),
	password_file: may(text('File with nothing but the password, mode 0600; wins over password.')),
	tls,
	ca_file: may(absolutePath('Certificate authority for tls: verify.')),
	enabled,
});

/** An HTTP address that is probed. */
export const endpointSchema = v.strictObject({
	id: name('Name of this address on the screen; unique.'),
	url: may(address('Address to probe; or give service, port and path.')),
	service,
	project,
	scheme: may(choice('For a service: http unless set.', ['http', 'https'])),
	port,
	path: may(matching('url-path', /^\/\S*$/, 'For a service: the path to ask for (/ unless set).')),
	expect_status: may(
		integer('status', [100, 599], 'The status that is good; any 2xx or 3xx unless set.'),
	),
	facts: may(
		v.pipe(
			v.array(text('Dotted path of a field.'), 'list'),
			v.description(
				'Fields of the JSON answer to show, as dotted paths; all scalar ones unless set.',
			),
		),
	),
	timeout: may(
		duration('How long an answer may take (5s unless set).', [100, 60_000], 'duration-timeout'),
	),
	enabled,
});

/** A log that is followed. */
export const logSchema = v.strictObject({
	id: name('Name of this log; unique.'),
	service: name('The service it belongs to, as shown; alone, the log of its container.'),
	path: may(absolutePath('Log file; rotated neighbours are found.')),
	unit: may(name('systemd unit whose journal is read.')),
	format: may(
		choice('How lines are understood; auto decides by line.', [
			'auto',
			'plain',
			'json',
			'nginx',
			'postgres',
			'redis',
		]),
	),
	enabled,
});

/** A set of backups in a folder. */
export const backupSchema = v.strictObject({
	id: name('Name of this set; unique.'),
	kind: may(
		choice('What is in it (files unless set).', [
			'database',
			'redis',
			'configuration',
			'files',
			'logs',
		]),
	),
	folder: may(absolutePath('Folder of the backups.')),
	pattern: may(text('File names of the set as a glob (db_backup_*.sql.gz).')),
	schedule: may(cron('When it is made, as cron.')),
	max_age: may(duration('Oldest that the newest may be; unless set, the schedule and two hours.')),
	keep: may(duration('How long backups are kept, for example 30d.')),
	enabled,
	from,
});

const globs = (description: string) =>
	may(v.pipe(v.array(text('A glob.'), 'list'), v.description(description)));

/** Files that are backed up together. */
export const fileSetSchema = v.strictObject({
	id: name('Name of the set; that of a Compose project changes what its own set takes. Unique.'),
	folder: may(absolutePath('Folder of the files; that of the Compose project unless set.')),
	paths: globs(
		'Globs below the folder (.env*, nginx/ with everything in it); the usual configuration unless set.',
	),
	exclude: globs('Globs that are left out (*.log and *.pyc unless set).'),
	max_bytes: may(size('Largest file that is taken (256 MiB unless set).')),
	secret: globs('Files whose every value is masked when shown (.env*, *.key and such unless set).'),
	enabled,
});
