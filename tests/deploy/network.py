"""A network of the test's own: names that are answered by DNS, and certificates for them."""

import http.server
import os
import shutil
import socketserver
import ssl
import subprocess
import sys
import threading

NEEDS_ROOT = "Only root may enter a file tree of its own. Run this as root, or leave it out with: ctest -LE root"
ADDRESS = bytes([127, 0, 0, 1])


def require_root():
    if os.geteuid() != 0:
        sys.exit(NEEDS_ROOT)


def enter():
    """Goes on in a network name space with nothing in it but a loopback."""
    require_root()
    if os.environ.get("TTI_TEST_NETWORK") != "own":
        os.environ["TTI_TEST_NETWORK"] = "own"
        os.execvp("unshare", ["unshare", "--net", "--mount", sys.executable, *sys.argv])
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)


class Names(socketserver.BaseRequestHandler):
    """Every name is this machine; RFC 1035, as far as a question for one name goes."""

    def handle(self):
        question, answer_to = self.request
        end = question.index(0, 12) + 5
        address = question[end - 4:end - 2] == b"\0\1"
        header = question[:2] + b"\x85\x80\0\1" + (b"\0\1" if address else b"\0\0") + b"\0\0\0\0"
        record = b"\xc0\x0c\0\1\0\1\0\0\0\1\0\4" + ADDRESS if address else b""
        answer_to.sendto(header + question[12:end] + record, self.client_address)


def answer_names():
    server = socketserver.ThreadingUDPServer(("127.0.0.1", 53), Names)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class Authority:
    """Signs certificates that no machine trusts by itself."""

    def __init__(self, folder):
        self.folder, self.certificate = folder, folder / "authority.crt"
        self.openssl("req", "-x509", *self.new_key("authority"), "-out", self.certificate, "-days", "2", "-subj", "/CN=Test authority")

    def issue(self, name):
        """Paths of certificate and key."""
        request, extension, certificate = (self.folder / f"{name}.{kind}" for kind in ("csr", "ext", "crt"))
        extension.write_text(f"subjectAltName=DNS:{name}\n", encoding="utf-8")
        self.openssl("req", "-new", *self.new_key(name), "-out", request, "-subj", f"/CN={name}")
        self.openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.folder / "authority.key",
                     "-CAcreateserial", "-out", certificate, "-days", "2", "-extfile", extension)
        return certificate, self.folder / f"{name}.key"

    def new_key(self, name):
        return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", self.folder / f"{name}.key"]

    @staticmethod
    def openssl(*arguments):
        subprocess.run([shutil.which("openssl"), *arguments], check=True, capture_output=True)


class HttpsServer:
    """Answers every POST with `body`, and remembers what was asked."""

    def __init__(self, certificate, key, body):
        asked = self.asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                asked.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
