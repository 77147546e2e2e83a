import { createServer, connect, type AddressInfo, type Socket } from "node:net";

export interface CutWire {
  origin: string;
  /** `before`: the next request is lost on its way. `after`: it arrives and is done, its answer is lost. */
  cutNext(when: "before" | "after"): void;
  close(): Promise<void>;
}

/** A wire to a server on this machine whose sockets can be cut, so that a reset is a real one. */
export async function createCutWire(target: string): Promise<CutWire> {
  const { port } = new URL(target);
  const sockets = new Set<Socket>();
  let cut: "before" | "after" | null = null;
  const server = createServer((near) => {
    const far = connect(Number(port), "127.0.0.1");
    const end = () => {
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", end);
      socket.on("close", () => {
        sockets.delete(socket);
        end();
      });
    }
    const pass = (when: "before" | "after", to: Socket) => (bytes: Buffer) => {
      if (cut !== when) return void to.write(bytes);
      cut = null;
      near.resetAndDestroy();
      far.destroy();
    };
    near.on("data", pass("before", far));
    far.on("data", pass("after", near));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cutNext(when) {
      cut = when;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
