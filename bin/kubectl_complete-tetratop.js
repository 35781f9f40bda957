#!/usr/bin/env node
// kubectl runs this at TAB after `kubectl tetratop`, with the words so far. It answers as `tetratop __complete` does.
import process from 'node:process';
import {fileURLToPath} from 'node:url';

const launcher = new URL('tetratop.js', import.meta.url);
process.argv.splice(1, 1, fileURLToPath(launcher), '__complete');
await import(launcher.href);
