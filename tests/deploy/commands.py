"""Whether command lines are good: with no server in reach a good one ends as unreachable or due, and a bad one as usage."""

import socket
import subprocess

DUE, UNREACHABLE = 3, 4


class Nowhere:
    """An address of this machine where nobody listens."""

    def __enter__(self):
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.socket.getsockname()[1]}"
        return self

    def __exit__(self, *_):
        self.socket.close()

    def run(self, program, words, **environment):
        nobody = {"PATH": "/usr/bin", "HOME": "/nonexistent", "TTN_LW_IS_DATABASE_URI": f"postgresql://nobody:none@{self.address}/none",
                  "TTN_LW_REDIS_ADDRESS": self.address, "AWS_ENDPOINT_URL": f"http://{self.address}", "AWS_REGION": "eu-west-1",
                  "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}
        return subprocess.run([program, *words], env={**nobody, **environment}, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=60, check=False)


def complaints(program, command_lines, **environment):
    """What the program says to those that it does not take."""
    with Nowhere() as nowhere:
        done = [(words, nowhere.run(program, words, **environment)) for words in command_lines]
    return [f"{words}: {each.stderr}" for words, each in done if each.returncode not in (DUE, UNREACHABLE)]
