import {expect, test} from 'vitest';
import {parseInvocation} from '../../../src/cli.ts';
import {operations} from '../../../src/operations/index.ts';
import {lookDeclarations} from '../../../src/runbooks/looks/index.ts';
import {draftOf} from '../../../src/runbooks/import/draft.ts';
import {dangerRules} from '../../../src/runbooks/import/marks.ts';
import {safe} from '../../../src/runbooks/import/rule.ts';
import {suggestedLooks} from '../../../src/runbooks/import/suggest.ts';
import {dangers, type DangerId} from '../../../src/words/dangers/index.ts';

function commandsIn(code: string, language = 'bash') {
	const {items} = draftOf(`# Handbook\n\n\`\`\`${language}\n${code}\n\`\`\`\n`);
	return items.flatMap(({commands}) => commands);
}

function marked(code: string, language?: string): readonly DangerId[] {
	return commandsIn(code, language).flatMap(({marks}) => marks.map(({id}) => id));
}

const script = '#!/bin/bash\n';

// One example of each danger, most of them as a handbook has it.
const examples: Readonly<Record<DangerId, string>> = {
	'prune-system': 'sudo docker system prune -af',
	'prune-containers': 'docker container prune',
	'prune-volumes': 'docker volume prune -f',
	'prune-images': 'docker image prune -af',
	'volume-removed': 'docker volume rm shop_pgdata',
	'down-volumes': 'docker compose -f docker-compose.prod.yml down -v',
	'compose-down': 'docker-compose down',
	'restart-everything': 'docker-compose restart',
	'restart-service': 'docker compose restart backend',
	'stop-service': 'docker-compose stop backend',
	'kill-service': 'docker-compose kill app',
	'up-attached': 'docker-compose up --abort-on-container-exit',
	'scale-compose': 'docker-compose up -d --scale app=2',
	'build-in-outage': 'docker-compose up -d --no-deps --build backend',
	'latest-image': 'docker build -t stock-analysis:latest .',
	'migrate-in-old-container': 'docker-compose exec app alembic upgrade head',
	'exec-terminal': `${script}docker-compose exec db pg_isready`,
	'exec-shell': 'docker exec -it app bash -c "rm $FILE"',
	'any-container': 'ACTIVE=$(docker-compose ps -q | head -1)',
	'docker-socket': 'docker run --rm -v /var/run/docker.sock:/var/run/docker.sock scanner scan app',
	privileged: 'docker run --privileged debian true',
	'volume-by-name': 'docker run --rm -v redis-data:/data alpine cp /backup/x /data/',
	'fixed-container-name': 'docker exec redis redis-cli info stats',
	'logs-unbounded': 'docker-compose logs app | tail -50',
	'kubernetes-removed': 'kubectl delete -f k8s/',
	'dump-to-file': 'pg_dump app > backup.sql',
	'dump-in-pipe': 'docker-compose exec -T db pg_dump shop | \\\n  gzip > shop.sql.gz',
	'restore-into-live': 'gunzip < shop.sql.gz | docker-compose exec -T db psql -U postgres shop',
	'restore-wrong-option': 'pg_restore -d app -T <timestamp> backup.dump',
	'restore-clean': 'pg_restore --clean -d app backup.dump',
	'psql-file': 'psql -d app -f migrations/<version>_down.sql',
	'may-prompt': 'psql -h localhost -U username -d stockdb -c "SELECT 1;"',
	'database-dropped': 'dropdb shop',
	'rows-dropped': 'psql shop -c "DELETE FROM orders"',
	'vacuum-full': "psql -c 'VACUUM FULL ANALYZE'",
	'reindex-locking': 'psql shop <<EOF\nREINDEX DATABASE shop;\nEOF',
	'index-not-renewed': 'psql -c "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t(c)"',
	'sessions-ended':
		'psql -c "\nSELECT pg_terminate_backend(pid)\nFROM pg_stat_activity\nWHERE state = \'idle\';"',
	'active-only': 'psql -c "SELECT query FROM pg_stat_activity WHERE state = \'active\'"',
	'counts-background': 'psql -c "SELECT count(*) FROM pg_stat_activity;"',
	'old-statement-columns': 'psql -c "SELECT query, mean_time FROM pg_stat_statements"',
	'settings-altered': 'psql -c "ALTER SYSTEM SET max_connections = 200"',
	'wal-archive-copy': "# archive_command = 'cp %p /backup/wal/%f'",
	'redis-flushed': 'redis-cli -n 2 flushdb',
	'redis-keys-deleted':
		'redis-cli --scan --pattern "*" | xargs docker-compose exec redis redis-cli del',
	'redis-all-keys': "redis-cli KEYS 'session:*'",
	'redis-monitor': 'redis-cli monitor',
	'redis-latency-endless': 'docker-compose exec redis redis-cli --latency',
	'redis-setting-lost': 'redis-cli config set maxmemory 1gb',
	'redis-evicts-everything': 'redis-cli config set maxmemory-policy allkeys-lru',
	'redis-save-guessed': 'docker exec $REDIS redis-cli BGSAVE',
	'redis-file-copied': 'cp /backup/dump.rdb /var/lib/redis/dump.rdb',
	'redis-no-such-field': 'redis-cli INFO stats | grep hit_rate',
	'redis-password-shown': 'redis-cli -a s3cret ping',
	'age-only': 'find $BACKUP_DIR -name "*.sql.gz" -mtime +30 -delete',
	'logs-deleted': 'find /var/log/ -name "*.log" -mtime +30 -delete',
	'find-removes': 'find /srv/cache -type f -exec rm {} \\;',
	'removed-recursively': 'sudo rm -rf /opt/app/cache',
	'open-to-all': 'chmod -R 777 /opt/app',
	'archive-open': 'tar -czf config.tar.gz .env* nginx/',
	'unpacked-over-root': 'tar -xzf "$BACKUP_FILE" -C /',
	'second-copy': 'gzip "$BACKUP_DIR/shop.sql"',
	'check-says-nothing': 'find "$DIR" -name "*.gz" -exec gzip -t {} \\; | grep -v OK',
	'time-never-shown': 'latest=$(find "$DIR" -name "*.gz" -printf "%T\\n" | sort -nr | head -1)',
	'newest-guessed': "last=$(ls -lt /backups/ | head -2 | tail -1 | awk '{print $9}')",
	'predictable-file': 'gunzip -c x.gz > /tmp/dump.sql',
	'history-lost': 'git push -f origin main',
	'tree-switched': 'git checkout "$VERSION"',
	'compose-edited-blindly': 'sed -i "s/image: app:.*/image: app:$V/g" docker-compose.prod.yml',
	'script-of-this-handbook':
		"cat > /usr/local/bin/clean.sh << 'EOF'\ndocker system prune -f\nEOF\n/usr/local/bin/clean.sh",
	'date-only-name': 'tar -czf /backup/files_$(date +%Y%m%d).tar.gz uploads',
	'os-upgraded': 'sudo apt update && sudo apt upgrade -y',
	'processes-killed': 'pkill -f "python start_server.py"',
	'crontab-replaced': 'echo "0 2 * * * /usr/local/bin/backup.sh" | crontab -',
	'cron-without-user': '# /etc/cron.d/shop\n0 2 * * * /opt/shop/backup.sh',
	'shebang-late': '# job.sh\n#!/bin/bash\nuptime',
	'kernel-setting': "echo 'net.core.somaxconn = 65535' >> /etc/sysctl.conf",
	'firewall-opened': 'iptables -F',
	'firewall-beside-docker': 'ufw deny 8000/tcp   # 直接API访问',
	'firewall-no-such-rule': 'ufw allow established',
	'probe-without-limit': 'curl -f http://localhost/health || echo "failed"',
	'probe-of-database': 'curl http://db:5432',
	'fixed-pause': 'docker compose up -d app\nsleep 30',
	'count-twice': 'errors=$(docker logs --tail 100 app | grep -c "ERROR" || echo "0")',
	'ping-outside': 'ping -c 4 8.8.8.8',
	'secrets-printed': 'env | grep APP_',
	'secret-written': 'DATABASE_URL=postgresql://user:password@db-host:5432/stockdb',
	'variables-not-inherited': 'export LOG_LEVEL=DEBUG\nsystemctl restart app',
	'reload-not-read': 'systemctl reload app-example',
	'unit-restarted': 'systemctl restart postgresql',
	'host-packages': 'cd backend\npip install -r requirements.txt',
	'fetched-and-run': 'curl -m 10 https://example.com/install | sudo bash',
	'process-traced': 'strace -p <pid> -c',
	'several-pids': 'perf top -p $(pgrep python)',
	'tests-on-live': 'pytest tests/ -v',
	'find-wrong-option': 'find /opt -type f -perm /o+w -ls -l',
	'loop-restarts': `${script}check() {\n  systemctl restart $1\n}`,
};

