"""Tests of the runner's dealings with Redis: answers, snapshots, what a command sent, and what can be loaded."""

import sys
import unittest

sys.dont_write_bytecode = True

import deployment  # noqa: E402
import messages  # noqa: E402
from parse import ScenarioError, parse_text  # noqa: E402
from place import Place  # noqa: E402
from runner import Runner  # noqa: E402

CLI = "$ redis-cli -s ${redis_socket} "


def run(text, needs="redis", options=""):
    scenario = parse_text("selftest.scenario", f"# A trial.\nneeds: {needs}\n{options}{text}")
    place = Place(scenario, "/bin/true", None)
    try:
        Runner(scenario, place).run()
    finally:
        place.take_down()


class Servers(unittest.TestCase):
    def assert_fails(self, part, text):
        with self.assertRaises(ScenarioError) as raised:
            run(text)
        self.assertIn(part, str(raised.exception))

    def test_answers(self):
        run("redis exec:\n| RPUSH list a 'b c'\nredis: LRANGE list 0 -1\n| a\n| b c\neventually redis: LLEN list\n| 2\n"
            "let length = redis: LLEN list\nredis: ECHO ${length}\n| 2\n")
        self.assert_fails("- b\n+ a", "redis: ECHO a\n| b\n")
        self.assert_fails("WRONGTYPE", "redis exec: SET a b\nredis exec: LPUSH a b\n")

    def test_the_program_is_told_the_server(self):
        run("$ sh -c 'test -S $TTN_LW_REDIS_ADDRESS && test -n \"$TTN_LW_REDIS_PASSWORD\"'\n")
        self.assert_fails("is shown", "$ sh -c 'echo $TTN_LW_REDIS_PASSWORD'\n")

    def test_unchanged_sees_every_change(self):
        filled = "redis exec:\n| SET a b\n| SADD s x\n| HSET h f v\n| ZADD z 1 m\n| RPUSH l x\n| XADD x 1-1 f v\n| SELECT 3\n| SET c d\n"
        for change in ("SET a c", "SADD s y", "HSET h f w", "ZADD z 2 m", "RPUSH l y", "XADD x '*' f v", "XTRIM x MAXLEN 0",
                       "EXPIRE a 100", "DEL a", "SET new x", "-n 3 SET c e", "XGROUP CREATE x ns 0"):
            self.assert_fails("the database changed", f"{filled}{CLI}{change}\nunchanged\n")
        run(f"{filled}{CLI}GET a\nunchanged strictly\n")

    def test_unchanged_leaves_out_our_own_keys_unless_strict(self):
        run(CLI + "SET ttn:v3:tti:lock:ns x\nunchanged\n")
        self.assert_fails("the database changed", CLI + "SET ttn:v3:tti:lock:ns x\nunchanged strictly\n")
        self.assert_fails("the database changed", CLI + "SET ttn:v3:ns:tti x\nunchanged\n")

    def test_what_was_sent(self):
        run(CLI + "GET a\nsends GET\nsends no write\nsends at most 1 GET\nsends no SET\n")
        self.assert_fails("Redis was sent SET", CLI + "SET a b\nsends no write\n")
        self.assert_fails("Redis was sent DEL", CLI + "EVAL \"redis.call('DEL', 'a')\" 0\nsends no write\n")
        self.assert_fails("Redis was sent no XTRIM", CLI + "GET a\nsends XTRIM\n")
        self.assert_fails("Redis was sent 1 GET", CLI + "GET a\nsends at most 0 GET\n")

    def test_options_replica_and_cluster(self):
        run("redis: CONFIG GET maxmemory\n| maxmemory\n| 1048576\n", options="redis option: --maxmemory 1mb\n")
        run("$ redis-cli -s ${redis_replica} SET a b\nstdout contains: READONLY\n", "redis-replica")
        run("$ redis-cli -s ${redis_cluster} INFO cluster\nstdout contains: cluster_enabled:1\n", "redis-cluster")
        run("$ redis-cli -p ${redis_port} PING\nstdout contains: PONG\n", "redis-tcp")


class Loading(unittest.TestCase):
    def test_every_generator_loads(self):
        for name in deployment.GENERATORS:
            run(f"load redis: {name}\nredis: EXISTS nothing\n| 0\n")

    def test_options_and_unknown_names(self):
        run("load redis: js-devices --devices 2 --namespace a:b\nredis: KEYS a:b:js:devices:uid:*\n"
            "| a:b:js:devices:uid:app-[..]\n| a:b:js:devices:uid:app-[..]\n")
        with self.assertRaises(ScenarioError):
            run("load redis: nothing\n")

    def test_streams_are_delivered_as_asked(self):
        run("load redis: legacy-uplinks --streams 1 --entries 10 --delivered 6 --pending 2\n"
            "redis: XPENDING ttn:v3:ns:application-uplinks:uid:app-0:uplinks ns\n"
            "| 2\n| 1600000000000-5\n| 1600000000000-6\n| host:1:0\n| 2\n")

    def test_messages_are_those_of_the_facts(self):
        """The sessions of the first test vector, without the times of their start."""
        session = messages.field(2, b"\1\2\3\4") + messages.field(3, messages.field(1, b"\1\2\3\4")
                  + messages.key_envelope(5, bytes.fromhex("00112233445566778899aabbccddeeff"))) + messages.number_field(4, 7)
        self.assertEqual(messages.base64_text(messages.field(26, session) + messages.field(27, messages.field(2, b"\1\2\3\5"))),
                         b"0gEkEgQBAgMEGhoKBAECAwQqEgoQABEiM0RVZneImaq7zN3u/yAH2gEGEgQBAgMF")

    def test_address_fields_are_those_of_the_facts(self):
        device = type("", (), {"key": bytes(range(0xA0, 0xB0)), "counter": 0})()
        self.assertEqual(messages.address_fields(device, pending=True).hex(),
                         "82af665f6e776b5f735f696e745f6b657981a36b6579d9206130613161326133613461356136613761386139616161626163616461"
                         "656166af6c6f726177616e5f76657273696f6ecc05")


if __name__ == "__main__":
    unittest.main()
