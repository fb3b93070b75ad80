"""An archive in S3, as moto simulates it: written, verified, brought back; told apart from what is no archive."""

import logging
import socket
import sys
import time
import unittest
from pathlib import Path

sys.dont_write_bytecode = True

import boto3  # noqa: E402
from deployments import Deployment, Postgres, fill  # noqa: E402
from moto.server import ThreadedMotoServer  # noqa: E402

BINARY = Path(sys.argv.pop(1)).resolve()
KEY = ("--key-from", "env:BACKUP_KEY")
ACCOUNT = {"AWS_ACCESS_KEY_ID": "tests", "AWS_SECRET_ACCESS_KEY": "hush-hush", "AWS_REGION": "eu-west-1", "BACKUP_KEY": "correct horse"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Objects(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        port = free_port()
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
        server.start()
        cls.addClassCleanup(server.stop)
        cls.variables = {**ACCOUNT, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"}
        cls.s3 = boto3.client("s3", endpoint_url=cls.variables["AWS_ENDPOINT_URL"], region_name="eu-west-1", aws_access_key_id="tests",
                              aws_secret_access_key="hush-hush")
        cls.s3.create_bucket(Bucket="backups", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        postgres = Postgres.start()
        cls.addClassCleanup(postgres.stop)
        cls.deployment = Deployment(BINARY, postgres, "stack")
        cls.addClassCleanup(cls.deployment.stop)
        fill(cls.deployment)
        cls.state = cls.deployment.state()

    def good(self, *words):
        return self.deployment.good(*words, **self.variables)

    def names(self, prefix):
        return {entry["Key"].removeprefix(prefix) for entry in self.s3.list_objects_v2(Bucket="backups", Prefix=prefix).get("Contents", [])}

    def test_it_goes_there_and_comes_back(self):
        self.good("backup", "s3://backups/site/monday", *KEY)
        self.assertLessEqual({"manifest.json", "redis.keys", "is.public.dump"}, self.names("site/monday/"))
        self.assertNotIn("unfinished.json", self.names("site/monday/"))
        self.assertIn("came back as they were", self.good("backup", "verify", "s3://backups/site/monday/", *KEY))
        self.deployment.lose()
        self.good("restore", "s3://backups/site/monday", *KEY)
        tables, keys = self.deployment.state()
        self.assertEqual(set(tables) ^ set(self.state[0]), set())
        self.assertEqual(keys, self.state[1])
        again = self.deployment.run("backup", "s3://backups/site/monday", **self.variables)
        self.assertEqual(again.returncode, 6, again.stderr)
        self.assertIn("a whole backup already", again.stderr)

    def test_every_object_is_encrypted_as_asked_for(self):
        self.good("backup", "s3://backups/encrypted", "--s3-encryption=aws:kms:alias/backups")
        names = self.names("encrypted/")
        self.assertIn("manifest.json", names)
        for name in names:
            there = self.s3.head_object(Bucket="backups", Key=f"encrypted/{name}", ChecksumMode="ENABLED")
            self.assertEqual((there["ServerSideEncryption"], there["SSEKMSKeyId"]), ("aws:kms", "alias/backups"), name)
            self.assertTrue(there["ChecksumSHA256"], name)
        for words in (("s3://backups/x", "--s3-encryption=rot13"), ("folder", "--s3-encryption=AES256"), ("s3://Backups/x",)):
            done = self.deployment.run("backup", *words, **self.variables)
            self.assertEqual(done.returncode, 2, done.stderr)

    def test_one_that_was_killed_is_none_and_is_replaced(self):
        killed = self.deployment.run("backup", "s3://backups/killed", TTI_LW_FAIL_AT="before manifest", **self.variables)
        self.assertEqual(killed.returncode, -9, killed.stderr)
        self.assertIn("unfinished.json", self.names("killed/"))
        refused = self.deployment.run("restore", "s3://backups/killed", **self.variables)
        self.assertEqual(refused.returncode, 2, refused.stderr)
        self.good("backup", "s3://backups/killed")
        self.assertIn("manifest.json", self.names("killed/"))
        self.assertNotIn("unfinished.json", self.names("killed/"))

    def test_what_is_there_stays(self):
        self.s3.put_object(Bucket="backups", Key="letters/one.txt", Body=b"dear")
        done = self.deployment.run("backup", "s3://backups/letters", **self.variables)
        self.assertEqual(done.returncode, 6, done.stderr)
        self.assertEqual(self.names("letters/"), {"one.txt"})

    def test_another_archive_below_one_that_was_killed_stays(self):
        self.deployment.run("backup", "s3://backups/below", TTI_LW_FAIL_AT="before manifest", **self.variables)
        self.good("backup", "s3://backups/below/tuesday")
        done = self.deployment.run("backup", "s3://backups/below", **self.variables)
        self.assertEqual(done.returncode, 6, done.stderr)
        self.assertIn("tuesday/", done.stderr)
        self.assertIn("manifest.json", self.names("below/tuesday/"))

    def test_one_whose_place_another_takes_over_gives_up(self):
        first = self.deployment.start("backup", "s3://backups/both", TTI_LW_PAUSE_AT="before manifest", **self.variables)
        while first.poll() is None and "redis.keys" not in self.names("both/"):
            time.sleep(0.05)
        self.s3.put_object(Bucket="backups", Key="both/unfinished.json", Body=b'{"told":"another"}')
        _, told = first.communicate(timeout=60)
        self.assertEqual(first.returncode, 5, told)
        self.assertIn("another backup", told)
        self.assertNotIn("manifest.json", self.names("both/"))

    def test_a_changed_object_is_found(self):
        self.good("backup", "s3://backups/changed")
        content = bytearray(self.s3.get_object(Bucket="backups", Key="changed/redis.keys")["Body"].read())
        content[len(content) // 2] ^= 1
        self.s3.put_object(Bucket="backups", Key="changed/redis.keys", Body=bytes(content))
        done = self.deployment.run("backup", "verify", "s3://backups/changed", **self.variables)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("redis.keys", done.stderr)

    def test_a_bucket_that_is_not_there_is_named(self):
        done = self.deployment.run("backup", "s3://nowhere/x", **self.variables)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("nowhere", done.stderr)


if __name__ == "__main__":
    unittest.main()
