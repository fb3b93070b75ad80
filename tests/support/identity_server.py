"""A gRPC server that answers as the Identity Server does, from a file that a test may change at any time.

Lines of the file: `device APPLICATION DEVICE [JOINEUI DEVEUI]`, `application ID`, `deleted-application ID` (which can
still be restored, and is listed only on request), `option NAME VALUE`, `appear APPLICATION DEVICE` (known to Get alone, as
what was made after the listing). Options:
key (the cluster key in hex that is asked for), ties (how devices of one ID are ordered when the order names nothing
more: "stable" or "random", as OFFSET paging without a unique order may be), total (added to x-total-count, or "none"),
lose (as many devices are missing in every page), fail ("STATUS text", every call), delay (seconds per call).
"""

import argparse
import concurrent.futures
import os
import random
import sys
import threading
import time

import grpc


def varint(number):
    parts = []
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*parts, number])


def field(number, content):
    return varint(number << 3 | 2) + varint(len(content)) + content


def read(message):
    """Field number -> last value, of varint and length-delimited fields."""
    values, place = {}, 0

    def number():
        nonlocal place
        result, shift = 0, 0
        while True:
            byte = message[place]
            place += 1
            result |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return result

    while place < len(message):
        tag = number()
        if tag & 7 == 0:
            values[tag >> 3] = number()
        else:
            length = number()
            values[tag >> 3] = message[place:place + length]
            place += length
    return values


def application_ids(name):
    return field(1, name.encode())


def end_device(device):
    application, name, *euis = device
    ids = field(1, name.encode()) + field(2, application_ids(application))
    if euis:
        ids += field(4, bytes.fromhex(euis[1])) + field(5, bytes.fromhex(euis[0]))
    return field(1, ids)


class State:
    def __init__(self, path):
        self.path = path
        self.seen = None
        self.lock = threading.Lock()

    def refresh(self):
        with self.lock:
            status = os.stat(self.path)
            if self.seen != (status.st_mtime_ns, status.st_size, status.st_ino):
                self.read()
                self.seen = (status.st_mtime_ns, status.st_size, status.st_ino)
        return self

    def read(self):
        devices, applications, deleted, options, appeared = [], [], [], {}, set()
        with open(self.path, encoding="utf-8") as file:
            for line in file:
                kind, *words = line.split()
                if kind == "device":
                    devices.append(tuple(words))
                elif kind == "application":
                    applications.append(words[0])
                elif kind == "deleted-application":
                    deleted.append(words[0])
                elif kind == "appear":
                    appeared.add((words[0], words[1]))
                else:
                    options[words[0]] = " ".join(words[1:])
        self.devices, self.applications, self.deleted, self.options = devices, applications, deleted, options
        self.groups = {}
        for device in devices:
            self.groups.setdefault(device[1], []).append(device)
        self.known = {device[:2] for device in devices} | appeared


    def ordered(self, order):
        """With random ties every answer has the devices of one ID in another order, so that pages do not fit together."""
        random_ties = self.options.get("ties") == "random"
        if order == "created_at" and not random_ties:
            return list(self.devices)
        result = []
        for name in sorted(self.groups):
            group = self.groups[name]
            start = random.randrange(len(group)) if random_ties else 0
            result += group[start:] + group[:start]
        return result


class Registry:
    def __init__(self, state):
        self.state = state
        self.calls = 0

    def begin(self, context):
        state = self.state.refresh()
        metadata = {item.key: item.value for item in context.invocation_metadata()}
        time.sleep(float(state.options.get("delay", 0)))
        if "fail" in state.options:
            status, _, text = state.options["fail"].partition(" ")
            context.abort(grpc.StatusCode[status], text)
        if "key" in state.options and metadata.get("authorization") != "ClusterKey " + state.options["key"]:
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "invalid cluster key")
        if not metadata.get("id"):
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "no id")
        return state

    def total(self, state, items, context):
        added = state.options.get("total", "0")
        if added != "none":
            context.send_initial_metadata((("x-total-count", str(len(items) + int(added))),))

    @staticmethod
    def page(request, items):
        limit, page = request.get(4, 0), request.get(5, 1)
        return items[(page - 1) * limit:page * limit] if limit else items

    def devices(self, message, context):
        state, request = self.begin(context), read(message)
        order = request.get(3, b"").decode()
        devices = state.ordered(order.lstrip("-"))
        if order.startswith("-"):
            devices.reverse()
        self.total(state, devices, context)
        page = self.page(request, devices)
        page = page[:max(0, len(page) - int(state.options.get("lose", 0)))]
        return b"".join(field(1, end_device(device)) for device in page)

    def applications(self, message, context):
        state, request = self.begin(context), read(message)
        names = state.deleted if request.get(6, 0) else state.applications
        self.total(state, names, context)
        names = self.page(request, sorted(names))
        return b"".join(field(1, field(1, application_ids(name))) for name in names)

    def device(self, message, context):
        state, ids = self.begin(context), read(read(message)[1])
        name, application = ids[1].decode(), read(ids[2])[1].decode()
        if (application, name) not in state.known:
            context.abort(grpc.StatusCode.NOT_FOUND, f"end device `{name}` not found: 100% gone \u2013 really")
        return end_device((application, name))

    def application(self, message, context):
        state, name = self.begin(context), read(read(message)[1])[1].decode()
        if name not in state.applications:
            context.abort(grpc.StatusCode.NOT_FOUND, f"application `{name}` not found")
        return field(1, application_ids(name))


def services(registry):
    methods = {"EndDeviceRegistry": {"List": registry.devices, "Get": registry.device},
               "ApplicationRegistry": {"List": registry.applications, "Get": registry.application}}
    return [grpc.method_handlers_generic_handler(
        "ttn.lorawan.v3." + service,
        {name: grpc.unary_unary_rpc_method_handler(function) for name, function in functions.items()})
        for service, functions in methods.items()]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", required=True)
    parser.add_argument("--state", required=True)
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    arguments = parser.parse_args()
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(4), options=[("grpc.so_reuseport", 0)])
    server.add_generic_rpc_handlers(services(Registry(State(arguments.state))))
    address = "127.0.0.1:" + arguments.port
    if arguments.certificate:
        with open(arguments.key, "rb") as key, open(arguments.certificate, "rb") as certificate:
            pair = (key.read(), certificate.read())
        server.add_secure_port(address, grpc.ssl_server_credentials([pair]))
    else:
        server.add_insecure_port(address)
    server.start()
    print("ready", flush=True)
    server.wait_for_termination()


if __name__ == "__main__":
    sys.exit(main())
