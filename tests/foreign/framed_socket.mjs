// The transport that capnp-es leaves to its user: standard Cap'n Proto framing over a socket, with
// messages queued until they are asked for.
import { Message } from "capnp-es";
import { Message as RpcMessage } from "capnp-es/capnp/rpc";

// Size of the message at the start of these bytes, or 0 as long as its table is not whole.
function sizeOfFirst(bytes) {
  if (bytes.length < 8) return 0;
  const segments = bytes.readUInt32LE(0) + 1;
  const table = 8 * (Math.floor(segments / 2) + 1);
  if (bytes.length < table) return 0;
  let words = 0;
  for (let i = 1; i <= segments; ++i) words += bytes.readUInt32LE(4 * i);
  return table + 8 * words;
}

export class FramedSocket {
  #socket;
  #unread = Buffer.alloc(0);
  #messages = [];
  #asked = [];
  #failure = null;

  constructor(socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (bytes) => this.#arrive(bytes));
    socket.on("error", (error) => this.#end(error));
    socket.on("close", () => this.#end(new Error("the connection is closed")));
  }

  sendMessage(content) {
    const message = new Message();
    message.setRoot(content);
    this.#socket.write(Buffer.from(message.toArrayBuffer()));
  }

  recvMessage() {
    if (this.#messages.length > 0) return Promise.resolve(this.#messages.shift());
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => this.#asked.push({ resolve, reject }));
  }

  close() {
    this.#socket.destroy();
  }

  #arrive(bytes) {
    this.#unread = Buffer.concat([this.#unread, bytes]);
    for (;;) {
      const size = sizeOfFirst(this.#unread);
      if (size === 0 || this.#unread.length < size) return;
      const own = new Uint8Array(this.#unread.subarray(0, size)).buffer;
      this.#unread = this.#unread.subarray(size);
      const content = new Message(own, false).getRoot(RpcMessage);
      if (this.#asked.length > 0) this.#asked.shift().resolve(content);
      else this.#messages.push(content);
    }
  }

  #end(error) {
    this.#failure ??= error;
    for (const waiting of this.#asked.splice(0)) waiting.reject(this.#failure);
  }
}
