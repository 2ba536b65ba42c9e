import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { once } from "node:events";

/** A name server on loopback that answers A questions from a table which the test changes. Unknown names do not exist. */
export class DnsServer {
  readonly #socket: Socket;
  readonly #records: Map<string, readonly string[]>;

  private constructor(socket: Socket, records: Map<string, readonly string[]>) {
    this.#socket = socket;
    this.#records = records;
    socket.on("message", (message, from) => {
      this.#answer(message, from);
    });
  }

  static async start(): Promise<DnsServer> {
    const socket = createSocket("udp4");
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    return new DnsServer(socket, new Map());
  }

  get address(): string {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  /** Gives a name its addresses; none at all means that the name does not exist. */
  set(name: string, addresses: readonly string[]): void {
    this.#records.set(name, addresses);
  }

  stop(): void {
    this.#socket.close();
  }

  #answer(message: Buffer, from: RemoteInfo): void {
    const labels: string[] = [];
    let at = 12;
    for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
      labels.push(message.toString("latin1", at + 1, at + 1 + length));
      at += length + 1;
    }
    const question = message.subarray(12, at + 5);
    const asked = message.readUInt16BE(at + 1);
    const addresses = this.#records.get(labels.join(".").toLowerCase()) ?? [];
    const answers = asked === 1 ? addresses : [];
    const head = Buffer.alloc(12);
    message.copy(head, 0, 0, 2);
    // A response, recursion available, with NXDOMAIN for a name without records.
    head.writeUInt16BE(addresses.length > 0 ? 0x8180 : 0x8183, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(answers.length, 6);
    const records = answers.map((address) => {
      const record = Buffer.alloc(16);
      record.writeUInt16BE(0xc00c, 0);
      record.writeUInt16BE(1, 2);
      record.writeUInt16BE(1, 4);
      record.writeUInt16BE(4, 10);
      Buffer.from(address.split(".").map(Number)).copy(record, 12);
      return record;
    });
    this.#socket.send(Buffer.concat([head, question, ...records]), from.port, from.address);
  }
}