test.each(Object.entries(examples))('%s is found', (id, code) => {
	expect(marked(code)).toContain(id);
});

test('every danger of the words has a rule, except what is found across commands', () => {
	const ruled: readonly string[] = dangerRules.map(({id}) => id);
	const across = ['script-of-this-handbook', 'shebang-late'];
	expect(Object.keys(dangers).filter(id => !ruled.includes(id) && !across.includes(id))).toEqual(
		[],
	);
});

// The same intent done right, or only talked about.
test.each([
	['docker-compose ps'],
	['docker stats --no-stream'],
	['docker-compose logs --tail=100 app | grep -i error'],
	['docker compose up -d'],
	['echo "never run docker system prune -af"'],
	['# docker volume prune -f'],
	['curl --max-time 5 -f http://localhost/health'],
	['df -h\nfree -h\nuptime'],
	['redis-cli info memory'],
	['find /var/log -name "*.log" -mtime +30'],
	['psql -c "DELETE FROM orders WHERE id = 7"'],
	['psql -c "REINDEX INDEX CONCURRENTLY orders_pkey"'],
	['pg_isready'],
	['chmod 755 /usr/local/bin/x'],
	['chmod +x /usr/local/bin/x'],
	['sleep 1'],
	['git log --oneline -10'],
	['ufw allow 443/tcp'],
	['apt list --upgradable | grep -i security'],
	['echo "a; rm -rf /" > note.txt'],
])('%s is left alone', code => {
	expect(marked(code)).toEqual([]);
});

