import assert from 'node:assert/strict';
import test from 'node:test';
import {parseConfig} from '../../source/options/config.js';
import {camelCase} from '../../source/options/flag.js';
import type {Options} from '../../source/options/options.js';
import {parseOptions, sentence} from '../../source/options/parse.js';
import {commands, flags} from '../../source/options/table.js';
import {buildRequest} from '../../source/tetragon/filter/filter.js';

function parse(line: string, environment: Record<string, string> = {}, yaml: string | undefined = undefined) {
	return parseOptions(
		line === '' ? [] : line.split(' '),
		environment,
		yaml === undefined ? undefined : parseConfig(yaml, '/home/me/.config/tetratop/config.yaml'),
	);
}

function options(...parameters: Parameters<typeof parse>): Options {
	const {options: parsed, error} = parse(...parameters);
	assert.equal(error, undefined);
	return parsed as Options;
}

test('a flag without a default is undefined until somebody gives it: it overrules nothing', () => {
	const values = options('') as unknown as Readonly<Record<string, unknown>>;
	for (const flag of flags.filter(one => !('default' in one))) {
		assert.equal(values[camelCase(flag.name)], undefined, flag.name);
	}
});

function complaint(...parameters: Parameters<typeof parse>): string {
	const {error} = parse(...parameters);
	assert.ok(error, 'nothing was wrong with it');
	return sentence(error);
}

const said: ReadonlyArray<readonly [string, Partial<Options>]> = [
	[
		'',
		{
			command: 'live',
			target: undefined,
			transport: 'auto',
			buffer: 134_217_728,
			stackTraces: true,
			namespace: undefined,
		},
	],
	['xwing', {command: 'live', target: 'xwing'}],
	['-n default pod/xwing', {target: 'pod/xwing', namespace: ['default']}],
	['deployment/deathstar -n a,b --namespace c', {target: 'deployment/deathstar', namespace: ['a', 'b', 'c']}],
	['-l app=x,tier!=db', {selector: 'app=x,tier!=db'}],
	['--node worker-1 --node worker-2,worker-3', {node: ['worker-1', 'worker-2', 'worker-3']}],
	['-A', {allNamespaces: true}],
	['pod/demo', {command: 'live', target: 'pod/demo'}],
	['demo --speed 4', {command: 'demo', speed: 4}],
	['--ascii demo', {command: 'demo', ascii: true}],
	['xwing --since 10m --last 5 --no-heal', {since: '10m', last: 5, heal: false}],
	['replay a.log --since 10m --until 12:04 --last 5', {since: '10m', until: '12:04', last: 5}],
	['replay a.log -f --play --real-time', {follow: true, play: true, realTime: true}],
	[
		'kills --input-file a.log --fail-on killed,would -o csv --since 1h',
		{command: 'kills', inputFile: ['a.log'], failOn: ['killed', 'would'], output: 'csv', since: '1h'},
	],
	['replay a.log --no-follow', {follow: false}],
	['replay a.log b.log.gz --speed max', {command: 'replay', operands: ['a.log', 'b.log.gz'], speed: Infinity}],
	['replay -', {command: 'replay', operands: ['-']}],
	['replay -- -strange.log', {command: 'replay', operands: ['-strange.log']}],
	['completion zsh', {command: 'completion', operands: ['zsh']}],
	['--server-address unix:///run/t.sock', {serverAddress: 'unix:///run/t.sock'}],
	['--server-address=localhost:54321 -ocompact', {serverAddress: 'localhost:54321', output: 'compact'}],
	['-Ao json', {allNamespaces: true, output: 'json'}],
	['-n=default', {namespace: ['default']}],
	['--stack-traces=false', {stackTraces: false}],
	['--no-stack-traces --no-ima-hash', {stackTraces: false, imaHash: false}],
	['--mouse=true --host=0', {mouse: true, host: false}],
	['--pod ^api-\\d{1,3}$,web', {pod: ['^api-\\d{1,3}$', 'web']}],
	['--process [,;] --process a', {process: ['[,;]', 'a']}],
	['--labels a=b,c=d --labels e', {labels: ['a=b,c=d', 'e']}],
	['-e PROCESS_EXEC,PROCESS_EXIT', {eventTypes: ['PROCESS_EXEC', 'PROCESS_EXIT']}],
	['-e exec,Process-Lsm', {eventTypes: ['PROCESS_EXEC', 'PROCESS_LSM']}],
	['--pods a --containers b', {pod: ['a'], container: ['b']}],
	['--theme light --theme mono', {theme: 'mono'}],
	['--buffer 64MiB', {buffer: 67_108_864}],
	['--buffer 1.5GB', {buffer: 1_500_000_000}],
	['--request-timeout 1m30s', {requestTimeout: '1m30s'}],
	['--request-timeout 5', {requestTimeout: '5'}],
	['--request-timeout 0', {requestTimeout: '0'}],
	['', {requestTimeout: undefined}],
	['--pod -worker$', {pod: ['-worker$']}],
	['--token=a=b', {token: 'a=b'}],
	['-A --node -1', {allNamespaces: true, node: ['-1']}],
	['-Aojson -lapp=x', {allNamespaces: true, output: 'json', selector: 'app=x'}],
	['--host --no-host --host=yes --mouse=off', {host: true, mouse: false}],
	['--as 007 --pod=-x', {as: '007', pod: ['-x']}],
	['replay -- --ascii -x', {operands: ['--ascii', '-x'], ascii: undefined}],
	['rbac --transport exec', {command: 'rbac', transport: 'exec'}],
	['doctor -o json xwing', {command: 'doctor', output: 'json', target: 'xwing'}],
	['policies -o json deploy/x -n a', {command: 'policies', output: 'json', target: 'deploy/x', namespace: ['a']}],
	['replay --help', {command: 'replay', help: true}],
];

