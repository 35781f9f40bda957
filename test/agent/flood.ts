/** A process of its own that sends frames of fork-storm as fast as they are read, over and over. */
import {TestAgent} from './agent.js';
import {framesOf} from './recordings.js';

const count = Number(process.argv[2]);
const storm = framesOf('fork-storm');
const frames = Array.from({length: count}, (_, index) => storm[index % storm.length] ?? Buffer.alloc(0));
const agent = await TestAgent.start({frames});
process.once('message', () => process.send?.(agent.dropped));
process.once('exit', () => agent.remove());
process.once('disconnect', () => process.exit());
if (agent.address.type === 'unix') {
	process.send?.(agent.address.path);
}
