"""This end goes away and comes back, two people start the same, somebody asks for an end."""

import signal
from concurrent.futures import ThreadPoolExecutor

from cases import HELD, MIGRATED, OnAws, PREFIX, told
from deployed import until
from process import INTERRUPT, run_on_terminal

LOCKED, INTERRUPTED, KILLED = 5, 130, 137


class Watched(OnAws):
    def attach(self, task, *words):
        return self.deployed.run("ecs", "attach", task["id"], "--ecs", PREFIX, *words)

    def test_this_end_is_killed_and_attached_again(self):
        self.aws.conduct(**HELD)
        process = self.begin("is-db", "migrate")
        task = self.frozen_task(process)
        process.kill()
        process.wait()
        self.thaw(task)
        done = self.attach(task)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.migrations(), MIGRATED)
        self.assertEqual(len(self.aws.tasks()), 1)
        # All of it is shown, from the beginning, as where it had ended without anybody watching.
        again = self.attach(task)
        self.assertEqual((again.returncode, again.stdout, told(again.stderr)), (0, done.stdout, told(done.stderr)))
        self.assertIn("Plan: migrate the Identity Server database", done.stdout + done.stderr)

    def test_the_exit_code_of_a_failed_command_comes_by_attaching(self):
        detached = self.ecs("--detach", "is-db", "create-tenant", "--id=-")
        self.assertEqual(detached.returncode, 0, detached.stderr)
        task = self.aws.tasks()[0]
        self.assertIn(task["id"], detached.stdout + detached.stderr)
        done = self.attach(task)
        self.assertEqual(done.returncode, 2, done.stderr)

    def test_two_people_start_the_same(self):
        self.aws.conduct(**HELD)
        first = self.begin("is-db", "migrate")
        holder = self.frozen_task(first)
        second = self.ecs("is-db", "migrate")
        self.assertEqual(second.returncode, LOCKED, second.stderr)
        self.assertIn(holder["id"], second.stderr)
        self.thaw(holder)
        _, stderr = first.communicate(timeout=300)
        self.assertEqual(first.returncode, 0, stderr)
        self.assertEqual(self.migrations(), MIGRATED)
        self.assertEqual(sorted(one["exit_code"] for one in self.aws.tasks()), [0, LOCKED])

    def test_an_end_that_is_asked_for_stops_the_task_at_a_safe_point(self):
        self.aws.conduct(**HELD)
        process = self.begin("is-db", "migrate")
        frozen = self.frozen_task(process)
        process.send_signal(signal.SIGINT)
        until(lambda: self.requests("StopTask"))
        self.thaw(frozen)
        _, stderr = process.communicate(timeout=300)
        self.assertEqual(process.returncode, INTERRUPTED, stderr)
        task = self.aws.tasks()[0]
        self.assertEqual((task["stop_code"], task["exit_code"]), ("UserInitiated", INTERRUPTED))
        self.assertEqual(len(self.requests("StopTask")), 1)
        self.aws.conduct()
        done = self.ecs("is-db", "migrate")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.migrations(), MIGRATED)

    def on_terminal(self, answer):
        """Asks for an end in the middle of the command. The screen's end comes with result()."""
        self.aws.conduct(**HELD)
        pool = ThreadPoolExecutor(1)
        self.addCleanup(pool.shutdown)
        command = [self.deployed.binary, "--ecs", PREFIX, "is-db", "migrate"]
        screen = pool.submit(run_on_terminal, command, folder=self.deployed.folder, environment=self.deployed.operator(),
                             answers=[("done  ", INTERRUPT), ("Stop task", answer)], timeout=300)
        return screen, self.frozen_task()

    def test_who_agrees_on_a_terminal_stops_the_task(self):
        screen, task = self.on_terminal("yes")
        until(lambda: self.requests("StopTask"))
        self.thaw(task)
        done = screen.result()
        self.assertEqual((done.status, self.aws.tasks()[0]["exit_code"]), (INTERRUPTED, INTERRUPTED), done.screen)
        self.assertNotEqual(self.migrations(), MIGRATED)

    def test_who_does_not_agree_leaves_and_the_task_goes_on(self):
        screen, task = self.on_terminal("no")
        done = screen.result()
        self.assertEqual(done.status, INTERRUPTED, done.screen)
        self.assertIn(f"tti-lw-stack ecs attach {task['id']}", done.screen)
        self.thaw(task)
        attached = self.attach(task)
        self.assertEqual((attached.returncode, self.migrations()), (0, MIGRATED), attached.stderr)
        self.assertEqual(self.requests("StopTask"), [])

    def test_a_time_limit_and_what_does_not_end_within_its_stop_time_out(self):
        self.aws.conduct(stop_timeout=0.1, **HELD)
        process = self.begin("--timeout", "1s", "is-db", "migrate")
        self.frozen_task(process)
        _, stderr = process.communicate(timeout=300)
        self.assertEqual(process.returncode, KILLED, stderr)
        self.assertIn("since its time-out of 1 s is over", stderr)
        self.assertIn("did not end within its stop time-out and was killed", stderr)
        self.assertEqual(self.aws.tasks()[0]["stop_code"], "UserInitiated")
