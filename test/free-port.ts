import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

const given = new Set<number>();

/**
 * A port of 127.0.0.1 for a program that cannot choose one itself: nobody listens on it, and nobody in this process was given it before.
 * It lies below the ports that systems hand to outgoing connections (32768 and up on Linux, 49152 and up elsewhere): between this answer
 * and the program's start a connection of any other program would otherwise take it.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    if (given.has(port)) continue;
    given.add(port);
    const server = createServer();
    server.listen(port, "127.0.0.1");
    try {
      await once(server, "listening");
    } catch (problem) {
      if ((problem as NodeJS.ErrnoException).code === "EADDRINUSE") continue;
      throw problem;
    }
    server.close();
    await once(server, "close");
    return port;
  }
}