for (const [line, wanted] of said) {
	test(`reads: tetratop ${line}`, () => {
		const read = options(line);

		for (const [name, value] of Object.entries(wanted)) {
			assert.deepEqual(read[name as keyof Options], value, name);
		}
	});
}

const refused: ReadonlyArray<readonly [string, RegExp]> = [
	['--namspace x', /^unknown flag --namspace: .*Did you mean --namespace\?/],
	['--no-such', /^unknown flag --no-such: tetratop has no flag of that name\. tetratop --help lists them all\.$/],
	['--no-colour', /^unknown flag --no-colour: .*Did you mean --color\?/],
	['-x', /^unknown flag -x/],
	['-Ax', /^unknown flag -x in -Ax/],
	['--theme', /^--theme has no value: it takes one of default, light/],
	['--theme --ascii', /^--theme has no value/],
	['-n', /^-n has no value: .* Write -n NAME\.$/],
	['--theme lihgt', /^--theme cannot be "lihgt": it is one of .*Did you mean light\?/],
	['--theme=', /^--theme has no value/],
	['--no-theme', /^unknown flag --no-theme/],
	['--theme.x=1', /^unknown flag --theme\.x/],
	['--pod a --pod.x b', /^unknown flag --pod\.x/],
	['-A=perhaps', /^-A cannot be "perhaps"/],
	['--token -- a', /^--token has no value/],
	['--transport ssh', /^--transport cannot be "ssh"/],
	['--buffer lots', /^--buffer cannot be "lots": it takes a size/],
	['--buffer 1', /^--buffer cannot be "1": it must be between/],
	['-e exce', /^--event-types cannot be "exce": .*Did you mean exec\?/],
	['replay a.log --since soon', /^--since cannot be "soon": it takes a time such as 10m/],
	['replay a.log --last 0', /^--last cannot be "0": it takes a whole number above 0/],
	['replay a.log -f --last 3', /^--follow and --last cannot be used together/],
	['replay a.log --real-time', /^--real-time goes with --play/],
	['kills', /^kills needs a TARGET or --input-file FILE: nothing/],
	['kills xwing --input-file a', /^kills needs a TARGET or --input-file FILE: both/],
	['kills --input-file a -o compact', /^--output cannot be "compact" here: kills prints text, json, csv/],
	['replay a -o csv', /^--output cannot be "csv" here: replay prints json, compact/],
	['kills --input-file a --fail-on dead', /^--fail-on cannot be "dead"/],
	['demo --since 10m', /^--since does not go with demo/],
	['demo --speed 0', /^--speed cannot be "0"/],
	['demo --speed fast', /^--speed cannot be "fast".*max/],
	['--request-timeout soon', /^--request-timeout cannot be "soon"/],
	['--mouse=perhaps', /^--mouse cannot be "perhaps": it takes true or false/],
	['demo --kubeconfig f', /^--kubeconfig does not go with demo: it belongs to the live view, doctor/],
	['--speed 2', /^--speed does not go with the live view: it belongs to demo, replay/],
	['replay', /^replay needs FILE\.\.\.: .*tetratop replay FILE/],
	['a b', /^"b" is one argument too many: one target is watched at a time/],
	['relpay a.log', /Did you mean replay\?/],
	['demo x', /^"x" is one argument too many: demo takes none/],
	['completion tcsh', /^no completion for "tcsh": it is made for bash, zsh and fish/],
	['xwing -l a=b', /^"xwing" and --selector cannot be used together/],
	['xwing --server-address localhost', /^--server-address and a target in the cluster/],
	['--tls-cert-file a', /^--tls-cert-file and --tls-key-file go together/],
];

for (const [line, wanted] of refused) {
	test(`refuses in one sentence: tetratop ${line}`, () => {
		const words = complaint(line);
		assert.match(words, wanted);
		assert.ok(!words.includes('\n'));
	});
}

