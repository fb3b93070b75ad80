"""Statements of the migrations that would lock the stack out of a filled table must have an online variant."""

import re
import sys
import unittest

sys.dont_write_bytecode = True

from repository import ROOT, name_of  # noqa: E402

FOLDER = ROOT / "migrations" / "identity_server"


def statements(text):
    return [statement for statement in re.split(r";\s*(?:\n|$)", re.sub(r"--[^\n]*", "", text)) if statement.strip()]


class Migrations(unittest.TestCase):
    def setUp(self):
        self.files = sorted(FOLDER.glob("*.sql"))

    def test_there_are_migrations(self):
        self.assertTrue(self.files, f"no *.sql in {FOLDER}")

    def test_a_name_sorts_by_its_fourteen_digits(self):
        wrong = [name_of(path) for path in self.files if not re.match(r"\d{14}_[0-9a-z_\-]+\.", path.name)]
        self.assertEqual(wrong, [])

    def test_columns_are_added_without_rewriting(self):
        """A default that is not constant, or NOT NULL without a default, rewrites or fails on a filled table."""
        pattern = re.compile(r"ADD COLUMN[^,;]*(DEFAULT\s+\w+\(|NOT NULL(?!\s+DEFAULT)(?![^,;]*DEFAULT))", re.IGNORECASE)
        wrong = [f"{name_of(path)}: {statement.strip()}" for path in self.files
                 for statement in statements(path.read_text(encoding="utf-8")) if pattern.search(statement)]
        self.assertEqual(wrong, [])

    def test_indexes_on_filled_tables_have_an_online_variant(self):
        """An index on a table that was there before must be one that migrations.cpp swaps in by name."""
        swapped = (ROOT / "src/identity_server/migrations.cpp").read_text(encoding="utf-8")
        index = re.compile(r"CREATE (?:UNIQUE )?INDEX\s+(?:IF NOT EXISTS )?(\w+)\s+ON\s+(\w+)", re.IGNORECASE)
        wrong = []
        for path in self.files:
            text = path.read_text(encoding="utf-8")
            for name, table in index.findall(text):
                is_new = re.search(rf"CREATE TABLE (?:IF NOT EXISTS )?{table}\b", text, re.IGNORECASE)
                if not is_new and not re.search(rf'IndexSwap \w+\{{"{table}", "{name}"', swapped):
                    wrong.append(f"{name_of(path)}: index {name} on {table}")
        self.assertEqual(wrong, [])


if __name__ == "__main__":
    unittest.main()
