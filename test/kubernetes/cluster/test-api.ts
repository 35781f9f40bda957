/** An Api of our own over a kubeconfig that the test writes, and a test API server. */
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {TestContext} from 'node:test';
import {HttpApi} from '../../../source/kubernetes/api/http-api.js';
import {resolveAccess} from '../../../source/kubernetes/kubeconfig/access.js';
import type {AccessFlags} from '../../../source/kubernetes/kubeconfig/flags.js';
import {TestApiServer} from './api-server.js';
import {kubeconfigText} from './test-cluster.js';

export type ApiParts = {
	readonly user?: string;
	readonly cluster?: string;
	readonly flags?: AccessFlags;
	readonly environment?: Readonly<Record<string, string>>;
	readonly url?: string;
	readonly say?: (line: string) => void;
	/** The limit of one request where no flag says one. */
	readonly defaultTimeoutMs?: number;
};

export async function startServer(t: TestContext, options: ConstructorParameters<typeof TestApiServer>[0] = {}) {
	const server = new TestApiServer(options);
	await server.start();
	t.after(async () => {
		server.killCommands();
		await server.stop();
	});
	return server;
}

export function testDirectory(t: TestContext): string {
	const directory = mkdtempSync(path.join(tmpdir(), 'tt-api-'));
	t.after(() => rmSync(directory, {recursive: true, force: true}));
	return directory;
}

export function connectApi(
	t: TestContext,
	server: Pick<TestApiServer, 'url'>,
	parts: ApiParts = {},
	directory = testDirectory(t),
) {
	const kubeconfig = path.join(directory, 'config');
	writeFileSync(kubeconfig, kubeconfigText(parts.url ?? server.url, parts.user ?? 'token: good-token', parts.cluster));
	const {PATH}: {readonly PATH?: string} = process.env;
	const environment = {PATH, ...parts.environment};
	const access = resolveAccess({kubeconfig, ...parts.flags}, environment);
	const api = new HttpApi(access, {
		environment,
		interactive: () => false,
		say: parts.say ?? (() => undefined),
		defaultTimeoutMs: parts.defaultTimeoutMs ?? 60_000,
	});
	t.after(() => api.close());
	return api;
}