test.each([
	['a prompt', '$ docker volume prune -f', 'prune-volumes'],
	['continuation lines', 'docker \\\n  volume \\\n  prune -f', 'prune-volumes'],
	['a function', 'clean() {\n  docker volume prune -f\n}', 'prune-volumes'],
	['a condition', 'if [ "$X" -gt 80 ]; then docker volume prune -f; fi', 'prune-volumes'],
	['a loop', 'for v in a b; do docker volume rm $v; done', 'volume-removed'],
	['a variable before it', 'DOCKER_HOST=tcp://a docker volume prune -f', 'prune-volumes'],
	['substitution', 'x="$(docker volume prune -f)"', 'prune-volumes'],
	['backquotes', 'x=`docker volume prune -f`', 'prune-volumes'],
	['a shell in a shell', "bash -c 'docker volume prune -f'", 'prune-volumes'],
	['another host', "ssh db1 'docker volume prune -f'", 'prune-volumes'],
	['sudo with options', 'sudo -u ops timeout 10 docker volume prune -f', 'prune-volumes'],
	['a long dash', 'docker compose down —volumes', 'down-volumes'],
	['a short dash', 'docker compose down –v', 'down-volumes'],
	['full-width signs', 'df -h；docker　volume prune -f', 'prune-volumes'],
	['curly quotes', 'psql -c “TRUNCATE orders”', 'rows-dropped'],
	['a cron line', '0 3 * * * root docker volume prune -f', 'prune-volumes'],
	['a case', 'case "$1" in\n  all)\n    docker volume prune -f\n    ;;\nesac', 'prune-volumes'],
	['a prompt of redis-cli', '127.0.0.1:6379[1]> FLUSHDB', 'redis-flushed'],
	['a prompt of psql', 'shop=# DELETE FROM "orders";', 'rows-dropped'],
	['a root prompt', '[root@db1 ~]# rm -rf /srv/x', 'removed-recursively'],
	['a script for another host', 'ssh db1 <<EOF\ndocker volume prune -f\nEOF', 'prune-volumes'],
])('%s hides nothing', (_what, code, id) => {
	expect(marked(code)).toContain(id);
});

test.each([
	['1. 内存不足时执行 `FLUSHALL`', 'redis-flushed'],
	['- clean up with `docker system prune -af` now', 'prune-system'],
	['| 清理 | `TRUNCATE TABLE logs` |', 'rows-dropped'],
	['Then run `rm -rf /opt/app` as root.', 'removed-recursively'],
])('a command between backquotes is found: %s', (text, id) => {
	const {items} = draftOf(`# Handbook\n\n${text}\n`);
	expect(items.flatMap(item => item.commands.flatMap(({marks}) => marks))).toMatchObject([{id}]);
});

test('SQL, and settings of other kinds, are looked through as well', () => {
	expect(marked('-- 3. 重建索引\nREINDEX DATABASE shop;\n\n-- 清理\nVACUUM FULL;', 'sql')).toEqual([
		'reindex-locking',
		'vacuum-full',
	]);
	expect(marked("smtp_auth_password: 'your-password'", 'yaml')).toEqual(['secret-written']);
	expect(marked('maxmemory-policy allkeys-lru', 'redis')).toEqual(['redis-evicts-everything']);
});

test('what is pasted broken neither fails nor hangs', () => {
	for (const code of [
		'"',
		"echo 'a",
		'$(',
		'`',
		'cat <<EOF',
		'a |',
		'((',
		')))',
		'<>',
		'\\',
		'${',
		'for',
		'|| &&',
	]) {
		expect(() => commandsIn(code)).not.toThrow();
	}

	expect(() =>
		commandsIn(`${'a|'.repeat(20_000)}\n${'$('.repeat(500)}\n${'"'.repeat(999)}`),
	).not.toThrow();
});

test.each(Object.entries(safe))(
	'%s is an operation of the program, started by these words',
	(_name, {operation, command}) => {
		expect(Object.keys(operations)).toContain(operation);
		const {command: parsed, flags} = parseInvocation(command.split(' '));
		if (typeof parsed !== 'object' || parsed.kind !== 'change')
			throw new Error(`no change: ${command}`);
		expect(parsed.command.parse(parsed.positionals, flags).operation).toBe(operation);
	},
);

test('dangers that a rule answers with an operation say something in both languages', () => {
	for (const {really, instead} of Object.values(dangers)) {
		for (const text of [really.en, really.zh, instead.en, instead.zh]) expect(text).not.toBe('');
		expect(really.zh).toMatch(/\p{Script=Han}/u);
		expect(instead.zh).toMatch(/\p{Script=Han}/u);
	}
});

test('every look that is suggested exists', () => {
	expect(suggestedLooks.filter(look => !Object.hasOwn(lookDeclarations, look))).toEqual([]);
});
