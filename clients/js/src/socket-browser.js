/** A browser's socket; it shows the session cookie, for a browser lets nobody set headers here. */
export function openSocket({ url, onMessage, onEnd }) {
  const address = new URL(url);
  address.protocol = address.protocol.replace("http", "ws");
  const socket = new WebSocket(address);
  socket.onmessage = ({ data }) => onMessage(data);
  socket.onclose = ({ code, reason }) => onEnd({ code, reason });
  return { close: () => socket.close() };
}
