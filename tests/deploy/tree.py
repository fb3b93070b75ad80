"""The file tree of the image, made as its Dockerfile has it made, and commands in it as a container engine runs them."""

import re
import shutil
import subprocess
from pathlib import Path

IMAGE = Path(__file__).resolve().parents[2] / "deploy/image"
ASSEMBLE = IMAGE / "assemble"
TRUSTED = "etc/ssl/certs/ca-certificates.crt"
# What an engine adds, in a mount name space that ends with the command.
ENTER = 'mount --bind /dev/null "$0/dev/null"; mount -t proc proc "$0/proc"; exec /usr/sbin/chroot --userspec="$1" "$0" "${@:2}"'


def instruction(name):
    """What stands behind it in the last stage of the Dockerfile."""
    last = (IMAGE / "Dockerfile").read_text(encoding="utf-8").split("FROM scratch")[1]
    [found] = re.findall(rf"^{name}[ =](.*)$", last, re.MULTILINE)
    return found


class Tree:
    def __init__(self, folder, program, *further):
        subprocess.run([ASSEMBLE, folder, program, *further], check=True)
        self.folder = folder

    def run(self, *words, **environment):
        """`words` as in the command override of a task; names are asked of a DNS server on the loopback."""
        (self.folder / "dev/null").touch()
        (self.folder / "etc/resolv.conf").write_text("nameserver 127.0.0.1\n", encoding="utf-8")
        return subprocess.run([shutil.which("unshare"), "--mount", "/bin/bash", "-euc", ENTER, self.folder, instruction("USER"), *words],
                              env={"PATH": instruction("ENV PATH"), **environment},
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)

    def trust(self, certificate):
        with open(self.folder / TRUSTED, "a", encoding="utf-8") as authorities:
            authorities.write(certificate.read_text(encoding="utf-8"))
