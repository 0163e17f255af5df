/** Whether a row of pg_stat_activity does something now. */
export const runsNowSql = `state IN ('active', 'fastpath function call')`;

/** Whether this role may not see what a session of another one does (it needs pg_read_all_stats). */
export const isHiddenSql = `query = '<insufficient privilege>'`;

/** The name of the program that has a session; its role where it gave none. */
export const programSql = `coalesce(nullif(application_name, ''), usename)`;

/** From where a session comes. */
export const clientSql = `coalesce(host(client_addr), 'local')`;
