/** The scanner beside protobufjs' decode of the whole event. */
import {execFile} from 'node:child_process';
import process from 'node:process';
import {promisify} from 'node:util';
import {bundled} from '../bundle.js';
import {perSecond, type Row} from '../row.js';

export const scanRow: Row = {
	name: 'scan',
	async measure({tiny}) {
		const program = await bundled('scan-frames.ts');
		try {
			const sizes = tiny ? ['50', '5', '1'] : ['10000', '500', '6'];
			const {stdout} = await promisify(execFile)(process.execPath, [program.file, ...sizes]);
			const {scan, decode} = JSON.parse(stdout) as {scan: number; decode: number};
			const ratio = scan / decode;
			return [
				{
					row: 'scan',
					what: 'fork-storm frames',
					against: `full protobufjs decode, ${perSecond(decode)}`,
					ratio,
					absolute: `${perSecond(scan)} of CPU time`,
					value: scan,
					must: '≥ 10 ×',
					reached: ratio >= 10,
				},
			];
		} finally {
			program.remove();
		}
	},
};
