/** The front door: arguments, environment and configuration file to the request on the wire. A source that is silent overrules nothing. */
import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {anyObject} from '../../source/kubernetes/api/shape.js';
import {openCluster} from '../../source/kubernetes/cluster.js';
import {kubernetesOptions} from '../../source/modes/cluster/options.js';
import {loadOptions} from '../../source/options/load.js';
import {type Wire, WireServers} from './kubeconfig/wire.js';

type Row = {
	readonly what: string;
	readonly user?: string;
	readonly cluster?: string;
	readonly argv?: readonly string[];
	readonly environment?: Readonly<Record<string, string>>;
	readonly config?: string;
	/** Parts of the request; undefined: it must lack the part. 'refused': no request comes. */
	readonly wire: Partial<Record<keyof Wire, unknown>> | 'refused';
};

const token = 'token: good';
const impersonated = `${token}\n    as: joe\n    as-groups: [a, b]\n    as-uid: "7"\n    as-user-extra: {scopes: [view]}`;
const asJoe = {
	'impersonate-user': 'joe',
	'impersonate-group': 'a,b',
	'impersonate-uid': '7',
	'impersonate-extra-scopes': 'view',
};
const insecure = 'insecure-skip-tls-verify: true';
const trusted = 'certificate-authority: "{ca.crt}"';

const rows: readonly Row[] = [
	{what: 'a token of the file', user: token, wire: {authorization: 'Bearer good', impersonation: undefined}},
	{what: 'insecure-skip-tls-verify of the file', user: token, cluster: insecure, wire: {authorization: 'Bearer good'}},
	{what: 'nothing that trusts the server', user: token, cluster: '', wire: 'refused'},
	{what: 'the flag for it', user: token, cluster: '', argv: ['--insecure-skip-tls-verify'], wire: {scheme: 'https'}},
	{
		what: 'the variable for it',
		user: token,
		cluster: '',
		environment: {TETRATOP_INSECURE_SKIP_TLS_VERIFY: 'true'},
		wire: {scheme: 'https'},
	},
	{
		what: 'the configuration for it',
		user: token,
		cluster: '',
		config: 'insecure-skip-tls-verify: true',
		wire: {scheme: 'https'},
	},
	{what: 'all of the impersonation of the file', user: impersonated, wire: {impersonation: asJoe}},
	{
		what: '--as-group in place of as-groups, and the rest of the file',
		user: impersonated,
		argv: ['--as-group', 'x', '--as-group', 'y'],
		wire: {impersonation: {...asJoe, 'impersonate-group': 'x,y'}},
	},
	{
		what: '--as in place of as, and the rest of the file',
		user: impersonated,
		argv: ['--as=jane'],
		wire: {impersonation: {...asJoe, 'impersonate-user': 'jane'}},
	},
	{
		what: 'impersonation by variables',
		user: token,
		environment: {TETRATOP_AS: 'jane', TETRATOP_AS_UID: '9'},
		wire: {impersonation: {'impersonate-user': 'jane', 'impersonate-uid': '9'}},
	},
	{
		what: 'impersonation by the configuration',
		user: token,
		config: 'as: jane\nas-group: [x]\nas-user-extra: [scopes=a, scopes=b, why=x=y]',
		wire: {
			impersonation: {
				'impersonate-user': 'jane',
				'impersonate-group': 'x',
				'impersonate-extra-scopes': 'a,b',
				'impersonate-extra-why': 'x=y',
			},
		},
	},
	{what: '--as-user-extra without a value', user: token, argv: ['--as=joe', '--as-user-extra=scopes'], wire: 'refused'},
	{
		what: 'a flag over the variable',
		user: token,
		argv: ['--as=a'],
		environment: {TETRATOP_AS: 'b'},
		config: 'as: c',
		wire: {impersonation: {'impersonate-user': 'a'}},
	},
	{
		what: 'the variable over the configuration',
		user: token,
		environment: {TETRATOP_AS: 'b'},
		config: 'as: c',
		wire: {impersonation: {'impersonate-user': 'b'}},
	},
	{what: '--token over the file', user: token, argv: ['--token=given'], wire: {authorization: 'Bearer given'}},
	{
		what: 'TETRATOP_TOKEN over the file',
		user: token,
		environment: {TETRATOP_TOKEN: 'given'},
		wire: {authorization: 'Bearer given'},
	},
	{
		what: 'a client certificate of the file',
		user: 'client-certificate: "{client.crt}"\n    client-key: "{client.key}"',
		wire: {certificate: 'alice', authorization: undefined},
	},
	{
		what: 'a client certificate of the flags',
		user: '{}',
		argv: ['--client-certificate={client.crt}', '--client-key={client.key}'],
		wire: {certificate: 'alice', authorization: undefined},
	},
	{
		what: 'tls-server-name of the file',
		user: token,
		cluster: `${trusted}\n    tls-server-name: api.test`,
		wire: {sni: 'api.test'},
	},
	{
		what: 'tls-server-name of the variable',
		user: token,
		environment: {TETRATOP_TLS_SERVER_NAME: 'api.test'},
		wire: {sni: 'api.test'},
	},
	{
		what: '--certificate-authority',
		user: token,
		cluster: '',
		argv: ['--certificate-authority={ca.crt}'],
		wire: {authorization: 'Bearer good'},
	},
	{
		what: 'proxy-url of the file',
		user: token,
		cluster: `${trusted}\n    proxy-url: http://{proxy}`,
		wire: {proxied: '127.0.0.1'},
	},
	{
		what: '--server in place of that of the file',
		user: token,
		argv: ['--server=https://{https}/other'],
		wire: {path: '/other/version'},
	},
];

test('each source of an option reaches the request, and one that is silent overrules nothing', async t => {
	const servers = new WireServers();
	await servers.start();
	t.after(() => servers.stop());
	for (const {what, user = '{}', cluster = trusted, argv = [], environment = {}, config = '', wire} of rows) {
		await t.test(what, async () => {
			const text = `apiVersion: v1
kind: Config
current-context: c
clusters:
- name: k
  cluster:
    server: https://{https}
    ${cluster}
users:
- name: u
  user:
    ${user}
contexts:
- name: c
  context: {cluster: k, user: u}
`;
			const {directory, fill} = servers.prepare({files: {config: text}});
			const file = path.join(directory, 'tetratop.yaml');
			writeFileSync(file, fill(config));
			const words = [`--kubeconfig=${path.join(directory, 'config')}`, `--config=${file}`, ...argv.map(fill)];
			const {options, error} = await loadOptions(words, environment);
			assert.ok(options, JSON.stringify(error));
			let refused = '';
			try {
				const {api} = openCluster({...kubernetesOptions(options), environment: {}}, () => undefined);
				await api.get('/version', anyObject).finally(() => api.close());
			} catch (reason) {
				refused = String(reason);
			}

			const seen = servers.seen();
			if (wire === 'refused') {
				assert.ok(refused !== '' && seen === undefined, refused);
				return;
			}

			assert.equal(refused, '');
			for (const [part, value] of Object.entries(wire)) {
				assert.deepEqual((seen as Readonly<Record<string, unknown>>)[part], value, part);
			}
		});
	}
});
