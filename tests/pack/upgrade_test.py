"""One upgrade of everything that the real stack wrote."""

import json

import pack
from pack import EXPECTED, NAME_SPACE, PackTest
from servers import Postgres

VERSIONS = {f"{NAME_SPACE}{part}:schema-version" for part in ("dcs", "ns:devices", "ns:application-uplinks", "as", "js:keys")}


class Upgrades(PackTest):
    def setUp(self):
        super().setUp()
        postgres = Postgres.start()
        self.addCleanup(postgres.stop)
        postgres.create_database("pack")
        self.environment["TTN_LW_IS_DATABASE_URI"] = postgres.uri("pack")

    def versions(self):
        return {key for key in VERSIONS if self.ask("GET", key) == b"1"}

    def test_stops_at_what_cannot_be_read_and_continues(self):
        broken = EXPECTED["as"]["undecodable"]
        self.assertTrue(broken)
        said = self.run_program("upgrade", "--yes", exit_code=7)
        for uid in broken:
            self.assertIn(uid, said)
        self.assertIn("done: is-db, dcs-db, ns-db; not done: as-db, js-db", said)
        self.assertEqual(self.versions(), VERSIONS - {f"{NAME_SPACE}as:schema-version", f"{NAME_SPACE}js:keys:schema-version"})

        self.ask("DEL", *(f"{NAME_SPACE}as:devices:uid:{uid}" for uid in broken))
        self.run_program("upgrade", "--yes")
        self.assertEqual(self.versions(), VERSIONS)
        self.assertEqual(len(self.values("js:keys:id:")), EXPECTED["js"]["after_migration"]["js:keys:id"])
        self.assertEqual(json.loads(self.run_results("upgrade", "--dry-run", "--output=json"))["steps"], [])


if __name__ == "__main__":
    pack.main()
