import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a server on loopback that can be cut at a word of its client's. */
export interface Gate {
  port: number;
  /** Cuts the connection that next says `word`: `pass` lets the word through and cuts at the answer, `drop` does not. */
  cutAt(word: string, how: 'pass' | 'drop'): void;
  stop(): Promise<void>;
}

export async function startGate(to: number): Promise<Gate> {
  const sockets = new Set<Socket>();
  let cut: { word: string; how: 'pass' | 'drop' } | undefined;
  const server = createServer((client) => {
    const beyond = connect(to, '127.0.0.1');
    const both = [client, beyond];
    const end = () => {
      for (const socket of both) socket.destroy();
    };
    let isOver = false;
    for (const socket of both) {
      sockets.add(socket);
      socket.on('error', end);
      socket.on('close', end);
    }
    client.on('data', (bytes) => {
      if (!cut || !bytes.includes(cut.word)) return void beyond.write(bytes);
      const { how } = cut;
      cut = undefined;
      isOver = true;
      if (how === 'drop') return end();
      beyond.write(bytes);
    });
    beyond.on('data', (bytes) => (isOver ? end() : client.write(bytes)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cutAt: (word, how) => {
      cut = { word, how };
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
