"""The Debian package: made of what was built, judged by lintian, installed by dpkg into a root of its own, and removed.

package_test.py BUILD_FOLDER
"""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True

import network  # noqa: E402
from tree import Tree  # noqa: E402

BUILD = Path(sys.argv[1]).resolve()
DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
MAINTAINER = {"DEBFULLNAME": "Somebody", "DEBEMAIL": "somebody@packages.debian.org"}


def run(*words, **options):
    return subprocess.run(words, capture_output=True, text=True, check=True, **options).stdout


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.package = Path(run(DEPLOY / "debian/make-package", BUILD, cls.folder, env={**os.environ, **MAINTAINER}).strip())
        cls.content = {line.split()[5][1:]: line.split() for line in run("dpkg-deb", "--contents", cls.package).splitlines()}
        cls.files = cls.folder / "files"
        run("dpkg-deb", "--extract", cls.package, cls.files)

    def test_lintian_finds_nothing(self):
        done = subprocess.run(["lintian", "--allow-root", "--fail-on", "error,warning", self.package], capture_output=True, text=True, check=False)
        self.assertEqual(done.stdout, "")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_all_belongs_to_root_and_others_may_not_write(self):
        wrong = [line for line in self.content.values() if line[1] != "root/root" or "w" in line[0][4:]]
        self.assertEqual(wrong, [])

    def test_everything_is_where_debian_has_it(self):
        share = "/usr/share"
        for path in ("/usr/bin/tti-lw-stack", f"{share}/bash-completion/completions/tti-lw-stack", f"{share}/zsh/vendor-completions/_tti-lw-stack",
                     f"{share}/fish/vendor_completions.d/tti-lw-stack.fish", "/lib/systemd/system/tti-lw-stack@.service",
                     *(f"{share}/doc/tti-lw-stack/{name}" for name in ("copyright", "changelog.gz", "changelog.Debian.gz"))):
            self.assertIn(path, self.content)
        pages = {path.name for path in (BUILD / "documentation/man").glob("*.1")}
        self.assertGreater(len(pages), 50)
        self.assertEqual({path.name for path in (self.files / "usr/share/man/man1").iterdir()}, {f"{page}.gz" for page in pages})
        units = DEPLOY / "systemd"
        self.assertEqual({path.relative_to(units) for path in units.rglob("*") if path.name != "README.md"},
                         {path.relative_to(self.files / "lib/systemd/system") for path in (self.files / "lib/systemd/system").rglob("*")})

    def test_it_depends_on_the_libraries_that_it_is_linked_with(self):
        depends = {each.split()[0] for each in run("dpkg-deb", "--field", self.package, "Depends").split(", ")}
        self.assertLessEqual({"libc6", "libpq5", "libcurl4", "libssl3", "libhiredis0.14", "libyaml-cpp0.7"}, depends)

    def test_the_man_pages_can_be_read(self):
        page = self.files / "usr/share/man/man1/tti-lw-stack-ns-db-prune.1.gz"
        shown = subprocess.run(["man", "--warnings", "--local-file", page], env={"PATH": "/usr/bin", "MANWIDTH": "80", "LANG": "C.UTF-8"},
                               capture_output=True, text=True, check=True)
        self.assertIn("tti-lw-stack ns-db prune", shown.stdout)
        self.assertEqual(shown.stderr, "")

    def test_the_sample_is_a_configuration(self):
        sample = self.files / "usr/share/doc/tti-lw-stack/examples/ttn-lw-stack.yml"
        settings = run(self.files / "usr/bin/tti-lw-stack", "config", "--env", "--show-secrets", "--config", sample, env={})
        self.assertIn("stack:PASSWORD@localhost:5432/ttn_lorawan", settings)

    def test_dpkg_installs_and_removes_it(self):
        tree = Tree(self.folder / "root", self.files / "usr/bin/tti-lw-stack", "/bin/sh")
        (tree.folder / "usr/bin/tti-lw-stack").unlink()
        (tree.folder / "var/lib/tti-lw-stack").rmdir()
        state = tree.folder / "var/lib/dpkg"
        for name in ("info", "updates"):
            (state / name).mkdir(parents=True)
        (state / "status").touch()
        (tree.folder / "run/systemd/system").mkdir(parents=True)
        (tree.folder / "usr/bin/systemctl").write_text('#!/bin/sh\necho "$@" >>/run/asked\n', encoding="utf-8")
        (tree.folder / "usr/bin/systemctl").chmod(0o755)
        dpkg = [shutil.which("dpkg"), f"--root={tree.folder}", "--log=/dev/null", "--force-depends"]
        run(*dpkg, "--install", self.package)
        self.assertIn("tti-lw-stack", tree.run("tti-lw-stack", "version").stdout)
        run(*dpkg, "--purge", "tti-lw-stack")
        self.assertEqual((tree.folder / "run/asked").read_text(encoding="utf-8"), "--system daemon-reload\n" * 3)
        self.assertEqual([path for path in tree.folder.rglob("*tti-lw-stack*")], [])


if __name__ == "__main__":
    network.require_root()
    sys.argv.pop(1)
    unittest.main()
