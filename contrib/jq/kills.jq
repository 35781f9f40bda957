# Events that a policy acted on with a signal or an override, one line each:
#   zcat -f tetragon.log* | jq -r -f kills.jq
# The event says what the policy asked for. Whether it happened, tetratop says: tetratop kills --input-file tetragon.log
to_entries[]
| select(.key | startswith("process_"))
| .value as $event
| select($event.action == "KPROBE_ACTION_SIGKILL" or $event.action == "KPROBE_ACTION_SIGNAL"
    or $event.action == "KPROBE_ACTION_OVERRIDE" or $event.action == "KPROBE_ACTION_NOTIFYENFORCER")
| [$event.action | ltrimstr("KPROBE_ACTION_")]
  + [$event.policy_name // "", ($event.process.pod | if . then "\(.namespace)/\(.name)" else "" end),
     $event.process.binary // "", $event.process.arguments // "", $event.function_name // ""]
| @tsv
