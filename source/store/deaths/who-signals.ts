/** The policy that reports who sends SIGKILL and SIGTERM to whom: it only monitors. */
export const whoSignals = `apiVersion: cilium.io/v1alpha1
kind: TracingPolicy
metadata:
  name: who-signals
spec:
  kprobes:
  - call: "security_task_kill"
    syscall: false
    message: "a signal that ends a process"
    args:
    - index: 0
      type: "int32"
      resolve: "tgid"
      label: "target"
    - index: 2
      type: "int"
      label: "signal"
    selectors:
    - matchArgs:
      - index: 2
        operator: "Equal"
        values: ["9", "15"]
`;
