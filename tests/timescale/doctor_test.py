"""What doctor says of TimescaleDB: doctor_test.py BINARY MODULES-FOLDER"""

import json
import sys
import unittest

sys.dont_write_bytecode = True

import both  # noqa: E402


class Looker(both.Server):
    GROUP = "doctor"


class Doctor(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = both.Timescale()
        cls.addClassCleanup(cls.server.stop)

    def look(self, code):
        """The findings by check, of the one database that both addresses name."""
        text = Looker(self.server.uri).run("--only", "timescaledb,storage-retention", "--output", "json", code=code,
                                           TTN_LW_AS_PACKAGES_STORAGE_POSTGRES_DATABASE_URI=self.server.uri)
        return {finding["check"]: finding for finding in json.loads(text.splitlines()[-1])["findings"]}

    def setUp(self):
        self.server.clear()
        self.server.run("init", *both.PAGE)

    def test_nothing_is_wrong_with_a_fresh_one(self):
        self.assertEqual(self.look(code=0), {})

    def test_the_mode_for_restoring_is_found_and_left(self):
        self.server.sql("SELECT timescaledb_pre_restore()")
        finding = self.look(code=3)["timescaledb"]
        self.assertEqual(finding["severity"], "error")
        self.assertEqual(finding["evidence"], "timescaledb.restoring = on")
        self.server.sql(finding["mend"]["text"])
        self.assertEqual(self.look(code=0), {})

    def test_a_stopped_policy_is_found(self):
        job = self.server.sql("SELECT job_id FROM timescaledb_information.jobs WHERE proc_name = 'policy_retention'")[0]
        self.server.sql(f"SELECT alter_job({job}, scheduled => false)")
        self.assertIn("its job is stopped", self.look(code=3)["storage-retention"]["problem"])
        self.server.sql(f"SELECT alter_job({job}, scheduled => true)")
        self.assertEqual(self.look(code=0), {})


if __name__ == "__main__":
    unittest.main()
