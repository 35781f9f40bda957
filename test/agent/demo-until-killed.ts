/** Starts the demo, says where, and waits for a signal. */
import {startDemo} from '../../source/demo/agent.js';

const {folder} = await startDemo();
console.log(folder);
setInterval(() => undefined, 60_000);
