"""The file tree of the image: what is in it, and the program at work in it, as no root and by its own certificates.

image_test.py PROGRAM
"""

import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.append(str(Path(__file__).resolve().parents[1] / "scenarios"))

import network  # noqa: E402
from redis_server import PASSWORD, Redis  # noqa: E402
from servers import Postgres, free_port, program  # noqa: E402
from tree import ASSEMBLE, TRUSTED, Tree, instruction  # noqa: E402

SECRET = "correct-hush-battery"


def temporary_folder(case):
    folder = tempfile.TemporaryDirectory()
    case.addClassCleanup(folder.cleanup)
    return Path(folder.name)


class Content(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = temporary_folder(cls) / "tree"
        Tree(cls.folder, PROGRAM)

    def files(self, links=False):
        return sorted(path for path in self.folder.rglob("*") if path.is_symlink() == links)

    def test_there_is_one_program_and_no_shell(self):
        programs = [path for path in self.files() if path.is_file() and os.access(path, os.X_OK) and ".so" not in path.name]
        self.assertEqual(programs, [self.folder / "usr/bin/tti-lw-stack"])

    def test_it_is_stripped(self):
        sections = subprocess.run(["readelf", "--section-headers", "--wide", self.folder / "usr/bin/tti-lw-stack"],
                                  capture_output=True, text=True, check=True).stdout
        self.assertIn(".text", sections)
        self.assertNotIn(".symtab", sections)

    def test_only_root_may_write_but_to_tmp_and_its_own_folder(self):
        writable = [path for path in self.files() if path.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH) or path.stat().st_uid != 0]
        own = self.folder / "var/lib/tti-lw-stack"
        self.assertEqual(writable, [self.folder / "tmp", own])
        self.assertEqual(f"{own.stat().st_uid}:{own.stat().st_gid}", instruction("USER"))
        self.assertEqual([path for path in self.files() if path.stat().st_mode & (stat.S_ISUID | stat.S_ISGID)], [])

    def test_it_runs_as_somebody_who_is_known_and_is_not_root(self):
        user, group = instruction("USER").split(":")
        self.assertGreater(int(user), 0)
        self.assertIn(f":x:{user}:{group}:", (self.folder / "etc/passwd").read_text(encoding="utf-8"))

    def test_links_lead_somewhere(self):
        for link in self.files(links=True):
            target = os.readlink(link)
            found = self.folder / target[1:] if target.startswith("/") else link.parent / target
            self.assertTrue(found.exists(), link)

    def test_a_tree_that_is_there_stays(self):
        done = subprocess.run([ASSEMBLE, self.folder, PROGRAM], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("is not empty", done.stderr)


class Work(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = temporary_folder(cls)
        cls.folder.chmod(0o755)  # PostgreSQL reads its certificate here
        names = network.answer_names()
        cls.addClassCleanup(names.server_close)
        cls.addClassCleanup(names.shutdown)
        cls.authority = network.Authority(cls.folder)
        cls.tree = Tree(cls.folder / "tree", PROGRAM, program("pg_dump"), program("pg_restore"))
        cls.tree.trust(cls.authority.certificate)
        cls.stranger = Tree(cls.folder / "stranger", PROGRAM)  # trusts only whom this machine trusts
        cls.postgres = cls.start_postgres()
        cls.addClassCleanup(cls.postgres.stop)
        cls.start_redis()
        cls.settings = cls.all_settings()

    @classmethod
    def start_postgres(cls):
        certificate, key = cls.authority.issue("database.internal")
        shutil.chown(key, "postgres")
        server = Postgres.start(["ssl = on", f"ssl_cert_file = '{certificate}'", f"ssl_key_file = '{key}'"])
        server.create_database("work")
        return server

    @classmethod
    def start_redis(cls):
        certificate, key = cls.authority.issue("redis.internal")
        cls.redis_port = free_port()
        redis = Redis(["--tls-port", str(cls.redis_port), "--tls-cert-file", certificate, "--tls-key-file", key,
                       "--tls-ca-cert-file", cls.authority.certificate, "--tls-auth-clients", "no"])
        cls.addClassCleanup(redis.stop)

    @classmethod
    def all_settings(cls):
        address = cls.postgres.uri("work").replace("127.0.0.1", "database.internal").split("?")[0]
        return {"TTN_LW_IS_DATABASE_URI": f"{address}?sslmode=verify-full&sslrootcert=/{TRUSTED}",
                "TTN_LW_REDIS_ADDRESS": f"redis.internal:{cls.redis_port}", "TTN_LW_REDIS_PASSWORD": PASSWORD,
                "TTN_LW_REDIS_TLS_REQUIRE": "true"}

    def run_in(self, tree, *words, **environment):
        return tree.run("tti-lw-stack", *words, **self.settings, **environment)

    def good(self, *words, **environment):
        done = self.run_in(self.tree, *words, **environment)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_the_command_overrides_work_as_printed(self):
        self.good("is-db", "migrate")
        self.good("js-db", "migrate")
        self.assertGreater(int(self.postgres.psql("work", "SELECT count(*) FROM bun_migrations")[0]), 0)
        self.good("is-db", "status")
        self.good("js-db", "status")

    def test_who_is_signed_by_a_stranger_is_not_trusted(self):
        for words in (("is-db", "migrate"), ("js-db", "migrate")):
            done = self.run_in(self.stranger, *words)
            self.assertEqual(done.returncode, 4, done.stderr)
            self.assertRegex(done.stderr, "certificate")

    def test_secrets_come_over_https(self):
        self.good("is-db", "migrate")
        answer = json.dumps({"SecretString": json.dumps({"client_secret": SECRET})}).encode()
        server = network.HttpsServer(*self.authority.issue("aws.internal"), answer)
        self.addCleanup(server.stop)
        words = ("is-db", "create-oauth-client", "--id=console", "--name=Console", "--secret-from=secretsmanager:console#client_secret")
        account = {"AWS_ENDPOINT_URL": f"https://aws.internal:{server.port}", "AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "tests",
                   "AWS_SECRET_ACCESS_KEY": "hush-hush"}
        self.assertNotEqual(self.run_in(self.stranger, *words, **account).returncode, 0)
        self.assertEqual(server.asked, [])
        self.good(*words, **account)
        self.assertEqual(server.asked, ['{"SecretId":"console"}'])

    def test_a_backup_needs_the_further_programs(self):
        self.good("is-db", "migrate")
        without = Tree(self.folder / "without", PROGRAM)
        without.trust(self.authority.certificate)
        done = self.run_in(without, "backup", "/var/lib/tti-lw-stack/monday")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("pg_dump", done.stderr)
        self.assertEqual(list((without.folder / "var/lib/tti-lw-stack").iterdir()), [])
        self.good("backup", "/var/lib/tti-lw-stack/monday")
        self.assertTrue((self.tree.folder / "var/lib/tti-lw-stack/monday/manifest.json").is_file())


if __name__ == "__main__":
    network.enter()
    PROGRAM = Path(sys.argv.pop(1)).resolve()
    unittest.main()
