"""What botocore signs: writes signatures.json, or with --check compares it with what botocore says now."""

import argparse
import datetime
import json
import sys
from pathlib import Path
from urllib.parse import quote

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

FILE = Path(__file__).resolve().parent / "signatures.json"
NOW = datetime.datetime(2026, 4, 5, 6, 7, 8)
# The key pair of AWS's own examples.
ACCESS, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
TOKEN = "IQoJb3JpZ2luX2VjE//tok+en=="
JSON = {"content-type": "application/x-amz-json-1.1", "x-amz-target": "AmazonEC2ContainerServiceV20141113.RunTask"}
FORM = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}

CASES = [
    ("a call with JSON", "ecs", "POST", "/", [], JSON, '{"cluster": "ttich-prod-eu1", "taskDefinition": "ops:3"}', ""),
    ("a session token", "logs", "POST", "/", [], JSON, "{}", TOKEN),
    ("a form", "cloudformation", "POST", "/", [], FORM, "Action=DescribeStacks&StackName=a+b&Version=2010-05-15", TOKEN),
    ("no body", "sts", "GET", "/", [("Action", "GetCallerIdentity"), ("Version", "2011-06-15")], {}, "", ""),
    ("a path that is encoded twice", "ssm", "POST", "/base path/\u00e9+%", [], JSON, "{}", ""),
    ("an object", "s3", "GET", "/bucket/key", [], {}, "", ""),
    ("an object that is written", "s3", "PUT", "/bucket/key", [], {"content-type": "binary/octet-stream"}, "bytes\u0000\u00ff", TOKEN),
    ("odd characters in a key", "s3", "GET", "/bucket/a b+c=d&e~f%20g/\u00fcber/(1)!'*,;:@$", [], {}, "", TOKEN),
    ("dots and slashes in a key", "s3", "GET", "/bucket/a//b/./c/../d", [], {}, "", ""),
    ("a query out of order", "s3", "GET", "/bucket", [("prefix", "b"), ("list-type", "2"), ("delimiter", "/")], {}, "", ""),
    ("odd characters in a query", "s3", "GET", "/bucket", [("prefix", "a/b c+d=\u00e9&~%"), ("continuation-token", "1/x+y==")], {}, "", TOKEN),
    ("a query without a value", "s3", "POST", "/bucket/key", [("uploads", "")], {"x-amz-checksum-algorithm": "SHA256"}, "", ""),
    ("names that sort by case and length", "s3", "PUT", "/b/k", [("partNumber", "10"), ("uploadId", "a.b_c-d~e"), ("Part", "1"), ("p", "2")], {}, "part", ""),
    ("white space in a header", "s3", "PUT", "/b/k", [], {"x-amz-meta-note": "  two   words  "}, "", ""),
    ("encryption by a key", "s3", "PUT", "/b/k", [], {"x-amz-server-side-encryption": "aws:kms",
     "x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:eu-west-1:123456789012:key/1-2"}, "x", TOKEN),
]


def signed(name, service, method, path, query, headers, body, token):
    host = f"{service}.eu-west-1.amazonaws.com"
    text = "&".join(f"{quote(key, safe='-._~')}={quote(value, safe='-._~')}" for key, value in query)
    url = f"https://{host}{quote(path, safe='/-._~')}" + (f"?{text}" if text else "")
    request = AWSRequest(method=method, url=url, data=body.encode(), headers=dict(headers))
    if service == "s3":
        # As botocore has it where a payload is to be signed over TLS too.
        request.context["payload_signing_enabled"] = True
        signer = botocore.auth.S3SigV4Auth
    else:
        signer = botocore.auth.SigV4Auth
    signer(Credentials(ACCESS, SECRET, token or None), service, "eu-west-1").add_auth(request)
    return {"name": name, "service": service, "host": host, "method": method, "path": path, "query": query, "headers": headers,
            "body": body, "token": token, "authorization": request.headers["Authorization"],
            "content_hash": request.headers.get("X-Amz-Content-SHA256", "")}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    botocore.auth.get_current_datetime = lambda *_, **__: NOW
    text = json.dumps([signed(*case) for case in CASES], indent=1) + "\n"
    if not check:
        FILE.write_text(text, encoding="utf-8")
    elif FILE.read_text(encoding="utf-8") != text:
        sys.exit("signatures.json is not what botocore signs; signatures.py writes it anew")


if __name__ == "__main__":
    main()
