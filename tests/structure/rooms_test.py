"""Rooms depend downwards only, say so in CMake, and are described."""

import re
import sys
import unittest

sys.dont_write_bytecode = True

from repository import ROOT, includes, lines_of, name_of, room_of, rooms, source_files  # noqa: E402

# Lower ranks first; rooms of one rank do not know each other.
RANKS = [["util"], ["http"], ["settings", "postgres", "redis", "grpc", "aws"], ["lorawan", "timeseries"], ["operation"], ["cli"], ["database", "ecs", "undo"],
         ["key_space", "identity_server", "storage_integration", "network_operations_center", "local"],
         ["stale_records"], ["network_server", "application_server", "join_server", "device_claiming_server"], ["memory"],
         ["stack", "doctor", "backup"], ["setup"], ["main"]]
RANK = {room: rank for rank, names in enumerate(RANKS) for room in names}
GENERATED = "embedded"  # headers that the build writes


def declared():
    """Room -> what it may use, from src/CMakeLists.txt, indirect dependencies included."""
    text = (ROOT / "src/CMakeLists.txt").read_text(encoding="utf-8")
    direct = {name: re.findall(r"room_(\w+)", needs) for name, needs in re.findall(r"tti_room\((\w+)([^)]*)\)", text)}

    def closure(room):
        return set(direct[room]).union(*(closure(needed) for needed in direct[room]))

    return {room: closure(room) for room in direct}


class Rooms(unittest.TestCase):
    def used(self):
        for path in source_files():
            for number, target in includes(path):
                room = target.split("/")[0]
                if room != GENERATED:
                    yield f"{name_of(path)}:{number} includes {target}", room_of(path), room

    def test_every_room_has_a_rank(self):
        self.assertEqual([room for room in rooms() if room not in RANK], [])

    def test_includes_name_the_room(self):
        wrong = [where for where, _, room in self.used() if room not in RANK]
        self.assertEqual(wrong, [], "includes are relative to src/")

    def test_includes_go_downwards(self):
        wrong = [where for where, user, room in self.used()
                 if room in RANK and user != room and RANK[room] >= RANK[user]]
        self.assertEqual(wrong, [])

    def test_includes_are_declared(self):
        allowed = declared()
        wrong = [where for where, user, room in self.used()
                 if user != "main" and room in RANK and user != room and room not in allowed[user]]
        self.assertEqual(wrong, [], "src/CMakeLists.txt does not name that room")

    def test_every_room_has_a_readme(self):
        missing = [room for room in rooms() if not (ROOT / "src" / room / "README.md").is_file()]
        self.assertEqual(missing, [])

    def test_readmes_name_files_that_exist(self):
        wrong = []
        for room in rooms():
            folder = ROOT / "src" / room
            text = (folder / "README.md").read_text(encoding="utf-8")
            for name in re.findall(r"`([a-z0-9_/]+\.[ch]pp)`", text):
                if not (folder / name).is_file() and not (ROOT / "src" / name).is_file():
                    wrong.append(f"src/{room}/README.md: {name}")
        self.assertEqual(wrong, [])

    def test_the_way_of_a_command_is_that_of_the_sources(self):
        """ARCHITECTURE.md follows a command through functions and files: each of them is there."""
        text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").split("## Rooms")[0]
        text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
        words = set(re.findall(r"`([^`]+)`", text))
        files = {word for word in words if re.fullmatch(r"[a-z_/]+\.[ch]pp", word)}
        self.assertEqual([name for name in sorted(files) if not (ROOT / "src" / name).is_file()], [])
        sources = "\n".join(path.read_text(encoding="utf-8") for path in source_files())
        names = {word.removesuffix("()").split("::")[-1] for word in words - files if re.fullmatch(r"[\w:]+(\(\))?", word)}
        self.assertGreater(len(names), 20)
        self.assertEqual([name for name in sorted(names) if not re.search(rf"\b{name}\b", sources)], [])

    def test_the_architecture_names_every_room(self):
        text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
        self.assertEqual([room for room in rooms() if f"src/{room}/" not in text], [])

    def test_every_include_exists(self):
        wrong = [f"{name_of(path)}:{number} {target}" for path in source_files() for number, target in includes(path)
                 if not target.startswith(GENERATED) and not (ROOT / "src" / target).is_file()]
        self.assertEqual(wrong, [])


class Surroundings(unittest.TestCase):
    """The process's surroundings are read in few places, so that tests can stand in for them."""

    READS_ENVIRONMENT = re.compile(r"\b(secure_)?getenv\s*\(|\benviron\b")
    # Tests set failure points; the journal names the ECS task; PostgreSQL's own variables have effect as in libpq.
    MAY_READ_ENVIRONMENT = re.compile(r"src/settings/|src/operation/(failure_point|identity)\.cpp|src/postgres/connect\.cpp")

    def test_only_settings_read_the_environment(self):
        wrong = [f"{name_of(path)}:{number}" for path in source_files() for number, line in enumerate(lines_of(path), 1)
                 if self.READS_ENVIRONMENT.search(line.split("//")[0]) and not self.MAY_READ_ENVIRONMENT.match(name_of(path))]
        self.assertEqual(wrong, [])


if __name__ == "__main__":
    unittest.main()
