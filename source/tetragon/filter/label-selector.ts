/** Kubernetes' label selectors, as the agent's label filter takes them: `a=b,c!=d,e in (f,g),h notin (i),j,!k`. */

type LabelTest = (labels: Readonly<Record<string, string>>) => boolean;

const requirement =
	/^\s*(?:!\s*(?<absent>[^\s,()=!]+)|(?<set>[^\s,()=!]+)\s+(?<operator>in|notin)\s*\((?<values>[^()]*)\)|(?<key>[^\s,()=!]+)\s*(?:(?<equality>==|=|!=)\s*(?<value>[^\s,()=!]*))?)\s*(?:,|$)/;

/** Throws an Error with the part that cannot be read. An empty selector selects everything. */
export function parseSelector(text: string): LabelTest {
	const tests: LabelTest[] = [];
	let rest = text.trim();
	while (rest !== '') {
		const match = requirement.exec(rest);
		if (!match?.groups) {
			throw new Error(`cannot read ${JSON.stringify(rest)} as a requirement such as app=web, tier!=db or env in (a,b)`);
		}

		if (match[0].endsWith(',') && match[0].length === rest.length) {
			throw new Error('it ends with a comma');
		}

		tests.push(testOf(match.groups));
		rest = rest.slice(match[0].length);
	}

	return labels => tests.every(test => test(labels));
}

function testOf(groups: Readonly<Record<string, string | undefined>>): LabelTest {
	const {absent, set, operator, values, key = '', equality, value = ''} = groups;
	if (absent !== undefined) {
		return labels => !Object.hasOwn(labels, absent);
	}

	if (set !== undefined) {
		const wanted = new Set((values ?? '').split(',').map(item => item.trim()));
		// As in Kubernetes, a label that is not there is in no set.
		return operator === 'in'
			? labels => Object.hasOwn(labels, set) && wanted.has(labels[set] ?? '')
			: labels => !Object.hasOwn(labels, set) || !wanted.has(labels[set] ?? '');
	}

	if (equality === undefined) {
		return labels => Object.hasOwn(labels, key);
	}

	return equality === '!='
		? labels => !Object.hasOwn(labels, key) || labels[key] !== value
		: labels => Object.hasOwn(labels, key) && labels[key] === value;
}
