// A till and a gate written against the schemas alone, with capnp-es over node's own TLS. Prints
// what it was told as lines of name=value; whoever started it judges them. Its one argument is a
// JSON file: port, model, authority, terminals, faces.
import fs from "node:fs";
import tls from "node:tls";
import { Conn } from "capnp-es";
import { FramedSocket } from "./framed_socket.mjs";
import { Entrance } from "./schemas/terminal.js";

const settings = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const tell = (name, value) => console.log(`${name}=${value}`);
setTimeout(() => { tell("error", "no answer in two minutes"); process.exit(1); }, 120_000).unref();

function connect(terminal, more = {}) {
  const files = settings.terminals[terminal];
  return new Promise((resolve, reject) => {
    const socket = tls.connect({
      host: "127.0.0.1", port: settings.port, servername: "localhost",
      ca: fs.readFileSync(settings.authority),
      cert: fs.readFileSync(files.certificate), key: fs.readFileSync(files.key), ...more,
    }, () => resolve(socket));
    socket.on("error", reject);
  });
}

async function session(terminal) {
  const socket = await connect(terminal);
  const connection = new Conn(new FramedSocket(socket));
  connection.onError = () => {};  // whoever waits for an answer learns of it there
  const login = connection.bootstrap(Entrance).login((params) => {
    params._initHello().software = "capnp-es";
  });
  return { socket, login };
}

function fillAttempt(attempt, number) {
  attempt.high = (1_750_000_000_000n << 16n) | 0x7000n;
  attempt.low = (2n << 62n) | BigInt(number);
}

function fillPresence(presence, face) {
  const bytes = fs.readFileSync(settings.faces[face]);
  const probe = presence._initProbe();
  probe.model = settings.model;
  probe._initVector(bytes.length).copyBuffer(bytes);
}

const pay = (checkout, attempt, face, yen) => checkout.pay((params) => {
  fillAttempt(params._initAttempt(), attempt);
  fillPresence(params._initPresence(), face);
  const amount = params._initAmount();
  amount.minor = BigInt(yen);
  amount.currency = 392;
}).promise();

function toldOfPayment({ outcome }) {
  const { approved } = outcome._isApproved ? outcome : {};
  if (approved) return `approved ${approved.purchase} ${approved.amount.minor}`;
  return outcome._isDeclined ? outcome.declined.reason : "unknown";
}

function toldOfGate({ outcome }) {
  if (outcome._isEntered) return "entered";
  if (outcome._isLeft) return `left ${outcome.left.fare.minor}`;
  return outcome._isRefused ? outcome.refused.reason : "unknown";
}

async function till() {
  const { socket, login } = await session("till");
  tell("protocol", socket.getProtocol());
  // Pipelined: the payment leaves before the answer to the login is here.
  const checkout = login.getCheckout();
  const first = await pay(checkout, 1, "rider", 300);
  tell("pay", toldOfPayment(first));
  tell("chain", first.outcome.receipt.chain.toUint8Array().length);
  tell("role", (await login.promise()).welcome.role);
  tell("again", toldOfPayment(await pay(checkout, 1, "rider", 300)));
  tell("conflict", toldOfPayment(await pay(checkout, 1, "rider", 301)));
  tell("stranger", toldOfPayment(await pay(checkout, 2, "stranger", 300)));
  socket.destroy();

  const later = await session("till");
  const asked = later.login.getCheckout().status((params) => fillAttempt(params._initAttempt(), 1));
  const status = await asked.promise();
  tell("status", toldOfPayment(status));
  try {
    await later.login.getGate().enter((params) => {
      fillAttempt(params._initAttempt(), 9);
      fillPresence(params._initPresence(), "rider");
    }).promise();
    tell("tillAtGate", "admitted");
  } catch {
    tell("tillAtGate", "impossible");
  }
  later.socket.destroy();
}

async function gates() {
  const pass = async (terminal, method, attempt) => {
    const { socket, login } = await session(terminal);
    const answer = await login.getGate()[method]((params) => {
      fillAttempt(params._initAttempt(), attempt);
      fillPresence(params._initPresence(), "rider");
    }).promise();
    socket.destroy();
    return toldOfGate(answer);
  };
  tell("enter", await pass("gate-a", "enter", 1));
  tell("leave", await pass("gate-b", "leave", 1));
}

async function oldProtocol() {
  try {
    (await connect("till", { maxVersion: "TLSv1.2" })).destroy();
    tell("tls12", "accepted");
  } catch (error) {
    tell("tls12", error.code);
  }
}

try {
  await till();
  await gates();
  await oldProtocol();
  tell("finished", "yes");
  process.exit(0);
} catch (error) {
  tell("error", String(error?.stack ?? error).replaceAll("\n", " "));
  process.exit(1);
}
