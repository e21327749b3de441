"""What an HTTP request means in AWS terms: service, region, action, parameters."""

import json
import re
from urllib.parse import parse_qsl, unquote

READ_PREFIXES = ("Describe", "Get", "List", "Lookup", "Decode", "Simulate")

LAMBDA_ROUTES = [
    (r"/functions", {"GET": "ListFunctions", "POST": "CreateFunction"}),
    (r"/functions/[^/]+", {"GET": "GetFunction", "DELETE": "DeleteFunction"}),
    (
        r"/functions/[^/]+/configuration",
        {"GET": "GetFunctionConfiguration", "PUT": "UpdateFunctionConfiguration"},
    ),
    (r"/functions/[^/]+/code", {"PUT": "UpdateFunctionCode"}),
    (
        r"/functions/[^/]+/versions",
        {"GET": "ListVersionsByFunction", "POST": "PublishVersion"},
    ),
    (r"/functions/[^/]+/aliases", {"GET": "ListAliases", "POST": "CreateAlias"}),
    (r"/functions/[^/]+/policy", {"GET": "GetPolicy", "POST": "AddPermission"}),
    (r"/functions/[^/]+/concurrency", {"GET": "GetFunctionConcurrency"}),
    (r"/tags/.+", {"GET": "ListTags", "POST": "TagResource", "DELETE": "UntagResource"}),
]


class Call:
    """One request as the client meant it."""

    def __init__(self, method, target, headers, body):
        path, _, query = target.partition("?")
        self.path = unquote(path)
        self.service, self.region = _scope(headers.get("Authorization", ""))
        if self.service == "lambda":
            self.action = _lambda_action(method, self.path)
            self.params = {"Path": self.path, **dict(parse_qsl(query)), **_json(body)}
        elif "X-Amz-Target" in headers:
            self.action = headers["X-Amz-Target"].rpartition(".")[2]
            self.params = _json(body)
        else:
            self.params = dict(
                parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
            )
            self.action = self.params.pop("Action", f"{method} {self.path}")
            self.params.pop("Version", None)

    @property
    def read(self):
        return self.action.startswith(READ_PREFIXES)

    @property
    def lock(self):
        """Whether it is about the lock of a stack, which is no part of the stack."""
        name = str(self.params.get("Name", ""))
        return self.service == "ssm" and re.fullmatch(r"/killick/[^/]+/lock(:\d+)?", name) is not None


def _scope(authorization):
    found = re.search(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/", authorization)
    return (found.group(2), found.group(1)) if found else ("unsigned", "")


def _lambda_action(method, path):
    tail = re.sub(r"^/\d{4}-\d{2}-\d{2}", "", path).rstrip("/")
    for pattern, methods in LAMBDA_ROUTES:
        if re.fullmatch(pattern, tail) and method in methods:
            return methods[method]
    return f"{method} {path}"


def _json(body):
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
