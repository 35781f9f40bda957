# How often each pod executed each binary:
#   zcat -f tetragon.log* | jq -n -r -f execs-by-pod.jq | sort -rn
reduce (inputs | .process_exec.process // empty) as $process ({};
  .[[$process.pod.namespace // "-", $process.pod.name // "-", $process.binary] | @tsv] += 1)
| to_entries[] | [.value, .key] | "\(.[0])\t\(.[1])"
