"""The cleanup commands on real records, with the Identity Server's own database."""

import subprocess

import pack
from pack import EXPECTED, PACK, PackTest
from servers import Postgres


class Cleanups(PackTest):
    @classmethod
    def setUpClass(cls):
        cls.postgres = Postgres.start()
        cls.addClassCleanup(cls.postgres.stop)

    def setUp(self):
        super().setUp()
        self.postgres.create_database("pack")
        self.addCleanup(self.postgres.drop_database, "pack")
        self.environment["TTN_LW_IS_DATABASE_URI"] = self.postgres.uri("pack")
        self.run_program("is-db", "migrate", "--yes")
        subprocess.run([*self.postgres.psql_command("pack", "postgres"), "-f", str(PACK / "identity_server.sql")],
                       check=True, stdout=subprocess.DEVNULL)

    def ids(self, prefix):
        return set(self.values(prefix))

    def run_cleanup(self, group):
        """Nothing goes in a dry run; three times 5 % are stale here, which is said to be meant."""
        before = self.keys()
        self.run_program(group, "cleanup", "--dry-run", "--max-delete=100%", "--no-undo")
        self.assertEqual(self.keys(), before)
        self.run_program(group, "cleanup", "--yes", "--max-delete=100%", "--no-undo")
        return before - self.keys()

    def test_the_guard_stops_where_too_much_is_stale(self):
        before = self.keys()
        self.run_program("ns-db", "cleanup", "--yes", "--no-undo", exit_code=6)
        self.assertEqual(self.keys(), before)

    def test_network_server(self):
        gone = self.run_cleanup("ns-db")
        self.assertEqual(self.ids("ns:devices:uid:"), set(EXPECTED["ns"]["devices"]["live"]))
        self.assertTrue(all(":ns:" in key for key in gone), gone)

    def test_application_server(self):
        gone = self.run_cleanup("as-db")
        known = EXPECTED["as"]
        self.assertEqual(self.ids("as:devices:uid:"), set(known["devices"]["live"]))
        for kind, place in (("webhooks", "as:io:webhooks:uid:"), ("pubsubs", "as:io:pubsub:uid:")):
            self.assertEqual(self.ids(place) & strings(known[kind]), kept(known[kind]), kind)
        packages = kept(known["package_default_associations"]) | kept(known["package_device_associations"])
        self.assertEqual(self.ids("as:io:applicationpackages:uid:") & (packages | strings(known["package_default_associations"])
                         | strings(known["package_device_associations"])), packages)
        self.assertTrue(all(":as:" in key for key in gone), gone)

    def test_join_server(self):
        gone = self.run_cleanup("js-db")
        self.assertEqual(self.ids("js:devices:uid:"), set(EXPECTED["js"]["devices"]["live"]))
        settings = EXPECTED["js"]["activation_settings"]
        self.assertEqual(self.ids("js:application-activation-settings:uid:"), kept(settings))
        of_live = {euis for euis, pair in EXPECTED["js"]["session_keys"].items()
                   if pair["device"] in EXPECTED["js"]["devices"]["live"]}
        left = {key.rsplit(":", 1)[0] for key in self.ids("js:keys:id:")}
        self.assertLessEqual(of_live, left, "session keys of live devices stay")
        self.assertEqual({euis for euis in left if EXPECTED["js"]["session_keys"][euis]["device"] in
                          EXPECTED["js"]["devices"]["stale"]}, set(), "session keys of stale devices go")
        self.assertTrue(all(":js:" in key for key in gone), gone)


def kept(kinds):
    """A soft-deleted application still counts as there."""
    return set(kinds["live"]) | set(kinds.get("of_soft_deleted_application", []))


def strings(kinds):
    return kept(kinds) | set(kinds["stale"])


if __name__ == "__main__":
    pack.main()
