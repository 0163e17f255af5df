/** A value of a libpq connection string, quoted so that it can be nothing else (SAFETY 3.0.6). */
function quoted(value: string): string {
	return `'${value.replace(/[\\']/g, '\\$&')}'`;
}

/** A libpq connection string without a password: it may stand on a command line. */
export function conninfo(place: {
	readonly host: string;
	readonly port: number;
	readonly user: string;
	readonly database: string;
	/** Application name, by which the session is found again. */
	readonly application?: string;
}): string {
	const {host, port, user, database, application} = place;
	return [
		`host=${quoted(host)}`,
		`port=${quoted(String(port))}`,
		`user=${quoted(user)}`,
		`dbname=${quoted(database)}`,
		...(application === undefined ? [] : [`application_name=${quoted(application)}`]),
	].join(' ');
}

/** One line of a password file (0600) that fits every server; the password's `\` and `:` are escaped. */
export function passfileLine(password: string): string {
	return `*:*:*:*:${password.replace(/[\\:]/g, '\\$&')}\n`;
}
