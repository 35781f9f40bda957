/** The forms that people have their events in, by the keys of the envelope. The first row whose keys are all there is the form. */
import type {Json} from './envelope.js';

// biome-ignore format: a table reads by its rows
const forms: ReadonlyArray<readonly [string, readonly string[]]> = [
	['Docker json-file', ['log', 'stream', 'time']],
	['Fluent Bit', ['log_processed']],
	['Fluent Bit', ['log', 'kubernetes']],
	['Fluent Bit', ['log', 'logtag']],
	['Fluent Bit', ['date', 'log']],
	['journald JSON', ['MESSAGE', '__REALTIME_TIMESTAMP']],
	['journald JSON', ['MESSAGE', '_HOSTNAME']],
	['logcli JSON lines', ['labels', 'line', 'timestamp']],
	['Grafana Explore', ['line', 'timestamp']],
	['Loki', ['streams']],
	['Loki', ['stream', 'values']],
	['Loki', ['status', 'data']],
	['Splunk HEC', ['event', 'sourcetype']],
	['Splunk HEC', ['event', 'host']],
	['Splunk HEC', ['event', 'time']],
	['Splunk export', ['_raw']],
	['Splunk export', ['preview', 'result']],
	['Splunk export', ['result', 'offset']],
	['Wazuh alerts', ['rule', 'agent', 'data']],
	['Google Cloud Logging', ['jsonPayload']],
	['Google Cloud Logging', ['textPayload']],
	['Elasticsearch', ['_source']],
	['Elasticsearch', ['hits']],
	['CloudWatch', ['logEvents']],
	['CloudWatch', ['events', 'searchedLogStreams']],
	['CloudWatch', ['ingestionTime', 'message']],
	['CloudWatch', ['events', 'nextForwardToken']],
	['CloudWatch', ['events']],
	['CloudWatch Logs Insights', ['results', 'status']],
	['OpenTelemetry', ['resourceLogs']],
	['OpenTelemetry', ['body']],
	['Filebeat', ['@timestamp', 'agent', 'message']],
	['Filebeat', ['@timestamp', 'message']],
	['Vector', ['source_type']],
	['Vector', ['kubernetes', 'message', 'timestamp']],
	['stern', ['podName', 'containerName', 'message']],
	['Azure Log Analytics', ['LogMessage']],
	['Azure Log Analytics', ['LogEntry']],
];

/** Of an envelope; '': it is known by its own keys alone. */
export function formName(envelope: Json): string {
	for (const [name, keys] of forms) {
		if (keys.every(key => envelope[key] !== undefined)) {
			return name;
		}
	}

	return `JSON below ${Object.keys(envelope).slice(0, 3).join(', ')}`.slice(0, 60);
}
