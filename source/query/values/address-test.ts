/** Addresses compared: whole, a part, or all of a network in CIDR. */
import {BlockList, isIP} from 'node:net';

/** undefined: not a network. */
export function parseNetwork(text: string): BlockList | undefined {
	const [, address = '', bits = ''] = /^([\d.a-f:]+)\/(\d{1,3})$/i.exec(text) ?? [];
	const family = isIP(address);
	if (family === 0 || Number(bits) > (family === 4 ? 32 : 128)) {
		return undefined;
	}

	const network = new BlockList();
	network.addSubnet(address, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
	return network;
}

/** An IPv4 address that came in as IPv6 is in the IPv4 network, too: BlockList compares it so. */
export function isIn(network: BlockList, address: string): boolean {
	const family = isIP(address);
	return family !== 0 && network.check(address, family === 4 ? 'ipv4' : 'ipv6');
}
