"""Undo files in S3, as moto simulates it: written before anything goes, played back, refused where they are not whole."""

import json
import logging
import os
import stat
import sys
import time
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "backup"))

import boto3  # noqa: E402
from deployments import Deployment, Postgres, encode, generate  # noqa: E402
from moto.server import DomainDispatcherApplication, create_backend_app  # noqa: E402
from threading import Thread  # noqa: E402
from werkzeug.serving import make_server  # noqa: E402

BINARY = Path(sys.argv.pop(1)).resolve()
SECRET = "hush-hush-hush"
KEYS = {"AWS_ACCESS_KEY_ID": "tests", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": "eu-west-1", "AWS_MAX_ATTEMPTS": "2"}
WRITES = {"PUT", "POST", "DELETE"}
APPLICATIONS = 12
ROWS = f"""INSERT INTO applications (id, created_at, updated_at, deleted_at, application_id)
    SELECT md5(n::text)::uuid, '2020-01-01', '2020-01-01', '2020-01-02', 'app-' || n FROM generate_series(1, {APPLICATIONS}) n;
    INSERT INTO end_devices (id, created_at, updated_at, application_id, device_id)
    SELECT md5('d' || application_id)::uuid, '2020-01-01', '2020-01-01', application_id, E'tank\\t\\\\#' FROM applications"""
CLEANUP = ("is-db", "cleanup", "--yes", "--batch=5")
PURGE = ("dcs-db", "purge", "--yes")


class Store:
    """A simulated S3 that notes what is asked of it, and answers some of it with an error."""

    def __init__(self):
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self.application = DomainDispatcherApplication(create_backend_app)
        self.server = make_server("127.0.0.1", 0, self, threaded=True)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.error, self.requests = None, []
        Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def __call__(self, environment, start_response):
        method, path = environment["REQUEST_METHOD"], environment["PATH_INFO"]
        self.requests.append((method, path))
        if self.error and method in WRITES:
            status, code = self.error
            start_response(status, [("Content-Type", "application/xml")])
            return [f"<Error><Code>{code}</Code><Message>as the test says</Message></Error>".encode()]
        return self.application(environment, start_response)


def setUpModule():  # noqa: N802
    InStore.start()


class InStore(unittest.TestCase):
    """All share one store, one database and one Redis."""

    @classmethod
    def start(cls):
        cls.store = Store()
        unittest.addModuleCleanup(cls.store.stop)
        cls.variables = {**KEYS, "AWS_ENDPOINT_URL": cls.store.url}
        cls.s3 = boto3.client("s3", endpoint_url=cls.store.url, region_name="eu-west-1", aws_access_key_id="tests", aws_secret_access_key=SECRET)
        cls.s3.create_bucket(Bucket="operations", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        postgres = Postgres.start()
        unittest.addModuleCleanup(postgres.stop)
        cls.deployment = Deployment(BINARY, postgres, "stack")
        unittest.addModuleCleanup(cls.deployment.stop)
        cls.deployment.good("is-db", "migrate")

    def setUp(self):
        self.place = f"s3://operations/{self.id().rsplit('.', 1)[1]}"
        self.store.error = None
        self.sql("TRUNCATE applications, end_devices;" + ROWS)
        with self.deployment.redis.client() as client:
            client("FLUSHALL")
            for n in range(40):
                client("SET", f"ttn:v3:dcs:applications:uid:app-{n}", os.urandom(200))
        self.before = self.deployment.state()

    def sql(self, text):
        return "\n".join(self.deployment.postgres.psql(self.deployment.database, text))

    def left(self):
        return int(self.sql("SELECT count(*) FROM applications"))

    def run_program(self, *words, **more):
        return self.deployment.run(*words, **self.variables, **more)

    def good(self, *words):
        return self.deployment.good(*words, **self.variables)

    def refused(self, code, *words, **more):
        done = self.run_program(*words, **more)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stderr

    def result(self, *words):
        return json.loads(self.good(*words, "--output=json").splitlines()[-1])

    def files(self):
        """Undo file -> its objects in order."""
        files = {}
        for entry in self.s3.list_objects_v2(Bucket="operations", Prefix=self.place.removeprefix("s3://operations/") + "/").get("Contents", []):
            name, number = entry["Key"].rsplit("/", 1)
            files.setdefault(f"s3://operations/{name}", []).append(number)
        return files

    def object(self, file, number):
        return {"Bucket": "operations", "Key": f"{file.removeprefix('s3://operations/')}/{number:08}"}

    def purge(self):
        return self.result(*PURGE, f"--undo-to={self.place}")["undo_file"]

    def assert_as_before(self):
        self.assertTrue(self.deployment.state() == self.before, "rows or keys are not as they were")


class GoAndComeBack(InStore):
    def test_rows(self):
        told = self.result(*CLEANUP, f"--undo-to={self.place}")
        file = told["tenants"]["default"]["undo_file"]
        self.assertEqual(self.files(), {file: ["00000001", "00000002", "00000003", "00000004"]})
        self.assertEqual(self.left(), 0)
        self.good("is-db", "restore", f"--from={file}")
        self.assert_as_before()
        self.result(*CLEANUP, f"--undo-to={self.place}")
        self.good("restore", file)
        self.assert_as_before()

    def test_keys(self):
        file = self.purge()
        self.assertEqual(list(self.files()), [file])
        self.assertEqual(self.deployment.keys(), {})
        self.good("restore", file + "/")
        self.assert_as_before()

    def test_records_of_devices(self):
        with self.deployment.redis.client() as client:
            client.load([b"".join(encode(*command) for command in generate("ns-devices", ["--devices", "20"]))])
        self.before = self.deployment.state()
        told = self.result("ns-db", "cleanup", "--yes", "--max-delete=100%", f"--undo-to={self.place}")
        self.assertEqual(told["removed"]["end devices"], 20)
        self.good("restore", told["undo_file"])
        self.assert_as_before()

    def test_what_changes_after_it_was_sent_is_sent_anew(self):
        running = self.deployment.start(*PURGE, f"--undo-to={self.place}", TTI_LW_PAUSE_AT="before unlink", **self.variables)
        self.addCleanup(running.kill)
        while running.poll() is None and not self.files():
            time.sleep(0.02)
        with self.deployment.redis.client() as client:
            client("SET", "ttn:v3:dcs:applications:uid:app-1", "changed")
            client("DEL", "ttn:v3:dcs:applications:uid:app-2")
        after = self.deployment.keys()
        _, told = running.communicate(timeout=60)
        self.assertEqual(running.returncode, 0, told)
        self.assertEqual(self.deployment.keys(), {})
        [file] = self.files()
        taken_back = self.s3.get_object(**self.object(file, 1))["Body"].read()
        self.assertEqual(taken_back.count(b"\n"), 1, taken_back)
        self.good("restore", file)
        self.assertEqual(self.deployment.keys(), after)

    def test_a_large_batch_in_parts(self):
        with self.deployment.redis.client() as client:
            client("SET", "ttn:v3:dcs:applications:uid:large", os.urandom(17 << 20))
        self.before = self.deployment.state()
        file = self.purge()
        tags = [self.s3.head_object(**self.object(file, int(number)))["ETag"] for number in self.files()[file]]
        self.assertIn('-2"', " ".join(tags))
        self.good("restore", file)
        self.assert_as_before()

    def test_in_a_folder_they_are_the_same_file(self):
        file = self.purge()
        copy = self.deployment.folder / "copy.undo"
        copy.write_bytes(b"".join(self.s3.get_object(**self.object(file, int(number)))["Body"].read() for number in self.files()[file]))
        self.good("restore", copy)
        self.assert_as_before()

    def test_encrypted_as_asked_for(self):
        file = self.result(*PURGE, f"--undo-to={self.place}", "--s3-encryption=aws:kms:alias/undo")["undo_file"]
        for number in self.files()[file]:
            there = self.s3.head_object(**self.object(file, int(number)))
            self.assertEqual((there["ServerSideEncryption"], there["SSEKMSKeyId"]), ("aws:kms", "alias/undo"))

    def test_what_is_told_names_the_place_and_no_secret(self):
        planned = self.good(*PURGE, f"--undo-to={self.place}", "--dry-run")
        self.assertIn(f"What goes is kept below {self.place}", planned)
        told = self.good(*CLEANUP, f"--undo-to={self.place}")
        [file] = self.files()
        self.assertIn(f"tti-lw-stack is-db restore --from={file}", told)
        journal = self.sql("SELECT command, to_json(o) FROM tti.operations o ORDER BY id DESC LIMIT 1")
        self.assertIn(f"--undo-to={self.place}", journal)
        content = b"".join(self.s3.get_object(**self.object(file, n))["Body"].read() for n in (1, 2, 3, 4)).decode()
        for text in (planned, told, journal, content):
            self.assertNotIn(SECRET, text)

    def test_a_dry_run_writes_nothing_there(self):
        self.store.requests.clear()
        for words in (CLEANUP, PURGE):
            self.good(*words, f"--undo-to={self.place}", "--dry-run")
        self.assertEqual([request for request in self.store.requests if request[0] in WRITES], [])
        self.assert_as_before()


class Killed(InStore):
    def killed(self, words, point):
        killed = self.run_program(*words, f"--undo-to={self.place}", TTI_LW_FAIL_AT=point)
        self.assertEqual(killed.returncode, -9, killed.stderr)
        self.deployment.forget_locks()

    def finish(self, words):
        """The same again, then all that the two have written down comes back."""
        self.good(*words, f"--undo-to={self.place}")
        files = self.files()
        self.assertEqual(len(files), 2)
        for file in files:
            self.good("restore", file)
        self.assert_as_before()

    def test_between_upload_and_commit(self):
        self.killed(CLEANUP, "before cleanup commit:2")
        self.assertEqual(list(self.files().values()), [["00000001", "00000002"]])
        self.assertEqual(self.left(), APPLICATIONS - 5)
        self.finish(CLEANUP)
        self.assertEqual(self.left(), APPLICATIONS)

    def test_between_upload_and_removal_of_keys(self):
        self.killed(PURGE, "before unlink")
        self.assertEqual(list(self.files().values()), [["00000001"]])
        self.assertEqual(self.deployment.keys(), self.before[1])
        self.finish(PURGE)

    def test_before_the_upload(self):
        self.killed(PURGE, "before undo batch end")
        self.assertEqual(self.files(), {})
        self.assertEqual(self.deployment.keys(), self.before[1])

    def test_says_so_when_it_is_played_back(self):
        self.killed(CLEANUP, "after cleanup batch")
        [file] = self.files()
        self.assertIn("ended in the middle", self.run_program("restore", file).stderr)
        self.assert_as_before()


class Refused(InStore):
    def test_an_upload_that_is_not_allowed_changes_nothing(self):
        self.store.error = "403 Forbidden", "AccessDenied"
        for words in (CLEANUP, PURGE):
            told = self.refused(6, *words, f"--undo-to={self.place}")
            self.assertIn(f"cannot write the undo file {self.place}/", told)
            self.assertIn("The caller needs the permission s3:PutObject.", told)
            self.assertIn("stays as it is in the database", told)
        self.assert_as_before()
        self.store.error = None
        self.assertEqual(self.files(), {})

    def test_an_upload_that_fails_again_and_again_changes_nothing(self):
        self.store.error = "500 Internal Server Error", "InternalError"
        for words in (CLEANUP, PURGE):
            self.assertIn("after 2 attempts", self.refused(4, *words, f"--undo-to={self.place}"))
        self.assert_as_before()

    def test_a_store_that_is_away_changes_nothing_and_is_told_in_the_journal(self):
        told = self.deployment.run(*CLEANUP, f"--undo-to={self.place}", **{**self.variables, "AWS_ENDPOINT_URL": "http://127.0.0.1:1"})
        self.assertEqual(told.returncode, 4, told.stderr)
        self.assertIn("cannot write the undo file", told.stderr)
        self.assert_as_before()
        self.assertEqual(self.sql("SELECT outcome FROM tti.operations ORDER BY id DESC LIMIT 1"), "failed")

    def test_a_bucket_that_is_not_there_is_named(self):
        told = self.refused(1, *PURGE, "--undo-to=s3://nowhere/undo")
        self.assertIn("s3://nowhere/undo/", told)
        self.assertIn("NoSuchBucket", told)
        self.assert_as_before()

    def test_a_file_that_is_not_whole_is_not_played_back(self):
        [file] = {self.result(*CLEANUP, f"--undo-to={self.place}")["tenants"]["default"]["undo_file"]}
        after = self.deployment.state()
        second = self.object(file, 2)
        content = self.s3.get_object(**second)["Body"].read()

        def refuses(what):
            for words in (("restore", file), ("is-db", "restore", f"--from={file}")):
                told = self.refused(2, *words)
                self.assertIn("is damaged", told)
                self.assertIn(what, told)
            self.assertEqual(self.deployment.state(), after)

        for changed in (content.replace(b"app-6", b"app-x"), content[:-20], content[:content.rfind(b"\\# ")]):
            self.assertNotEqual(changed, content)
            self.s3.put_object(**second, Body=changed)
            refuses(file)
        self.s3.delete_object(**second)
        refuses("object 00000002 is missing")
        self.s3.put_object(**second, Body=content)
        self.good("restore", file)
        self.assert_as_before()

    def test_a_file_that_is_not_there(self):
        self.assertIn(f"there is no undo file {self.place}/x.undo", self.refused(2, "restore", f"{self.place}/x.undo"))

    def test_what_is_no_place(self):
        for words in (("--undo-to=s3://",), (f"--undo-to={self.place}", "--s3-encryption=rot13"), ("--undo-to=undo", "--s3-encryption=AES256")):
            self.refused(2, *PURGE, *words)
        self.assert_as_before()


class Fetched(InStore):
    def test_into_a_file_that_nobody_else_sees(self):
        file = self.result(*CLEANUP, f"--undo-to={self.place}")["tenants"]["default"]["undo_file"]
        running = self.deployment.start("restore", file, TTI_LW_PAUSE_AT="before restore commit", **self.variables)
        self.addCleanup(running.communicate)
        self.addCleanup(running.kill)
        fetched = self.nameless(running)
        self.assertEqual(stat.S_IMODE(fetched.st_mode), 0o600)
        self.assertEqual(fetched.st_nlink, 0)
        self.assertEqual(list(self.deployment.temporary.iterdir()), [])

    def nameless(self, running):
        folder = Path(f"/proc/{running.pid}/fd")
        until = time.monotonic() + 30
        while time.monotonic() < until:
            for each in folder.iterdir():
                try:
                    if os.readlink(each).startswith(str(self.deployment.temporary)):
                        return each.stat()
                except FileNotFoundError:  # closed meanwhile
                    continue
            time.sleep(0.02)
        raise AssertionError("no temporary file is open")


if __name__ == "__main__":
    unittest.main()
