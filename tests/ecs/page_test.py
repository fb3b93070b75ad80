"""The page from first to last command through tasks leaves what it leaves where it is run on the databases themselves, and no secret."""

import page
from cases import OnAws, PREFIX
from deployed import ADMIN_PASSWORD, CLIENTS, REDIS_PASSWORD
from servers import PASSWORD as DATABASE_PASSWORD
from traces import found, traces

REFUSED = 6
# Not the same as those which other tests search the process list for.
LITERAL = "literal-hush-0815"
SECRETS = [*(client["client_secret"] for client in CLIENTS.values()), ADMIN_PASSWORD, DATABASE_PASSWORD, REDIS_PASSWORD,
           "simulated-secret-key", "simulated-session-token"]


class Page(OnAws):
    def test_the_end_is_the_same_and_no_secret_is_anywhere(self):
        for words in page.commands(PREFIX):
            done = self.deployed.run_local(*words)
            self.assertEqual(done.returncode, 0, f"{words}: {done.stderr}")
        wanted = page.state(self.deployed)
        self.deployed.fresh()
        said = []
        for words in page.commands(PREFIX):
            done = self.ecs(*words)
            self.assertEqual(done.returncode, 0, f"{words}: {done.stderr}")
            said += [done.stdout, done.stderr]
        self.assertEqual(page.state(self.deployed), wanted)
        self.assertEqual([one["exit_code"] for one in self.aws.tasks()], [0] * len(page.commands(PREFIX)))
        self.assert_secrets_were_used()
        places = traces(self.deployed, said)
        self.assertLessEqual({"request", "answer", "override", "log", "files", "rows", "key", "process", "output"},
                             {where.split()[0] for where, text in places if text})
        self.assertEqual(found(SECRETS, places), [])

    def assert_secrets_were_used(self):
        """By the tasks, and nobody else."""
        given = [one for one in self.aws.record()["requests"] if one["action"] in ("GetSecretValue", "GetParameter")]
        self.assertEqual([one["action"] for one in given], ["GetSecretValue", "GetSecretValue", "GetParameter"])
        for one, secret in zip(given, SECRETS):
            self.assertIn(secret, one["answer"])
            self.assertTrue(one["caller"].startswith("task "), one["caller"])


class Literal(OnAws):
    COMMAND = ("is-db", "create-oauth-client", "--id=console-eu1", f"--secret={LITERAL}", "--redirect-uri=/console/oauth/callback")

    def test_a_secret_in_the_command_line_is_refused(self):
        done = self.ecs(*self.COMMAND)
        self.assertEqual(done.returncode, REFUSED, done.stderr)
        self.assertIn("--secret-from=secretsmanager:", done.stderr)
        self.assertNotIn(LITERAL, done.stdout + done.stderr)
        self.assertEqual(self.requests("RunTask"), [])

    def test_who_insists_can_be_found_by_the_search(self):
        done = self.ecs("--allow-secret-in-override", *self.COMMAND)
        self.assertEqual(done.returncode, 0, done.stderr)
        places = {where.split()[0] for secret, where in found([LITERAL], traces(self.deployed, [done.stdout, done.stderr]))}
        self.assertEqual(places, {"override", "process", "request", "answer"})
