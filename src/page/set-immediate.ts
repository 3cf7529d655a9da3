/** Node's `setImmediate` for the page's bundle: after all that is ready now. Timers are held back in hidden tabs; this is not. */
const tasks: (() => void)[] = [];
const channel = new MessageChannel();
channel.port1.onmessage = () => tasks.shift()?.();

export function setImmediate(task: () => void): void {
  tasks.push(task);
  channel.port2.postMessage(undefined);
}
