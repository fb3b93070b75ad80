"""What `memory` and the status commands say of the whole pack."""

import collections
import json
import re

import pack
from pack import EXPECTED, PackTest

# The pack's word for a kind of key, by a pattern of ours.
KINDS = {
    "ns device": r"ns:devices:uid:", "ns eui": r"ns:devices:eui:", "ns relay rule": r"ns:devices:relay:rules:",
    "ns addr current": r"ns:devices:addr:[^:]*:current$", "ns addr current fields": r"ns:devices:addr:[^:]*:current:fields$",
    "ns addr pending": r"ns:devices:addr:[^:]*:pending$", "ns addr pending fields": r"ns:devices:addr:[^:]*:pending:fields$",
    "ns downlink tasks": r"ns:tasks:downlink:", "ns uplink stream": r"ns:application-uplinks:uplinks$",
    "ns scheduled downlink": r"ns:scheduled-downlinks:", "legacy ns uplinks": r"ns:application-uplinks:uid:.*:uplinks$",
    "legacy ns last-invalidation": r"ns:application-uplinks:uid:.*:last-invalidation$",
    "legacy ns application tasks": r"ns:application-uplinks:application:",
    "as device": r"as:devices:uid:", "as eui": r"as:devices:eui:", "as webhook": r"as:io:webhooks:uid:[^:]*:",
    "as pubsub": r"as:io:pubsub:uid:[^:]*:", "as link": r"as:links:uid:", "as location cache": r"as:metadata:locations:",
    "legacy as applicationups": r"as:applicationups:", "js device": r"js:devices:uid:", "js eui": r"js:devices:eui:",
    "js session key": r"js:keys:id:", "js session key list": r"js:keys:ids:", "js provisioner": r"js:devices:provisioner:",
    "event data": r"event_data:", "event stream": r"event_stream:", "event index": r"event_index:",
    "gs connection stats": r"gs:cache:connstats:", "is telemetry tasks": r"is:tasks:telemetry:",
}


class Whole(PackTest):
    def test_memory_knows_every_key(self):
        document = json.loads(self.run_results("memory", "--output", "json"))["databases"][0]
        self.assertEqual(document["keys"], EXPECTED["redis"]["keys"])
        self.assertEqual(document["unknown"]["keys"], 0)
        counts = collections.Counter()
        for kind in document["kinds"]:
            for word, pattern in KINDS.items():
                if re.match(pattern, kind["pattern"]):
                    counts[word] += kind["keys"]
        self.assertEqual(dict(counts), {word: EXPECTED["redis"]["by_kind"][word] for word in KINDS})
        self.assertEqual(document["end_devices"], len(EXPECTED["ns"]["devices"]["all"]))
        self.assertEqual(document["sessions"], len(EXPECTED["ns"]["with_session"]))
        self.assertEqual(document["pending_sessions"], len(EXPECTED["ns"]["with_pending_session"]))
        self.assertEqual(document["freed_by"]["ns-db purge"]["keys"], len(EXPECTED["legacy"]["ns_purge_keys"]))
        self.assertEqual(document["freed_by"]["as-db purge"]["keys"], len(EXPECTED["legacy"]["as_purge_keys"]))

    def test_reading_commands_change_nothing(self):
        before = {key: self.ask("DUMP", key) for key in self.keys()}
        self.run_program("memory")
        for group in ("ns-db", "as-db", "js-db"):
            self.run_program(group, "status", exit_code=3)
        for device in EXPECTED["ns"]["devices"]["all"]:
            self.assertIn(device, self.run_program("ns-db", "inspect", device))
        self.assertEqual({key: self.ask("DUMP", key) for key in self.keys()}, before)


if __name__ == "__main__":
    pack.main()