test('a flag wins over the environment, the environment over the file, the file over the default', () => {
	const yaml = 'theme: light\nbuffer: 64MiB\nascii: true\nnamespace: [a, b]\n';
	const environment = {TETRATOP_THEME: 'mono', TETRATOP_NAMESPACE: 'c,d', TETRATOP_ASCII: 'no'};
	assert.equal(options('', {}, yaml).theme, 'light');
	assert.equal(options('', environment, yaml).theme, 'mono');
	assert.equal(options('--theme high-contrast', environment, yaml).theme, 'high-contrast');
	assert.deepEqual(options('', {}, yaml).namespace, ['a', 'b']);
	assert.deepEqual(options('', environment, yaml).namespace, ['c', 'd']);
	assert.deepEqual(options('-n e', environment, yaml).namespace, ['e']);
	assert.equal(options('', environment, yaml).ascii, false);
	assert.equal(options('', environment, yaml).buffer, 67_108_864);
	assert.equal(options('', {TETRATOP_THEME: ''}, yaml).theme, 'light', 'an empty variable says nothing');
});

test('a wrong variable of the environment is named', () => {
	assert.match(complaint('', {TETRATOP_BUFFER: 'x'}), /^TETRATOP_BUFFER cannot be "x"/);
});

test('a variable or setting that does not go with the command is left aside', () => {
	assert.equal(options('demo', {TETRATOP_KUBECONFIG: '/x'}, 'transport: exec').kubeconfig, undefined);
	assert.equal(options('demo', {}, 'transport: exec').given.has('transport'), false);
});

test('a target that is typed wins over an address that stands in the environment, and the other way round', () => {
	assert.equal(options('xwing', {TETRATOP_SERVER_ADDRESS: 'host'}).serverAddress, undefined);
	assert.equal(options('xwing', {TETRATOP_SERVER_ADDRESS: 'host'}).target, 'xwing');
	assert.equal(options('--server-address host', {TETRATOP_SELECTOR: 'a=b'}).selector, undefined);
});

test('--help and --version are answered even on a command line that is not complete', () => {
	assert.equal(options('replay --help').help, true);
	assert.equal(options('completion --version').version, true);
});

test('a wrong setting is named with file and line, and the others hold', () => {
	const yaml = '# my settings\ntheme: light\nthem: dark\n\nbuffer: 1\nkeys:\n  pause: [p, Z]\n  filter:\n    a: b\n';
	const parsed = parse('', {}, yaml);
	assert.equal(parsed.options?.theme, 'light');
	assert.equal(parsed.options?.buffer, 134_217_728);
	assert.deepEqual(parsed.options?.keys, {pause: ['p', 'Z']});
	assert.deepEqual(parsed.options && parsed.mistakes?.map(({what}) => what), [
		'config.yaml:3 unknown setting "them"',
		'config.yaml:8 keys.filter names no keys',
		'config.yaml:5 buffer cannot be "1"',
	]);
	assert.match(sentence(parsed.mistakes?.[0] as never), /Did you mean theme\?/);
});

test('a file that is no YAML is named with the line, and the program starts without it', () => {
	const parsed = parse('', {}, 'theme: light\nbuffer: [1\n');
	assert.match(sentence(parsed.mistakes?.[0] as never), /^config\.yaml:\d is no YAML: /);
	assert.equal(parsed.options?.theme, 'default');
	assert.equal(parse('', {}, '').mistakes?.length, 0);
	assert.equal(parse('', {}, '\n# nothing yet\n').mistakes?.length, 0);
	assert.match(sentence(parse('', {}, '- a').mistakes?.[0] as never), /holds no settings/);
});

test('no two flags share a name or a letter, and every choice lists its default', () => {
	const names = flags.flatMap(flag => [flag.name, ...('aliases' in flag ? flag.aliases : [])]);
	const letters = flags.flatMap(flag => ('short' in flag ? [flag.short] : []));
	assert.equal(new Set(names).size, names.length);
	assert.equal(new Set(letters).size, letters.length);

	for (const flag of flags) {
		if ('choices' in flag && 'default' in flag) {
			assert.ok((flag.choices as readonly string[]).includes(flag.default), flag.name);
		}

		assert.ok(flag.kind === 'switch' || 'placeholder' in flag, `${flag.name} shows no placeholder`);
	}

	assert.equal(commands[0].name, 'live');
});

test('the filter flags become one filter of the allow list, each --deny one of the deny list', () => {
	assert.deepEqual(buildRequest(options('')), {}, 'an empty filter would be a term of its own');
	assert.deepEqual(
		buildRequest(options('-n a,b --pod ^x --process curl -e exec --policy-names p --container c --labels a=b,c=d')),
		{
			allow_list: [
				{
					namespace: ['a', 'b'],
					pod_regex: ['^x'],
					binary_regex: ['curl'],
					container_name_regex: ['c'],
					event_set: ['PROCESS_EXEC'],
					policy_names: ['p'],
					labels: ['a=b,c=d'],
				},
			],
		},
	);
	assert.deepEqual(buildRequest(options('--host')), {allow_list: [{namespace: ['']}]});
	assert.deepEqual(buildRequest(options('--deny namespace=kube-system,ci;event-types=exec --deny host')), {
		deny_list: [{namespace: ['kube-system', 'ci'], event_set: ['PROCESS_EXEC']}, {namespace: ['']}],
	});
});
