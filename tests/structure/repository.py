"""The files of this repository, for the tests of its structure."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = (".cpp", ".hpp")


def tracked_files():
    """What git knows or would add; a folder without git is walked, build/ aside."""
    listed = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard", "-z"],
                            capture_output=True, check=False)
    if listed.returncode == 0:
        paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:
        paths = [path for path in ROOT.rglob("*") if path.relative_to(ROOT).parts[0] not in ("build", ".git")]
    return sorted(path for path in paths if path.is_file() and not path.is_symlink())


def source_files(folder="src"):
    return [path for path in tracked_files() if path.suffix in SOURCES and path.is_relative_to(ROOT / folder)]


def rooms():
    """Folders of src/ that hold code."""
    return sorted({path.relative_to(ROOT / "src").parts[0] for path in source_files() if path.parent != ROOT / "src"})


def room_of(path):
    parts = path.relative_to(ROOT / "src").parts
    return parts[0] if len(parts) > 1 else "main"


def lines_of(path):
    return path.read_text(encoding="utf-8").splitlines()


def name_of(path):
    return str(path.relative_to(ROOT))


def includes(path):
    """(line number, file) of every include with quotes."""
    for number, line in enumerate(lines_of(path), 1):
        match = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
        if match:
            yield number, match[1]
