/** Asks an API server for each path, and prints what it says of the answer and the most memory that this process had so far. */
import process from 'node:process';
import {HttpApi} from '../../../source/kubernetes/api/http-api.js';
import {anyObject} from '../../../source/kubernetes/api/shape.js';
import {resolveAccess} from '../../../source/kubernetes/kubeconfig/access.js';

const [server, ...paths] = process.argv.slice(2);
const api = new HttpApi(resolveAccess({server, kubeconfig: '/dev/null'}, {}), {
	environment: {},
	interactive: () => false,
	say: () => undefined,
});
for (const path of paths) {
	const says = await api.get(path, anyObject).then(
		() => 'it was taken',
		(error: Error) => error.message,
	);
	process.stdout.write(`${JSON.stringify({path, says, rss: process.resourceUsage().maxRSS * 1024})}\n`);
}

api.close();
