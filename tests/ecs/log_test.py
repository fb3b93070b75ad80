"""A log is shown line by line, each once, whatever happens to it and to those who read it."""

import re

from cases import OnAws, PREFIX, told
from deployed import until

COMMAND = ("is-db", "migrate")
# The event of `log_gap` tells of this step.
LATE = "20220726093000_membership_views\","
DISTURBED = {
    "not at all": {},
    "late": {"log_delay": 2},
    "in pieces": {"log_piece": 70},
    "in small pages": {"log_page": 2},
    "sent twice": {"log_twice": True},
    "sent twice in pieces": {"log_twice": True, "log_piece": 70},
    "pages overlap": {"log_page": 3, "log_overlap": 2},
    "empty pages": {"log_empty_pages": True, "log_page": 4},
    "a line that comes too late": {"log_gap": 5},
}


def without_times(lines):
    return re.sub(r'"took":"[^"]*"', '"took":"…"', lines if isinstance(lines, str) else "\n".join(lines)).splitlines()


class Shown(OnAws):
    """On a database for each, at the same time."""

    def database(self, name):
        self.deployed.postgres.drop_database(name)
        self.deployed.postgres.create_database(name)
        return self.deployed.postgres.uri(name)

    def test_whatever_happens_to_the_log(self):
        local = self.deployed.run_local(*COMMAND)
        self.assertEqual(local.returncode, 0, local.stderr)
        runs = {}
        for number, (name, values) in enumerate(DISTURBED.items()):
            self.aws.conduct(environment={"TTN_LW_IS_DATABASE_URI": self.database(f"shown_{number}")}, **values)
            runs[name] = (self.begin(*COMMAND), values)
            until(lambda: len(self.aws.tasks()) > number)
        for name, (process, values) in runs.items():
            with self.subTest(name):
                stdout, stderr = process.communicate(timeout=300)
                self.assertEqual((process.returncode, without_times(stdout)), (0, without_times(local.stdout)), stderr)
                wanted = without_times(told(local.stderr))
                if "log_gap" in values:  # it is there, once, when all others are
                    wanted.sort(key=lambda line: LATE in line)
                self.assertEqual(without_times(told(stderr)), wanted)

    def test_lines_of_a_task_that_was_started_by_hand(self):
        """They have no numbers."""
        for name in ("not at all", "in small pages", "pages overlap", "empty pages"):
            with self.subTest(name):
                self.aws.conduct(**DISTURBED[name])
                self.run_by_hand("--help")
                task = until(lambda: [one for one in self.aws.tasks()[-1:] if one["status"] == "STOPPED"])[0]
                done = self.deployed.run("ecs", "logs", task["id"], "--ecs", PREFIX)
                self.assertEqual((done.returncode, done.stdout.splitlines()), (0, task["log"]), done.stderr)
