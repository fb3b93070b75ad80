"""How a command may end that was disturbed."""

# done, refused by the server, unreachable, locked, refused, partly failed
MAY_END_IN = {0, 1, 4, 5, 6, 7}


def expect_clear_end(case, done, what, codes=frozenset(MAY_END_IN)):
    """Done, or one sentence that says what was wrong, with a hint, and never a surprise."""
    told = f"{what}: exit {done.returncode}: {done.stdout[-500:]}{done.stderr[-1500:]}"
    case.assertIn(done.returncode, codes, told)
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
        case.assertEqual(len(errors), 1, told)
        case.assertRegex(errors[0], r"[^.]$")
        case.assertIn("\nhint: ", done.stderr, told)
        case.assertNotIn("fault of the program", done.stderr, told)
