/** The flags that tetratop shares with kubectl, under the same names. */
import {table} from '../../runtime/table.js';
export type AccessFlags = {
	readonly kubeconfig?: string | undefined;
	readonly context?: string | undefined;
	readonly cluster?: string | undefined;
	readonly user?: string | undefined;
	/** All of -n; the kubeconfig chooses one where it is missing. */
	readonly namespaces?: readonly string[] | undefined;
	readonly as?: string | undefined;
	readonly asGroup?: readonly string[] | undefined;
	readonly asUid?: string | undefined;
	/** `key=value`; a key may come several times. */
	readonly asUserExtra?: readonly string[] | undefined;
	readonly token?: string | undefined;
	readonly server?: string | undefined;
	readonly certificateAuthority?: string | undefined;
	readonly tlsServerName?: string | undefined;
	readonly insecureSkipTlsVerify?: boolean | undefined;
	readonly clientCertificate?: string | undefined;
	readonly clientKey?: string | undefined;
	readonly username?: string | undefined;
	readonly password?: string | undefined;
	/** Go duration (`30s`, `1m30s`), or whole seconds; `0`: no limit. */
	readonly requestTimeout?: string | undefined;
};

const unitMs: Readonly<Record<string, number>> = table<number>({ms: 1, s: 1000, m: 60_000, h: 3_600_000});

/** Parses kubectl's `--request-timeout` into milliseconds; 0: no limit; undefined: not a duration. */
export function parseTimeout(value: string): number | undefined {
	if (/^\d+$/.test(value)) {
		return Number(value) * 1000;
	}

	if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(value)) {
		return undefined;
	}

	let total = 0;
	for (const [, amount, unit] of value.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) {
		total += Number(amount) * (unitMs[unit ?? ''] ?? 0);
	}

	return total;
}

/** The same flags for a kubectl that tetratop starts, without the token: every local user can read the arguments of a process. */
export function kubectlArguments(flags: AccessFlags): readonly string[] {
	function one(name: string, value: string | undefined) {
		return value === undefined ? [] : [`--${name}=${value}`];
	}

	return [
		...one('kubeconfig', flags.kubeconfig),
		...one('context', flags.context),
		...one('cluster', flags.cluster),
		...one('user', flags.user),
		...one('as', flags.as),
		...(flags.asGroup ?? []).flatMap(group => one('as-group', group)),
		...one('as-uid', flags.asUid),
		...(flags.asUserExtra ?? []).flatMap(extra => one('as-user-extra', extra)),
		...one('server', flags.server),
		...one('certificate-authority', flags.certificateAuthority),
		...one('tls-server-name', flags.tlsServerName),
		...(flags.insecureSkipTlsVerify === true ? ['--insecure-skip-tls-verify=true'] : []),
		...one('client-certificate', flags.clientCertificate),
		...one('client-key', flags.clientKey),
	];
}
